import { Decimal128 } from 'bson';
import { compareText } from '../bson/compare.ts';
import { isNumber, toDouble, toInteger } from '../bson/numbers.ts';
import { typeName, UtcDate, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import { isoText } from './date-text.ts';
import { computed, isNullish, namedParts } from './operands.ts';
import type { Operator } from './operator.ts';

type Values = readonly (Value | undefined)[];
const MANY = Number.POSITIVE_INFINITY;

function concat(values: Values): Value {
  let out = '';
  for (const value of values) {
    if (isNullish(value)) return null;
    if (typeof value !== 'string')
      throw new ServerError(16702, `$concat only supports strings, not ${typeName(value)}`);
    out += value;
  }
  return out;
}

/** The text of a string, a number or a date, which these operators take too. */
function coerced(value: Value | undefined, name: string): string {
  if (value instanceof Decimal128) return value.toString();
  if (isNumber(value)) return String(toDouble(value));
  return value instanceof UtcDate ? isoText(value.ms) : text(value, name, 16007);
}

/** Case folding of ASCII letters only is what MongoDB defines; other letters stay as they are. */
function folded(fold: (text: string) => string, letters: RegExp): Operator {
  return computed(1, 1, ([value], name) => {
    if (isNullish(value)) return '';
    return coerced(value, name).replace(letters, fold);
  });
}

function text(value: Value | undefined, name: string, code: number): string {
  if (typeof value !== 'string')
    throw new ServerError(code, `${name} requires a string argument, found: ${typeName(value)}`);
  return value;
}

function substring([value, start, length]: Values, name: string): Value {
  if (isNullish(value)) return '';
  const points = [...coerced(value, name)];
  const from = toInteger(start);
  const count = toInteger(length);
  if (from === undefined || count === undefined || from < 0)
    throw new ServerError(34450, `${name}: starting index must be a non-negative integer`);
  if (count < 0) throw new ServerError(34454, `${name}: length must be a nonnegative integer`);
  return points.slice(from, from + count).join('');
}

function split([value, delimiter]: Values): Value {
  if (isNullish(value) || isNullish(delimiter)) return null;
  const by = text(delimiter, '$split', 40086);
  if (by === '') throw new ServerError(40087, '$split requires a non-empty separator');
  return text(value, '$split', 40085).split(by);
}

const SPACES = [
  '\0',
  ...' \t\n\v\f\r\u00a0\u1680',
  ...'\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a',
];

/** Takes characters off the ends of a text: white space, or those of `chars`. */
function trimmed(atStart: boolean, atEnd: boolean): Operator {
  return (arg, compiler, name) => {
    const parts = namedParts(arg, name, ['input'], ['chars'], (value) => compiler.compile(value));
    return (root, variables) => {
      const input = parts.get('input')?.(root, variables);
      const chars = parts.get('chars')?.(root, variables);
      if (isNullish(input) || (parts.has('chars') && isNullish(chars))) return null;
      const drop = new Set(parts.has('chars') ? text(chars, name, 50700) : SPACES);
      const points = [...text(input, name, 50699)];
      let from = 0;
      let to = points.length;
      while (atStart && from < to && drop.has(points[from] as string)) from += 1;
      while (atEnd && to > from && drop.has(points[to - 1] as string)) to -= 1;
      return points.slice(from, to).join('');
    };
  };
}

function replacing(all: boolean): Operator {
  return (arg, compiler, name) => {
    const names = ['input', 'find', 'replacement'];
    const parts = namedParts(arg, name, names, [], (value) => compiler.compile(value));
    return (root, variables) => {
      const values = names.map((part) => parts.get(part)?.(root, variables));
      if (values.some(isNullish)) return null;
      const [input = '', find = '', replacement = ''] = values.map((value) => text(value, name, 51744));
      return all ? input.replaceAll(find, () => replacement) : input.replace(find, () => replacement);
    };
  };
}

function compareIgnoringCase([a, b]: Values): Value {
  const fold = (value: Value | undefined) =>
    (isNullish(value) ? '' : coerced(value, '$strcasecmp')).replace(/[a-z]+/g, (letters) => letters.toUpperCase());
  return compareText(fold(a), fold(b));
}

/** Strings. */
export const STRINGS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$concat', computed(0, MANY, concat)],
  ['$toLower', folded((letters) => letters.toLowerCase(), /[A-Z]+/g)],
  ['$toUpper', folded((letters) => letters.toUpperCase(), /[a-z]+/g)],
  ['$substrCP', computed(3, 3, substring)],
  ['$strLenCP', computed(1, 1, ([value], name) => [...text(value, name, 34471)].length)],
  ['$strLenBytes', computed(1, 1, ([value], name) => Buffer.byteLength(text(value, name, 34473)))],
  ['$split', computed(2, 2, split)],
  ['$trim', trimmed(true, true)],
  ['$ltrim', trimmed(true, false)],
  ['$rtrim', trimmed(false, true)],
  ['$replaceOne', replacing(false)],
  ['$replaceAll', replacing(true)],
  ['$strcasecmp', computed(2, 2, compareIgnoringCase)],
]);
