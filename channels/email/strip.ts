import {
  attributionLines,
  introduces,
  isBlank,
  isCopiedHead,
  isDeviceLine,
  isQuoted,
  isRule,
  isSeparator,
  isSignatureMark,
} from './strip-patterns.ts';

/** A signature is short: a longer rest under `-- ` was meant to be read. */
const signatureMost = 20;

/**
 * What a person wrote, without the mail that was answered, the signature and the line of the device. Answers between or
 * around quotations are kept with them. When nothing would be left, or nothing is to be cut, answers `full` itself.
 */
export function stripReply(full: string): string {
  const lines = full.split('\n');
  const own = withoutQuotation(lines.slice(0, endOfOwn(lines)));
  if (own === null) return full;
  const text = trimmed(withoutSignature(own)).join('\n');
  return text === '' ? full : text;
}

/** Where a copied mail begins that everything below belongs to. */
function endOfOwn(lines: readonly string[]): number {
  const found = lines.findIndex((line, at) => isSeparator(line) || isCopiedHead(lines, at) || opensUnmarked(lines, at));
  if (found < 0) return lines.length;
  let end = found;
  while (end > 0 && (isRule(lines[end - 1] ?? '') || isBlank(lines[end - 1] ?? ''))) end -= 1;
  // Our own marker stands within the quotation, so the line that introduces it is above.
  while (end > 0 && isQuoted(lines[end - 1] ?? '')) end -= 1;
  return withoutIntroduction(lines, end);
}

/** Whether an attribution stands here under which the quotation has no marks. */
function opensUnmarked(lines: readonly string[], at: number): boolean {
  const count = attributionLines(lines, at);
  if (count === 0) return false;
  const next = lines.slice(at + count, at + count + 5).find((line) => !isBlank(line));
  return next !== undefined && !isQuoted(next);
}

/** Where the text above `end` ends when the lines that introduce a quotation at `end` are left out. */
function withoutIntroduction(lines: readonly string[], end: number): number {
  let last = end - 1;
  while (last >= 0 && isBlank(lines[last] ?? '')) last -= 1;
  for (let count = 1; count <= 3 && last - count + 1 >= 0; count += 1) {
    if (attributionLines(lines, last - count + 1) === count) return last - count + 1;
  }
  for (const count of [2, 1]) {
    const from = last - count + 1;
    if (from >= 0 && introduces(lines.slice(from, last + 1), count)) return from;
  }
  return end;
}

/** The lines without the one marked quotation above or below them; null: they must be read together with it. */
function withoutQuotation(lines: readonly string[]): readonly string[] | null {
  const first = lines.findIndex(isQuoted);
  if (first < 0) return lines;
  const last = lines.findLastIndex(isQuoted);
  const within = lines.slice(first, last).some((line) => !isQuoted(line) && !isBlank(line));
  if (within) return null;
  const before = lines.slice(0, withoutIntroduction(lines, first));
  const after = lines.slice(last + 1);
  const wroteBefore = trimmed(withoutSignature(before)).length > 0;
  const wroteAfter = trimmed(withoutSignature(after)).length > 0;
  if (wroteBefore && wroteAfter) return null;
  return wroteAfter ? after : before;
}

function withoutSignature(lines: readonly string[]): readonly string[] {
  const mark = lines.findLastIndex(isSignatureMark);
  const short = mark >= 0 && lines.slice(mark).filter((line) => !isBlank(line)).length <= signatureMost;
  const kept = short ? lines.slice(0, mark) : lines;
  let end = kept.length;
  while (end > 0 && (isBlank(kept[end - 1] ?? '') || isDeviceLine(kept[end - 1] ?? ''))) end -= 1;
  return trimmed(kept.slice(0, end));
}

/** Without empty lines at both ends and white space behind the last line. */
function trimmed(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => !isBlank(line));
  if (first < 0) return [];
  const kept = lines.slice(first, lines.findLastIndex((line) => !isBlank(line)) + 1);
  return kept.map((line, index) => (index === kept.length - 1 ? line.trimEnd() : line));
}
