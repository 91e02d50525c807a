import type { Attachment, Content } from '#shared/message.ts';
import type { ChannelEvent, ChannelHost, MessageEvent } from '../channel.ts';
import { loopMark, tailOf } from './address.ts';
import { mailKey } from './key.ts';
import type { MailPerson, ParsedMail } from './mail.ts';
import type { Parser } from './parse.ts';
import { isDeskId } from './report.ts';
import { answerAddress, personOf, rootOf, threadOf } from './thread.ts';

/** A mail as it lies in the mailbox. `complete: false`: only its beginning was fetched, it is too large. */
export interface Arrived {
  raw: Uint8Array;
  complete: boolean;
  /** When the server took it (INTERNALDATE); null: as the mail says. */
  at: string | null;
  backlog: boolean;
}

export interface Intake {
  host: ChannelHost;
  parser: Parser;
  /** The mailbox's address. */
  own: string;
}

type Save = Pick<Intake, 'host'> & { from: string };

/** Where nobody can be answered, a thread has no person: such mails are dead letters. */
const nobody = 'mail.no-sender';

/**
 * What a mail means to the desk, with its files in the blob store. None: our own mail came back, or a report that says
 * nothing new. Rejects only when files cannot be stored.
 */
export async function eventsOf(intake: Intake, arrived: Arrived): Promise<ChannelEvent[]> {
  const { raw, complete } = arrived;
  const key = mailKey(raw);
  const answer = await intake.parser.parse(raw, !complete);
  const at = arrived.at ?? (answer.ok ? answer.mail.at : null) ?? new Date().toISOString();
  if (!answer.ok) return [{ type: 'unreadable', key, at, reason: answer.reason, raw }];
  const { mail, nonce } = answer;
  const from = writerOf(intake.own, mail);
  if (from === 'us') {
    intake.host.log('a mail of our own came back and was left alone', { key: key.slice(0, 12) });
    return [];
  }
  const { report } = mail;
  if (report !== null && isDeskId(report.messageId)) return reportEvents(intake, mail, at);
  if (from === null) return [{ type: 'unreadable', key, at, reason: nobody, raw }];
  const content = complete
    ? await contentOf({ host: intake.host, from: from.address }, mail, raw, nonce)
    : headContent(mail);
  return [messageEvent(intake.own, arrived, { mail, from, key, at, content })];
}

/**
 * Who wrote it. A mail that carries our mark, or comes from our own address, would answer itself for ever. But the form
 * of a web site writes in the mailbox's own name and tells the customer's address as the one to answer to.
 */
function writerOf(own: string, mail: ParsedMail): MailPerson | 'us' | null {
  if (mail.loop === loopMark(own)) return 'us';
  if (mail.from === null || tailOf(own, mail.from.address) === null) return mail.from;
  const [customer, second] = mail.replyTo;
  const isForm = customer !== undefined && second === undefined && mail.auto === null;
  return isForm && tailOf(own, customer.address) === null ? customer : 'us';
}

/** A delay is no failure yet, and a relay no delivery: only what failed for good, or arrived, is news. */
function reportEvents({ host }: Pick<Intake, 'host'>, { report }: ParsedMail, at: string): ChannelEvent[] {
  if (report?.action !== 'failed') {
    host.log('a delivery report without failure was left alone', { action: report?.action });
    return [];
  }
  const code = /^5\.1\.[126]$/.test(report.status) ? 'mail.address-refused' : 'mail.bounced';
  const permanent = !report.status.startsWith('4');
  return [{ type: 'receipt', externalId: report.messageId, status: 'failed', at, error: { code, permanent } }];
}

interface Known {
  mail: ParsedMail;
  from: MailPerson;
  key: string;
  at: string;
  content: Content;
}

function messageEvent(own: string, arrived: Arrived, { mail, from, key, at, content }: Known): MessageEvent {
  const externalId = mail.messageId ?? `sha256:${key}`;
  return {
    type: 'message',
    key,
    externalId,
    conversation: rootOf(mail, key),
    from: { ...personOf(from), address: answerAddress(mail, from) },
    at,
    content,
    ...(mail.inReplyTo === null ? {} : { replyTo: { externalId: mail.inReplyTo } }),
    ...(mail.auto === null ? {} : { auto: mail.auto }),
    ...(arrived.backlog ? { backlog: true as const } : {}),
    thread: threadOf(own, mail),
  };
}

function headers({ subject, to, cc }: ParsedMail) {
  const addresses = (people: readonly MailPerson[]) => people.map(({ address }) => address);
  return { subject, to: addresses(to), cc: addresses(cc) };
}

function headContent(mail: ParsedMail): Content {
  return { text: '', missing: 'mail-too-big', mail: { ...headers(mail), full: null, html: null, original: null } };
}

async function contentOf(save: Save, mail: ParsedMail, raw: Uint8Array, nonce: string): Promise<Content> {
  const original = await saved(save, raw, { name: 'mail.eml', mime: 'message/rfc822', kind: 'file' });
  const files: (Attachment | null)[] = [];
  for (const { bytes, name, mime, inline } of mail.files) {
    const file = await saved(save, bytes, { name, mime });
    files.push(file === null || !inline ? file : { ...file, inline: true });
  }
  const attachments = files.filter((file) => file !== null);
  const dropped = mail.filesDropped + files.length - attachments.length;
  if (dropped > 0) save.host.log('files of a mail were left out', { count: dropped });
  const html = mail.html === null ? null : await saved(save, placed(mail.html, nonce, files), htmlAbout);
  return {
    text: mail.text,
    ...(attachments.length === 0 ? {} : { attachments }),
    mail: { ...headers(mail), full: mail.full, html: html?.id ?? null, original: original?.id ?? null },
  };
}

const htmlAbout = { name: 'mail.html', mime: 'text/html', kind: 'file' as const, page: true as const };

/** Puts `cid:<attachment id>` where the parser left `cid:<nonce>-<index>`; a picture that is not stored loses its `src`. */
function placed(html: string, nonce: string, files: readonly (Attachment | null)[]): Uint8Array {
  const text = html.replace(new RegExp(` src="cid:${nonce}-(\\d{1,4})"`, 'g'), (_whole, index: string) => {
    const file = files[Number(index)];
    return file === null || file === undefined ? '' : ` src="cid:${file.id}"`;
  });
  return Buffer.from(text);
}

type About = Parameters<ChannelHost['media']['save']>[1];

/** The stored file; null when the store will not have it: empty, too large, or too much of this customer today. */
async function saved({ host, from }: Save, bytes: Uint8Array, about: About): Promise<Attachment | null> {
  if (bytes.length === 0) return null;
  try {
    return await host.media.save(pieces(bytes), { ...about, from });
  } catch (error) {
    if (error instanceof Error && /^media\.(too-big|empty|quota)$/.test(error.message)) return null;
    throw error;
  }
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 256 * 1024) yield bytes.subarray(at, at + 256 * 1024);
}
