import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { ChannelError, type ChannelHost, type MailOut, type OutboundMessage } from '../channel.ts';
import { domainOf, isAddress, loopMark, plusAddress } from './address.ts';
import { textToHtml } from './html-text.ts';
import { loopHeader } from './mail.ts';
import { type EmailSettings, isPlain } from './settings.ts';

/** A mail ready to go out. `release` lets go of the files, also when nothing was read of them. */
export interface Outgoing {
  messageId: string;
  /** '' sends from nobody: what a machine says must not be answered by a machine (RFC 3834 5). */
  sender: string;
  to: string;
  cc: string[];
  /** Bytes on the wire, estimated from above. */
  size: number;
  stream: Readable;
  release(): void;
}

/** Longest References that are sent: the first tells the thread, the last ten the place in it. */
const lastReferences = 10;

/**
 * Builds the mail of a message (RFC 5322). Throws ChannelError `refused`: `mail.header-refused` for control characters
 * in anything that becomes a header, `mail.address-invalid`, `mail.cannot-change`, `media.not-found`.
 */
export async function compose(
  settings: EmailSettings,
  host: Pick<ChannelHost, 'media'>,
  to: string,
  message: OutboundMessage,
): Promise<Outgoing> {
  const { content, auto } = message;
  if (content === null || message.changes !== undefined) throw new ChannelError('refused', 'mail.cannot-change');
  const mail = message.mail ?? plainMail(settings, message);
  const fromName = senderName(message.authorName, settings.name);
  const cc = mail.cc.filter((address) => address.toLowerCase() !== to.toLowerCase());
  refuseControl([fromName, mail.subject, to, ...cc, mail.messageId, mail.replyToken ?? '']);
  for (const address of [to, ...cc]) {
    if (!isAddress(address)) throw new ChannelError('refused', 'mail.address-invalid');
  }
  const files = await filesOf(host, content.attachments ?? []);
  const node = new MailComposer({
    from: { name: fromName, address: settings.address },
    to: { name: '', address: to },
    cc: cc.map((address) => ({ name: '', address })),
    ...replyTo(settings, fromName, mail),
    subject: mail.subject,
    messageId: bracketed(mail.messageId),
    ...threadHeaders(mail),
    date: new Date(message.at),
    text: content.text,
    html: `<div>${textToHtml(content.text)}</div>`,
    textEncoding: 'quoted-printable',
    headers: { [loopHeader]: loopMark(settings.address), ...(auto ? autoHeaders : {}) },
    attachments: files.map(({ name, mime, stream }) => ({ filename: name, contentType: mime, content: stream })),
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const stream = node.createReadStream();
  return {
    messageId: mail.messageId,
    sender: auto ? '' : settings.address,
    to,
    cc,
    size: files.reduce((all, { bytes }) => all + Math.ceil(bytes * 1.4), content.text.length * 8 + 8_192),
    stream,
    release() {
      stream.destroy();
      for (const file of files) file.stream.destroy();
    },
  };
}

const autoHeaders = {
  'Auto-Submitted': 'auto-replied',
  'X-Auto-Response-Suppress': 'All',
  Precedence: 'auto_reply',
};

/** A header ends at a line break: what has one could add headers and recipients of its own. */
function refuseControl(values: readonly string[]): void {
  if (!values.every(isPlain)) throw new ChannelError('refused', 'mail.header-refused');
}

function bracketed(id: string): string {
  if (!/^[^\s<>\p{Cc}]{1,998}$/u.test(id)) throw new ChannelError('refused', 'mail.header-refused');
  return `<${id}>`;
}

/** What a message without mail details is sent under: the same id each time. */
function plainMail({ address }: EmailSettings, { id }: OutboundMessage): MailOut {
  const messageId = `m.${id}@${domainOf(address)}`;
  return { subject: '', messageId, inReplyTo: null, references: [], replyToken: null, cc: [] };
}

function senderName(author: string, company: string): string {
  if (company === '' || author === '') return author || company;
  return `${author} via ${company}`;
}

function replyTo({ address, plusAddressing }: EmailSettings, name: string, { replyToken }: MailOut) {
  if (replyToken === null || !plusAddressing) return {};
  const tagged = plusAddress(address, replyToken);
  if (!isAddress(tagged)) throw new ChannelError('refused', 'mail.header-refused');
  return { replyTo: { name, address: tagged } };
}

function threadHeaders({ inReplyTo, references }: MailOut) {
  const [first, ...rest] = references;
  const kept = first === undefined ? [] : [first, ...rest.slice(-lastReferences)];
  return {
    ...(inReplyTo === null ? {} : { inReplyTo: bracketed(inReplyTo) }),
    ...(kept.length === 0 ? {} : { references: kept.map(bracketed).join(' ') }),
  };
}

interface OutgoingFile {
  name: string;
  mime: string;
  bytes: number;
  stream: Readable;
}

async function filesOf({ media }: Pick<ChannelHost, 'media'>, attachments: readonly { id: string }[]) {
  const files: OutgoingFile[] = [];
  try {
    for (const { id } of attachments) {
      const { about, bytes } = await media.open(id);
      refuseControl([about.name, about.mime]);
      files.push({ name: about.name, mime: about.mime, bytes: about.bytes, stream: Readable.from(bytes) });
    }
    return files;
  } catch (error) {
    for (const { stream } of files) stream.destroy();
    throw error;
  }
}
