import { Decimal128, ObjectId } from 'bson';
import { compareNumbers, isNumber } from './numbers.ts';
import { Bin, Code, type Doc, Double, Regex, Special, Timestamp, UtcDate, type Value } from './values.ts';

/** Places of the types in BSON order; the first byte of an index key. */
export const ORDER = {
  minKey: 1,
  undefined: 3,
  null: 5,
  number: 10,
  string: 20,
  object: 30,
  array: 40,
  binary: 50,
  objectId: 60,
  bool: 70,
  date: 80,
  timestamp: 90,
  regex: 100,
  dbPointer: 105,
  code: 110,
  codeWithScope: 115,
  maxKey: 250,
} as const;

/** The place of a value's type in BSON order; a missing value counts as null. */
export function orderOf(value: Value | undefined): number {
  if (value === undefined || value === null) return ORDER.null;
  if (typeof value === 'string') return ORDER.string;
  if (typeof value === 'boolean') return ORDER.bool;
  if (typeof value === 'number' || typeof value === 'bigint') return ORDER.number;
  if (value instanceof Map) return ORDER.object;
  if (Array.isArray(value)) return ORDER.array;
  if (value instanceof ObjectId) return ORDER.objectId;
  if (value instanceof UtcDate) return ORDER.date;
  if (value instanceof Double || value instanceof Decimal128) return ORDER.number;
  if (value instanceof Bin) return ORDER.binary;
  if (value instanceof Timestamp) return ORDER.timestamp;
  if (value instanceof Regex) return ORDER.regex;
  if (value instanceof Special) return ORDER[value.kind];
  if (value instanceof Code) return orderOfCode(value);
  return ORDER.object;
}

function orderOfCode(value: Code): number {
  if (value.kind === 'symbol') return ORDER.string;
  if (value.kind === 'dbPointer') return ORDER.dbPointer;
  return value.kind === 'javascript' ? ORDER.code : ORDER.codeWithScope;
}

/** BSON order of two values over all types; a missing value equals null. */
export function compare(a: Value | undefined, b: Value | undefined): number {
  if (a === b) return 0;
  const order = orderOf(a);
  const other = orderOf(b);
  if (order !== other) return order < other ? -1 : 1;
  if (a === undefined || b === undefined || a === null || b === null) return 0;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  if (typeof a === 'boolean') return a ? 1 : -1;
  if (a instanceof Map && b instanceof Map) return compareDocs(a, b);
  if (Array.isArray(a) && Array.isArray(b)) return compareArrays(a, b);
  if (a instanceof ObjectId && b instanceof ObjectId) return compareBytes(a.id, b.id);
  if (a instanceof UtcDate && b instanceof UtcDate) return Math.sign(a.ms - b.ms);
  return compareRare(a, b);
}

function compareRare(a: Value, b: Value): number {
  if (a instanceof Bin && b instanceof Bin)
    return (
      Math.sign(a.bytes.length - b.bytes.length) || Math.sign(a.subtype - b.subtype) || compareBytes(a.bytes, b.bytes)
    );
  if (a instanceof Timestamp && b instanceof Timestamp) return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
  if (a instanceof Regex && b instanceof Regex)
    return compareText(a.pattern, b.pattern) || compareText(a.options, b.options);
  const left = textOf(a);
  const right = textOf(b);
  return compareText(left.text, right.text) || compare(left.rest, right.rest);
}

function textOf(value: Value): { text: string; rest: Value | undefined } {
  if (typeof value === 'string') return { text: value, rest: undefined };
  if (!(value instanceof Code)) return { text: '', rest: undefined };
  return { text: value.text, rest: value.id === null ? (value.scope ?? undefined) : new ObjectId(value.id) };
}

/**
 * Order of two strings by their UTF-8 bytes. UTF-16 units agree with it except between a surrogate pair and the units
 * from U+E000 on.
 */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const wideX = x >= 0xd800 && x <= 0xdfff;
    const wideY = y >= 0xd800 && y <= 0xdfff;
    if (wideX !== wideY) return wideX ? 1 : -1;
    return x < y ? -1 : 1;
  }
  return Math.sign(a.length - b.length);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}

/** Field by field: type, then name, then value. The order of the fields matters. */
function compareDocs(a: Doc, b: Doc): number {
  const left = a.entries();
  const right = b.entries();
  for (;;) {
    const x = left.next();
    const y = right.next();
    if (x.done || y.done) return x.done ? (y.done ? 0 : -1) : 1;
    const [nameX, valueX] = x.value;
    const [nameY, valueY] = y.value;
    const result = Math.sign(orderOf(valueX) - orderOf(valueY)) || compareText(nameX, nameY) || compare(valueX, valueY);
    if (result !== 0) return result;
  }
}

function compareArrays(a: readonly Value[], b: readonly Value[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const result = compare(a[i], b[i]);
    if (result !== 0) return result;
  }
  return Math.sign(a.length - b.length);
}

/** Whether two values are the same to MongoDB: numbers by value over types, documents with their field order. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  return compare(a, b) === 0;
}
