import { decodeText, unsureCharset } from './charset.ts';
import { mailLimits } from './mail.ts';

/** A mail that is more than may be taken apart; `message` is the code. */
export class TooComplex extends Error {}

export interface Outline {
  /** The mail with header labels that can be believed; its bodies are untouched. */
  raw: Buffer;
  /** HTML that stands beside the text instead of being another form of it. */
  looseHtml: boolean;
}

/** A text whose bytes are being passed. */
interface Body {
  from: number;
  counted: boolean;
}

interface Level {
  boundary: string;
  /** Such as `multipart/alternative`. */
  type: string;
}

interface Edit {
  from: number;
  to: number;
  text: Buffer;
}

const lf = 0x0a;
const cr = 0x0d;
const dash = 0x2d;

/**
 * Walks over the headers of a mail and its parts (RFC 2046) in one pass, before a parser works on them. Throws
 * TooComplex when there are too many parts, too deep or with too large headers. Mends on the way what misleads parsers:
 * `format=flowed` (RFC 3676) is relabelled as fixed, a charset that cannot be believed as `x-unsure`, and headers in
 * raw windows-1252 become UTF-8.
 */
export function outline(raw: Buffer): Outline {
  const levels: Level[] = [];
  const edits: Edit[] = [];
  let looseHtml = false;
  let parts = 1;
  let headFrom = 0;
  let inHead = true;
  let body: Body = { from: 0, counted: false };
  let left: number = mailLimits.textBytes;
  const endBody = (at: number) => {
    if (!body.counted) return;
    if (at - body.from > left) edits.push({ from: body.from + left, to: at, text: Buffer.from('\r\n') });
    left = Math.max(0, left - (at - body.from));
  };
  for (let at = 0; at < raw.length; ) {
    const end = endOfLine(raw, at);
    if (inHead) {
      const empty = raw[at] === lf || (raw[at] === cr && raw[at + 1] === lf);
      if (end - headFrom > mailLimits.headerBytes) throw new TooComplex('mail.too-complex');
      if (empty || end === raw.length) {
        const found = headOf(raw, headFrom, empty ? at : end, levels);
        edits.push(...found.edits);
        looseHtml ||= found.looseHtml;
        if (found.level !== null) levels.push(found.level);
        if (levels.length > mailLimits.depth) throw new TooComplex('mail.too-complex');
        inHead = false;
        body = { from: end, counted: found.text };
      }
    } else if (mayBeBoundary(raw, at, end, levels)) {
      const depth = levels.length;
      const opened = atBoundary(raw.toString('latin1', at, end).trimEnd(), levels);
      if (opened || levels.length < depth) {
        endBody(at);
        body = { from: end, counted: false };
      }
      if (opened) {
        parts += 1;
        if (parts > mailLimits.parts) throw new TooComplex('mail.too-complex');
        inHead = true;
        headFrom = end;
      }
    }
    at = end;
  }
  endBody(raw.length);
  return { raw: edited(raw, edits), looseHtml };
}

function endOfLine(raw: Buffer, at: number): number {
  const found = raw.indexOf(lf, at);
  return found < 0 ? raw.length : found + 1;
}

function mayBeBoundary(raw: Buffer, at: number, end: number, levels: readonly Level[]): boolean {
  if (raw[at] !== dash || raw[at + 1] !== dash || end - at > 260) return false;
  return levels.some(({ boundary }) => end - at > boundary.length + 2);
}

/** Whether the line opens a part; leaves the levels that it or a closing line ends. */
function atBoundary(line: string, levels: Level[]): boolean {
  for (let index = levels.length - 1; index >= 0; index -= 1) {
    const mark = `--${levels[index]?.boundary ?? ''}`;
    if (line === mark) {
      levels.length = index + 1;
      return true;
    }
    if (line === `${mark}--`) {
      levels.length = index;
      return false;
    }
  }
  return false;
}

