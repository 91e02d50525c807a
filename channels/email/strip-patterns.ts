/** Lines by which mail programs set a quotation apart, in Portuguese, English and Spanish. Every pattern sees one short line. */

/** Longest line, or joined lines, that a pattern is tried on: what is longer was not written by a mail program. */
const longest = 400;

const attributionBegin = /^\s*(em|no dia|na|a|on|el|il|le|am)\s/i;
const attributionEnd = /(escreveu|wrote|writes|escribió|a écrit|ha scritto|schrieb)\s?:\s*$/i;

const separator =
  /^\s*[-_=*]{2,}\s?(mensagem original|original message|mensaje original|mensagem (encaminhada|reenviada)|forwarded message|mensaje reenviado|encaminhado por|forwarded by)\b/i;

/** Stands on top of what the desk sends. */
const marker = /##-\s?(responda acima desta linha|reply above this line|responda por encima de esta línea)/i;

const device =
  /^\s*(enviad[oa] (do|da|de|pelo|via|a partir d[oe]|desde) (meu|minha|mi|my|o|e-mail|email|yahoo|outlook|samsung|iphone|ipad|android|celular)|sent from (my|mail|outlook|yahoo|samsung|iphone|ipad|android)|sent with|get outlook for|obter o outlook para|baixe o outlook para|obtener outlook para)\b/i;

const fields = {
  from: /^[\s>*]*(de|from)\s?\*?\s?:/i,
  date: /^[\s>*]*(enviad[oa] em|enviad[oa]( el)?|data|date|fecha|sent)\s?\*?\s?:/i,
  to: /^[\s>*]*(para|to)\s?\*?\s?:/i,
  subject: /^[\s>*]*(assunto|subject|asunto)\s?\*?\s?:/i,
  cc: /^[\s>*]*(cc|c\/c)\s?\*?\s?:/i,
};

export const isBlank = (line: string): boolean => line.trim() === '';
export const isQuoted = (line: string): boolean => /^\s{0,3}>/.test(line);
export const isRule = (line: string): boolean => /^\s*[_-]{5,}\s*$/.test(line);
export const isSignatureMark = (line: string): boolean => /^--\s?$/.test(line);
export const isDeviceLine = (line: string): boolean => line.length <= 160 && device.test(line);
export const isSeparator = (line: string): boolean =>
  line.length <= longest && (separator.test(line) || marker.test(line));

/** How many of the lines from `at` on, at most three, say together that somebody wrote something then; 0: they do not. */
export function attributionLines(lines: readonly string[], at: number): number {
  const first = lines[at] ?? '';
  if (first.length > longest || !attributionBegin.test(first)) return 0;
  let joined = '';
  for (let count = 1; count <= 3; count += 1) {
    const line = lines[at + count - 1];
    if (line === undefined || isBlank(line)) return 0;
    joined += ` ${line.trim()}`;
    if (joined.length > longest) return 0;
    if (attributionEnd.test(joined) && /\d/.test(joined)) return count;
  }
  return 0;
}

/**
 * Whether a line right above a quotation introduces it, in whatever language: a date or an address, and a colon. Two
 * lines only when the first begins with the date.
 */
export function introduces(lines: readonly string[], count: number): boolean {
  const text = lines.join(' ').trim();
  if (text.length > longest || !text.endsWith(':')) return false;
  return count === 1 ? /\d[./-]\d|\d:\d|[^\s@]@[^\s@]/.test(text) : /^\d{1,4}[./-]\d/.test(text);
}

/** Whether Outlook's copy of a head stands here: sender, date, recipient, subject, three of them in a row. */
export function isCopiedHead(lines: readonly string[], at: number): boolean {
  if (!fields.from.test((lines[at] ?? '').slice(0, longest))) return false;
  const seen = new Set<string>();
  for (let index = at; index < at + 6; index += 1) {
    const line = (lines[index] ?? '').slice(0, longest);
    const name = Object.entries(fields).find(([, pattern]) => pattern.test(line))?.[0];
    if (name === undefined) break;
    if (name !== 'cc') seen.add(name);
  }
  return seen.size >= 3;
}
