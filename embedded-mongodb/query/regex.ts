import type { Regex } from '../bson/values.ts';
import { badValue, ServerError } from '../errors.ts';

/**
 * A tester for a regular expression given as a filter. Patterns that could take exponential time are refused with code
 * 2: a repeated group that itself repeats, look-around and back-references. Flags: i, m, s, x.
 */
export function regexTester(regex: Regex): (text: string) => boolean {
  const pattern = regex.options.includes('x') ? withoutComments(regex.pattern) : regex.pattern;
  assertSafe(pattern);
  const compiled = compile(pattern, flagsOf(regex.options));
  return (text) => compiled.test(text);
}

/** The text that every match of an anchored case-sensitive pattern starts with, null when there is none. */
export function anchoredPrefix(regex: Regex): string | null {
  if (regex.options.replace('s', '') !== '') return null;
  const match = /^\^((?:[^\\^$.|?*+()[\]{}]|\\[^\w\s])+)(.?)/.exec(regex.pattern);
  if (match === null || regex.pattern.includes('|')) return null;
  let text = match[1] as string;
  // A quantifier makes the last character optional.
  if (/[?*{]/.test(match[2] as string)) text = text.replace(/(?:\\.|[^\\])$/s, '');
  const prefix = text.replace(/\\(.)/gs, '$1');
  return prefix === '' ? null : prefix;
}

function flagsOf(options: string): string {
  let flags = '';
  for (const option of new Set(options)) {
    if ('ims'.includes(option)) flags += option;
    else if (!'xu'.includes(option)) throw new ServerError(51108, `invalid flag in regex options: ${option}`);
  }
  return flags;
}

function compile(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch {
    throw new ServerError(51091, 'Regular expression is invalid');
  }
}

function withoutComments(pattern: string): string {
  return pattern.replace(/(\\.|\[(?:\\.|[^\]\\])*\])|\s+|#[^\n]*/gs, (_all, kept) => kept ?? '');
}

/** Walks the pattern once; a group is "repeating" when it holds an unbounded repetition. */
function assertSafe(pattern: string): void {
  const repeating: boolean[] = [false];
  let closed = false;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    const previousClosed = closed;
    closed = false;
    if (char === '\\') {
      i++;
      if (/[1-9k]/.test(pattern[i] ?? '')) throw badValue('regular expression: back-references are not supported');
    } else if (char === '[') {
      i = endOfClass(pattern, i);
    } else if (char === '(') {
      if (/^\(\?(?:[=!]|<[=!])/.test(pattern.slice(i, i + 4)))
        throw badValue('regular expression: look-around is not supported');
      if (pattern[i + 1] === '?') i++;
      repeating.push(false);
    } else if (char === ')') {
      const inner = repeating.pop() ?? false;
      if (inner) repeating[repeating.length - 1] = true;
      closed = inner;
    } else if (char === '*' || char === '+' || (char === '{' && /^\{\d+(?:,\d*)?\}/.test(pattern.slice(i)))) {
      if (previousClosed) throw badValue('regular expression: a repetition inside a repeated group is not supported');
      repeating[repeating.length - 1] = true;
    }
  }
}

function endOfClass(pattern: string, from: number): number {
  for (let i = from + 1; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++;
    else if (pattern[i] === ']' && i > from + 1) return i;
  }
  return pattern.length;
}