interface Head {
  edits: Edit[];
  level: Level | null;
  looseHtml: boolean;
  /** Its body is a text that is read. */
  text: boolean;
}

/** Reads one block of headers. */
function headOf(raw: Buffer, from: number, to: number, levels: readonly Level[]): Head {
  const block = raw.toString('latin1', from, to);
  const edits = mendedBytes(raw, from, to, block);
  const field = /^content-type[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*/im.exec(block);
  const other = { edits, level: null, looseHtml: false, text: false };
  if (field === null) {
    if (levels.at(-1)?.type === 'multipart/digest') return other;
    edits.push({ from: to, to, text: Buffer.from(`Content-Type: text/plain; charset=${unsureCharset}\r\n`) });
    return { ...other, text: true };
  }
  const text = field[0];
  const type = /:\s*([^\s;]+)/.exec(text)?.[1]?.toLowerCase() ?? 'text/plain';
  if (type.startsWith('multipart/')) {
    const boundary = /boundary\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(text);
    const named = boundary?.[1] ?? boundary?.[2];
    return { ...other, level: named === undefined ? null : { boundary: named.trimEnd(), type } };
  }
  if (!type.startsWith('text/')) return other;
  const begin = from + field.index;
  const mended = relabelled(text);
  // The same bytes were mended already where they are not ASCII; a label is worth more.
  const others = edits.filter((edit) => edit.to <= begin || edit.from >= begin + text.length);
  if (mended !== text) others.push({ from: begin, to: begin + text.length, text: Buffer.from(mended, 'latin1') });
  const attached = /^content-disposition[ \t]*:\s*attachment/im.test(block);
  const alternative = levels.some((level) => level.type === 'multipart/alternative');
  const looseHtml = type === 'text/html' && !attached && !alternative;
  return { edits: others, level: null, looseHtml, text: /^text\/(plain|html)$/.test(type) && !attached };
}

/** A Content-Type field of a text, with labels that a parser may take at their word. */
function relabelled(field: string): string {
  const line = field.replace(/\r$/, '');
  const fixed = line.replace(/(format\s*=\s*)"?flowed"?/i, '$1fixed');
  const charset = /(charset\s*=\s*)("[^"]*"|[^\s;]+)/i.exec(fixed);
  if (charset === null) return `${withoutEnd(fixed)}; charset=${unsureCharset}${field.slice(line.length)}`;
  const label = (charset[2] ?? '').replace(/"/g, '').trim().toLowerCase();
  const believed = !/^(utf-?8|us-?ascii|ascii|unknown(-8bit)?|default|x-unknown|)$/.test(label);
  const replaced = believed ? fixed : fixed.replace(charset[0], `${charset[1] ?? ''}${unsureCharset}`);
  return replaced + field.slice(line.length);
}

function withoutEnd(field: string): string {
  const text = field.trimEnd();
  return text.endsWith(';') ? text.slice(0, -1) : text;
}

/** Header lines are ASCII or UTF-8 (RFC 6532); what is neither was written in a Latin charset. */
function mendedBytes(raw: Buffer, from: number, to: number, block: string): Edit[] {
  const edits: Edit[] = [];
  if (!/[\x80-\xff]/.test(block)) return edits;
  for (let at = from; at < to; ) {
    const end = Math.min(endOfLine(raw, at), to);
    const bytes = raw.subarray(at, end);
    const text = Buffer.from(decodeText(bytes, 'utf-8'));
    if (!text.equals(bytes)) edits.push({ from: at, to: end, text });
    at = end;
  }
  return edits;
}

function edited(raw: Buffer, edits: readonly Edit[]): Buffer {
  if (edits.length === 0) return raw;
  const sorted = [...edits].sort((a, b) => a.from - b.from || a.to - b.to);
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { from, to, text } of sorted) {
    pieces.push(raw.subarray(at, from), text);
    at = to;
  }
  pieces.push(raw.subarray(at));
  return Buffer.concat(pieces);
}
