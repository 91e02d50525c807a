import { Decimal128, ObjectId } from 'bson';

/** An ordered document: field names in the order of the bytes, `__proto__` is a name like any other. */
export type Doc = Map<string, Value>;

/**
 * A BSON value with its type kept: `number` is an Int32, `bigint` an Int64, `Double` a double; a missing field is
 * JavaScript's `undefined` and never stands inside a tree.
 */
export type Value =
  | string
  | number
  | bigint
  | boolean
  | null
  | Double
  | Decimal128
  | ObjectId
  | UtcDate
  | Bin
  | Timestamp
  | Regex
  | Special
  | Code
  | RawDoc
  | Value[]
  | Doc;

/** A double, apart from Int32, so that `1.0` stays a double when a document is written again. */
export class Double {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A date: milliseconds since 1970, UTC. */
export class UtcDate {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
}

/** Binary data with its subtype. */
export class Bin {
  readonly subtype: number;
  readonly bytes: Uint8Array;
  constructor(subtype: number, bytes: Uint8Array) {
    this.subtype = subtype;
    this.bytes = bytes;
  }
}

/** MongoDB's internal timestamp: seconds in the upper, ordinal in the lower 32 bits. */
export class Timestamp {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

/** A regular expression as data. */
export class Regex {
  readonly pattern: string;
  readonly options: string;
  constructor(pattern: string, options: string) {
    this.pattern = pattern;
    this.options = options;
  }
}

/** A value without content: `minKey`, `maxKey` and the deprecated `undefined`. */
export class Special {
  readonly kind: 'minKey' | 'maxKey' | 'undefined';
  constructor(kind: 'minKey' | 'maxKey' | 'undefined') {
    this.kind = kind;
  }
}

/** Deprecated text-like types, kept byte for byte: `symbol`, JavaScript code, code with scope, DBPointer. */
export class Code {
  readonly kind: 'symbol' | 'javascript' | 'javascriptWithScope' | 'dbPointer';
  readonly text: string;
  readonly scope: Doc | null;
  readonly id: Uint8Array | null;
  constructor(kind: Code['kind'], text: string, scope: Doc | null = null, id: Uint8Array | null = null) {
    this.kind = kind;
    this.text = text;
    this.scope = scope;
    this.id = id;
  }
}

/** The bytes of a stored document inside a reply, written without decoding. Never part of a tree that is evaluated. */
export class RawDoc {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

export const MIN_KEY = new Special('minKey');
export const MAX_KEY = new Special('maxKey');
export const UNDEFINED = new Special('undefined');

/** BSON type numbers as `$type` names them; -1 and 127 are MinKey and MaxKey. */
export const TYPE = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
} as const;

const NAMES = new Map<number, string>(Object.entries(TYPE).map(([name, code]) => [code, name]));

/** The BSON type number of a value. */
export function typeOf(value: Value): number {
  switch (typeof value) {
    case 'string':
      return TYPE.string;
    case 'number':
      return TYPE.int;
    case 'bigint':
      return TYPE.long;
    case 'boolean':
      return TYPE.bool;
    default:
      break;
  }
  if (value === null) return TYPE.null;
  if (value instanceof Map || value instanceof RawDoc) return TYPE.object;
  if (Array.isArray(value)) return TYPE.array;
  if (value instanceof ObjectId) return TYPE.objectId;
  if (value instanceof UtcDate) return TYPE.date;
  if (value instanceof Double) return TYPE.double;
  if (value instanceof Bin) return TYPE.binData;
  if (value instanceof Decimal128) return TYPE.decimal;
  if (value instanceof Timestamp) return TYPE.timestamp;
  if (value instanceof Regex) return TYPE.regex;
  return TYPE[value.kind];
}

/** The alias of a value's type (`objectId`, `int`, ...), `missing` for no value. */
export function typeName(value: Value | undefined): string {
  return value === undefined ? 'missing' : (NAMES.get(typeOf(value)) ?? 'unknown');
}

/** Whether a value is a document. */
export function isDoc(value: Value | undefined): value is Doc {
  return value instanceof Map;
}

/** Whether a value can be changed in its place: a document or an array. */
export function isContainer(value: Value | undefined): value is Doc | Value[] {
  return value instanceof Map || Array.isArray(value);
}

/** The last date that a number of milliseconds can name; a later one, of 64 bits, counts as it. */
export const LAST_DATE_MS = 2 ** 63 - 1024;

/** A document from name and value pairs, for replies; absent values leave no field. */
export function doc(fields: Readonly<Record<string, Value | undefined>>): Doc {
  const out: Doc = new Map();
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value !== undefined) out.set(name, value);
  }
  return out;
}

/** A copy that shares no container with the original, so that one of them can be changed. */
export function clone<T extends Value>(value: T): T;
export function clone(value: Value): Value {
  if (value instanceof Map) {
    const out: Doc = new Map();
    value.forEach((item, name) => {
      out.set(name, clone(item));
    });
    return out;
  }
  return Array.isArray(value) ? value.map((item) => clone(item)) : value;
}
