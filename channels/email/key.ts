import { createHash } from 'node:crypto';

/** What servers on the way add (RFC 5321 4.4 and custom): two deliveries of one mail differ in these alone. */
const trace =
  /^(received|return-path|delivered-to|x-delivered-to|x-original-to|envelope-to|x-envelope-\S+|x-received|x-forwarded-\S+|authentication-results|received-spf|arc-\S+|x-spam\S*|x-virus\S*|x-gm-\S+|x-google-\S+|x-ms-exchange-\S+|x-mailfrom|x-uid|x-uidl|x-keywords|x-status|status|lines|content-length)\s*:/i;

/**
 * The network's key of a mail: SHA-256 over its headers without traces, in their order, and its body, with LF for line
 * ends. The same mail delivered twice, or read again from a rebuilt mailbox, has the same key; another body has another.
 */
export function mailKey(raw: Uint8Array): string {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const hash = createHash('sha256');
  const body = endOfHead(bytes);
  for (const field of fieldsOf(bytes.toString('latin1', 0, body))) {
    if (!trace.test(field)) hash.update(`${field}\n`, 'latin1');
  }
  hash.update('\n');
  withLf(bytes.subarray(body), (part) => hash.update(part));
  return hash.digest('hex');
}

/** Where the empty line that ends the headers ends; the whole when there is none. */
function endOfHead(bytes: Buffer): number {
  const ends = [
    ['\r\n\r\n', 4],
    ['\n\n', 2],
  ] as const;
  const found = ends.map(([mark, length]) => ({ at: bytes.indexOf(mark), length })).filter(({ at }) => at >= 0);
  if (found.length === 0) return bytes.length;
  return Math.min(...found.map(({ at, length }) => at + length));
}

/** Header fields with their continuation lines, trailing white space and line ends made one. */
function fieldsOf(head: string): string[] {
  const fields: string[] = [];
  for (const line of head.split(/\r?\n/)) {
    if (line === '') continue;
    const last = fields.length - 1;
    if (/^[ \t]/.test(line) && last >= 0) fields[last] += ` ${line.trim()}`;
    else fields.push(line.trimEnd());
  }
  return fields;
}

/** Hands the bytes on without the CR of each CRLF. */
function withLf(bytes: Buffer, take: (part: Buffer) => void): void {
  let from = 0;
  for (let at = bytes.indexOf('\r\n'); at >= 0; at = bytes.indexOf('\r\n', from)) {
    take(bytes.subarray(from, at));
    from = at + 1;
  }
  take(bytes.subarray(from));
}
