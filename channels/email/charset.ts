import { Transform, type TransformCallback } from 'node:stream';

/** Written into a mail in the place of a label that cannot be believed: UTF-8, ASCII or none at all. */
export const unsureCharset = 'x-unsure';

/** Labels that mail knows and the Encoding Standard does not. */
const aliases: Record<string, string> = {
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
  ansi: 'windows-1252',
};

/** Labels whose bytes are UTF-8 when they happen to be valid UTF-8: real text in them practically never is. */
const oftenUtf8 = new Set(['windows-1252', 'iso-8859-15', 'macintosh']);

function strict(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Whether bytes hold the escapes of ISO-2022-JP, which is seven bits wide and often unlabelled. */
function hasJapaneseEscapes(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('\u001b$');
}

/**
 * Text of bytes under a label that may lie: what says UTF-8 and is not is read as windows-1252, what says Latin and is
 * valid UTF-8 is read as that. Never throws; an unknown label counts as none.
 */
export function decodeText(bytes: Uint8Array, label: string): string {
  const wanted = label.trim().toLowerCase();
  if (hasJapaneseEscapes(bytes)) {
    const japanese = strict(bytes, 'iso-2022-jp');
    if (japanese !== null) return japanese;
  }
  const utf8 = strict(bytes, 'utf-8');
  const name = nameOf(aliases[wanted] ?? wanted);
  if (utf8 !== null && (name === null || name === 'utf-8' || oftenUtf8.has(name))) return utf8;
  if (name === null || name === 'utf-8' || name === 'windows-1252') return decodeWindows(bytes);
  return new TextDecoder(name).decode(bytes);
}

/** What windows-1252 has at 0x80 to 0x9f. */
const upper = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Some releases of Node decode windows-1252 as Latin-1, which has control characters where it has quotation marks. */
function decodeWindows(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return text.replace(/[\x80-\x9f]/g, (character) => upper[character.charCodeAt(0) - 0x80] ?? character);
}

function nameOf(label: string): string | null {
  if (label === unsureCharset) return null;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

/** Stands where mailparser takes a node-iconv: gathers a part and gives it as UTF-8. */
export class CharsetStream extends Transform {
  private readonly label: string;
  private readonly chunks: Buffer[] = [];

  constructor(label: string) {
    super();
    this.label = label;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.chunks.push(chunk);
    done();
  }

  override _flush(done: TransformCallback): void {
    done(null, Buffer.from(decodeText(Buffer.concat(this.chunks), this.label)));
  }
}
