import { compareText } from '../bson/compare.ts';
import { isNumber, toDouble, toInteger } from '../bson/numbers.ts';
import { typeName, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import type { Operator } from './expression.ts';
import { computed, isNullish } from './operands.ts';

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

/** Case folding of ASCII letters only is what MongoDB defines; other letters stay as they are. */
function folded(fold: (text: string) => string, letters: RegExp): Operator {
  return computed(1, 1, ([value], name) => {
    if (isNullish(value)) return '';
    if (isNumber(value)) return String(toDouble(value));
    if (typeof value !== 'string')
      throw new ServerError(16007, `${name} can't convert from BSON type ${typeName(value)} to String`);
    return value.replace(letters, fold);
  });
}

function text(value: Value | undefined, name: string, code: number): string {
  if (typeof value !== 'string')
    throw new ServerError(code, `${name} requires a string argument, found: ${typeName(value)}`);
  return value;
}

function substring([value, start, length]: Values, name: string): Value {
  if (isNullish(value)) return '';
  const points = [...text(value, name, 16007)];
  const from = toInteger(start);
  const count = toInteger(length);
  if (from === undefined || count === undefined || from < 0)
    throw new ServerError(34450, `${name}: starting index must be a non-negative integer`);
  return points.slice(from, count < 0 ? undefined : from + count).join('');
}

function split([value, delimiter]: Values): Value {
  if (isNullish(value) || isNullish(delimiter)) return null;
  const by = text(delimiter, '$split', 40086);
  if (by === '') throw new ServerError(40087, '$split requires a non-empty separator');
  return text(value, '$split', 40085).split(by);
}

function compareIgnoringCase([a, b]: Values): Value {
  const fold = (value: Value | undefined) => (isNullish(value) ? '' : text(value, '$strcasecmp', 16007)).toUpperCase();
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
  ['$strcasecmp', computed(2, 2, compareIgnoringCase)],
]);
