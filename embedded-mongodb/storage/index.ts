import { createHash } from 'node:crypto';
import { compoundKey, inverted, keyOf } from '../bson/key.ts';
import { toDouble } from '../bson/numbers.ts';
import { expand, split } from '../bson/path.ts';
import type { Doc, Value } from '../bson/values.ts';
import type { Filter } from '../query/filter.ts';
import { compileFilter } from '../query/match.ts';

/** Encoded fields above this become a prefix and a hash, for lmdb's keys end at 1,978 bytes. */
const LONG_KEY = 1800;
const LONG_PREFIX = 1024;

/** One field of an index. */
export interface IndexField {
  readonly path: string;
  readonly parts: readonly string[];
  readonly descending: boolean;
}

/** An index as it stands in memory. `multikey` and `long` only ever turn true. */
export interface Index {
  readonly table: number;
  readonly name: string;
  readonly spec: Doc;
  readonly fields: readonly IndexField[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partial: Filter | null;
  readonly expireAfterSeconds: number | null;
  readonly hidden: boolean;
  multikey: boolean;
  long: boolean;
  /** Not yet filled: writers keep its keys, no query uses it. */
  building: boolean;
  /** While it is being filled: the records that were written meanwhile. All their keys are their writers' matter. */
  touched: Set<number> | null;
  /** The flags as they stand on disk: a statement that needs more of them writes the record again. */
  stored: { readonly multikey: boolean; readonly long: boolean };
}

/** The index of a specification document as `listIndexes` shows it. */
export function indexOf(table: number, spec: Doc, flags: { multikey: boolean; long: boolean }): Index {
  const key = spec.get('key') as Doc;
  const partial = spec.get('partialFilterExpression');
  const expire = spec.get('expireAfterSeconds');
  return {
    table,
    name: spec.get('name') as string,
    spec,
    fields: [...key].map(([path, direction]) => ({
      path,
      parts: split(path),
      descending: toDouble(direction as number) < 0,
    })),
    unique: spec.get('unique') === true || spec.get('name') === '_id_',
    sparse: spec.get('sparse') === true,
    partial: partial instanceof Map ? compileFilter(partial) : null,
    expireAfterSeconds: expire === undefined ? null : toDouble(expire as number),
    hidden: spec.get('hidden') === true,
    ...flags,
    building: false,
    touched: null,
    stored: flags,
  };
}

/** The encoded keys that a document has in an index, each once, and what they tell about the index. */
export interface KeySet {
  readonly keys: readonly Buffer[];
  readonly multi: boolean;
  readonly long: boolean;
}

const NOTHING: KeySet = { keys: [], multi: false, long: false };

/** The keys of a document in an index. Code 171 when two of its fields are different arrays. */
export function keysOf(index: Index, document: Doc): KeySet {
  if (index.partial !== null && !index.partial.test(document)) return NOTHING;
  const row = plainRow(index, document);
  if (row === null) return keysOfRows(index, document);
  if (index.sparse && isMissing(row)) return NOTHING;
  const full = compoundKey(index.fields, row);
  const key = shorten(full);
  return { keys: [key], multi: false, long: key !== full };
}

/** The values of an index of top-level fields without arrays, as most are; null for any other. */
function plainRow(index: Index, document: Doc): (Value | undefined)[] | null {
  const row: (Value | undefined)[] = [];
  for (const field of index.fields) {
    const value = document.get(field.path);
    if (field.parts.length > 1 || Array.isArray(value)) return null;
    row.push(value);
  }
  return row;
}

function keysOfRows(index: Index, document: Doc): KeySet {
  const { rows, multi } = expand(
    document,
    index.fields.map((each) => each.parts),
  );
  if (index.sparse && rows.every(isMissing)) return NOTHING;
  let long = false;
  const keys = new Map<string, Buffer>();
  for (const row of rows) {
    const full = compoundKey(index.fields, row);
    const key = shorten(full);
    long ||= key !== full;
    keys.set(key.toString('latin1'), key);
  }
  return { keys: [...keys.values()], multi, long };
}

function isMissing(row: readonly (Value | undefined)[]): boolean {
  return row.every((value) => value === undefined);
}

/** The bytes of one field's value in an index. */
export function encodeField(field: IndexField, value: Value | undefined): Buffer {
  const bytes = keyOf(value);
  return field.descending ? inverted(bytes) : bytes;
}

/** A key too long for lmdb as its first bytes and the hash of all: equality stays exact, order does not. */
export function shorten(key: Buffer): Buffer {
  if (key.length <= LONG_KEY) return key;
  return Buffer.concat([key.subarray(0, LONG_PREFIX), createHash('sha256').update(key).digest()]);
}
