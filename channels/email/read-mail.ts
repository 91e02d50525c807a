import { MailParser, type MailParserOptions } from 'mailparser';
import { isAddress, tidyAddress } from './address.ts';
import { autoOf, type HeaderValues } from './auto.ts';
import { CharsetStream } from './charset.ts';
import { htmlToText, textToHtml } from './html-text.ts';
import { loopHeader, type MailFile, type MailPerson, mailLimits, type ParsedMail, type ParseRequest } from './mail.ts';
import { outline } from './outline.ts';
import { reportOf } from './report.ts';
import { sanitizeMail } from './sanitize.ts';
import { stripReply } from './strip.ts';

interface Taken {
  headers: Map<string, unknown>;
  values: HeaderValues;
  names: string[];
  text: string;
  html: string;
  files: (MailFile & { cid: string | null })[];
  filesDropped: number;
}

/** Takes a mail apart. Throws TooComplex when it is more than `mailLimits` allow. */
export async function readMail({ raw, nonce, headOnly }: ParseRequest): Promise<ParsedMail> {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const { raw: mended, looseHtml } = outline(headOnly ? headOf(bytes) : bytes);
  const taken = await take(mended);
  const { headers, values, names } = taken;
  const from = people(headers, 'from')[0] ?? people(headers, 'sender')[0] ?? people(headers, 'return-path')[0] ?? null;
  const inReplyTo = ids(values('in-reply-to')).at(0) ?? null;
  const { html, shown } = htmlOf(taken, nonce, looseHtml);
  const full = textOf(taken, shown, looseHtml);
  const text = stripReply(full);
  return {
    messageId: ids(values('message-id')).at(-1) ?? null,
    inReplyTo,
    references: ids(values('references')).slice(-mailLimits.references),
    subject: subjectOf(headers),
    at: timeOf(values),
    from,
    replyTo: people(headers, 'reply-to'),
    to: people(headers, 'to'),
    cc: people(headers, 'cc'),
    deliveredTo: deliveredTo(values),
    loop: values(loopHeader.toLowerCase())[0]?.trim() ?? null,
    auto: autoOf(values, names, from?.address ?? ''),
    report: reportOf(taken.files, inReplyTo),
    text,
    full: full === text ? null : full,
    html,
    files: taken.files.map(({ name, mime, bytes: content, inline }) => ({ name, mime, bytes: content, inline })),
    filesDropped: taken.filesDropped,
  };
}

function headOf(raw: Buffer): Buffer {
  const ends = [raw.indexOf('\r\n\r\n'), raw.indexOf('\n\n')].filter((at) => at >= 0);
  const head = ends.length === 0 ? raw : raw.subarray(0, Math.min(...ends));
  return Buffer.concat([head, Buffer.from('\r\n\r\n')]);
}

/** Signatures say nothing to a reader, and what they prove is not checked. */
const hidden = /^application\/(x-)?(pkcs7-signature|pgp-signature)$/;

function take(raw: Buffer): Promise<Taken> {
  return new Promise((resolve, reject) => {
    const options = {
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipTextLinks: true,
      skipImageLinks: true,
      keepDeliveryStatus: true,
      ignoreEmbedded: true,
      maxHeadSize: mailLimits.headerBytes,
      maxChildNodes: mailLimits.parts,
      // The declared type is that of another library.
      Iconv: CharsetStream as unknown as NonNullable<MailParserOptions['Iconv']>,
    };
    const parser = new MailParser(options);
    const files: Taken['files'] = [];
    let headers = new Map<string, unknown>();
    let lines: readonly { key: string; line: string }[] = [];
    let text = '';
    let html = '';
    let filesDropped = 0;
    parser.on('headers', (found: Map<string, unknown>) => {
      headers = found;
    });
    parser.on('headerLines', (found: typeof lines) => {
      lines = found;
    });
    parser.on('data', (data) => {
      if (data.type === 'text') {
        text = data.text ?? '';
        html = data.html || '';
        return;
      }
      const chunks: Buffer[] = [];
      data.content.on('data', (chunk: Buffer) => chunks.push(chunk));
      data.content.on('end', () => {
        const mime = mimeOf(data.contentType);
        if (hidden.test(mime)) return data.release();
        if (files.length < mailLimits.files) {
          const name = nameOf(data.filename, mime);
          files.push({ name, mime, bytes: Buffer.concat(chunks), inline: false, cid: data.cid ?? null });
        } else filesDropped += 1;
        data.release();
      });
    });
    parser.on('error', reject);
    parser.on('end', () => {
      const values: HeaderValues = (name) => lines.filter(({ key }) => key === name).map(({ line }) => unfolded(line));
      resolve({ headers, values, names: lines.map(({ key }) => key), text, html, files, filesDropped });
    });
    parser.end(raw);
  });
}

/** The type of a part; mailparser says `false` where the header is there but empty. */
function mimeOf(contentType: string | false): string {
  return contentType === false || contentType === '' ? 'application/octet-stream' : contentType.toLowerCase();
}

function unfolded(line: string): string {
  return line.slice(line.indexOf(':') + 1).replace(/\r?\n[ \t]*/g, ' ');
}

const usualNames: [RegExp, string][] = [
  [/^message\/(rfc822|global)$/, 'message.eml'],
  [/^message\/delivery-status$/, 'delivery-status.txt'],
  [/^text\/rfc822-headers$/, 'headers.txt'],
  [/^text\/calendar$/, 'invite.ics'],
  [/^application\/(vnd\.)?ms-tnef$/, 'winmail.dat'],
  [/^application\/(x-)?pkcs7-mime$/, 'smime.p7m'],
  [/^text\/html$/, 'attachment.html'],
  [/^text\//, 'attachment.txt'],
  [/^image\/jpeg$/, 'image.jpg'],
  [/^image\/(png|gif|webp|bmp)$/, 'image'],
];

function nameOf(filename: string | false | undefined, mime: string): string {
  if (typeof filename === 'string' && filename.trim() !== '') return filename.slice(0, 255).toWellFormed();
  const usual = usualNames.find(([type]) => type.test(mime))?.[1] ?? 'attachment';
  return usual === 'image' ? `image.${mime.slice(6)}` : usual;
}

/** Pictures that the HTML shows are marked as such on the way. `shown` is the HTML before pictures got their places. */
function htmlOf(taken: Taken, nonce: string, looseHtml: boolean): { html: string | null; shown: string } {
  if (taken.html.trim() === '') return { html: null, shown: '' };
  const sanitised = sanitizeMail(taken.html, (cid) => {
    const wanted = unescapedCid(cid);
    const index = taken.files.findIndex((file) => file.cid === wanted || file.cid === cid);
    const file = taken.files[index];
    if (file === undefined || !file.mime.startsWith('image/')) return null;
    file.inline = true;
    return `${nonce}-${index}`;
  });
  const loose = looseHtml && taken.text.trim() !== '' ? `<p>${textToHtml(taken.text.trim())}</p>` : '';
  return { html: sanitised + loose, shown: sanitised };
}

function unescapedCid(cid: string): string {
  try {
    return decodeURIComponent(cid);
  } catch {
    return cid;
  }
}

function textOf({ text }: Taken, shown: string, looseHtml: boolean): string {
  const plain = text.trim() === '' || looseHtml ? [shown === '' ? '' : htmlToText(shown), text.trim()] : [text];
  const joined = plain.filter((part) => part !== '').join('\n\n');
  const tidy = joined.replace(/\r\n?/g, '\n').replace(/^(?:[ \t]*\n)+/, '');
  return tidy.trimEnd().slice(0, mailLimits.text).toWellFormed().normalize('NFC');
}

function subjectOf(headers: Map<string, unknown>): string {
  const subject = headers.get('subject');
  const text = typeof subject === 'string' ? subject : '';
  return text.replace(/\s+/g, ' ').trim().slice(0, 998).toWellFormed().normalize('NFC');
}

interface Entry {
  address?: string;
  name?: string;
  group?: Entry[];
}

/** People of an address header; what is no plain address is left out. */
function people(headers: Map<string, unknown>, name: string): MailPerson[] {
  const found = [headers.get(name)].flat().flatMap((header) => {
    const entries = (header as { value?: Entry[] } | undefined)?.value;
    return Array.isArray(entries) ? entries : [];
  });
  return found
    .flatMap((entry) => entry.group ?? [entry])
    .filter((entry) => entry.address !== undefined && isAddress(entry.address))
    .slice(0, mailLimits.people)
    .map((entry) => ({ address: tidyAddress(entry.address ?? ''), name: nameOfPerson(entry.name ?? '') }));
}

function nameOfPerson(name: string): string {
  const plain = name.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').replace(/\s+/g, ' ');
  return plain.trim().slice(0, 200).toWellFormed().normalize('NFC');
}

function deliveredTo(values: HeaderValues): string[] {
  const names = ['delivered-to', 'x-original-to', 'x-delivered-to', 'envelope-to', 'x-envelope-to'];
  const found = names.flatMap(values).flatMap((value) => value.split(','));
  const bare = found.map((value) => value.trim().replace(/^<|>$/g, '')).filter(isAddress);
  return [...new Set(bare.map(tidyAddress))].slice(0, mailLimits.people);
}

/** Bare Message-IDs. Some programs leave the angle brackets away. */
function ids(values: readonly string[]): string[] {
  const found = values.flatMap((value) => {
    const bracketed = [...value.matchAll(/<\s*([^<>\s]{1,998})\s*>/g)].map((match) => match[1] ?? '');
    return bracketed.length > 0 ? bracketed : value.split(/\s+/).filter((word) => /^[^\s<>]+@[^\s<>]+$/.test(word));
  });
  return [...new Set(found)].filter((id) => id.length <= 998);
}

/** When our own server took the mail, as far as it wrote that down; else the Date of its writer. */
function timeOf(values: HeaderValues): string | null {
  const received = values('received')[0]?.split(';').at(-1);
  for (const text of [received, values('date')[0]]) {
    const time = Date.parse((text ?? '').replace(/\([^()]*\)/g, ' ').trim());
    if (Number.isFinite(time) && time > 0 && time < 4_102_444_800_000) return new Date(time).toISOString();
  }
  return null;
}
