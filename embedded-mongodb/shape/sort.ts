import { compare } from '../bson/compare.ts';
import { inverted, keyOf } from '../bson/key.ts';
import { toInteger } from '../bson/numbers.ts';
import { sortValue, split } from '../bson/path.ts';
import { type Doc, isDoc, type Value } from '../bson/values.ts';
import { badValue, ServerError, typeMismatch } from '../errors.ts';
import type { Collation } from '../query/collation.ts';

/** One field of a sort. */
export interface SortField {
  readonly path: string;
  readonly parts: readonly string[];
  readonly descending: boolean;
}

/** Bytes that one command may hold in memory for a sort, group, facet or lookup. */
export const MEMORY_BUDGET = 100 * 1024 * 1024;

/** The fields of a sort document. */
export function sortFields(value: Value | undefined): SortField[] {
  if (value === undefined) return [];
  if (!isDoc(value)) throw typeMismatch('Expected field sort to be of type object');
  return [...value].map(([path, direction]) => {
    const sign = toInteger(direction);
    if (isDoc(direction)) throw badValue('$meta sort is not supported');
    if (sign !== 1 && sign !== -1)
      throw new ServerError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    if (path === '' || path.split('.').includes(''))
      throw new ServerError(15998, 'FieldPath field names may not be empty strings.');
    return { path, parts: split(path), descending: sign < 0 };
  });
}

type Keyed<T> = { readonly key: Buffer | readonly (Value | undefined)[]; readonly row: T };

/** A comparison of documents by a sort; stable sorting with it keeps the order of equal ones. */
export function keyMaker(fields: readonly SortField[], collation: Collation) {
  if (collation !== null)
    return { keyOf: (document: Doc) => valuesOf(document, fields), compare: collatedOrder(fields, collation) };
  return {
    keyOf: (document: Doc): Buffer => {
      const parts = fields.map((field) => {
        const bytes = keyOf(sortValue(document, field.parts, field.descending));
        return field.descending ? inverted(bytes) : bytes;
      });
      return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    },
    compare: (a: Keyed<unknown>['key'], b: Keyed<unknown>['key']) => Buffer.compare(a as Buffer, b as Buffer),
  };
}

function valuesOf(document: Doc, fields: readonly SortField[]): (Value | undefined)[] {
  return fields.map((field) => sortValue(document, field.parts, field.descending));
}

function collatedOrder(fields: readonly SortField[], collation: NonNullable<Collation>) {
  return (a: Keyed<unknown>['key'], b: Keyed<unknown>['key']) => {
    for (const [i, field] of fields.entries()) {
      const x = a[i] as Value | undefined;
      const y = b[i] as Value | undefined;
      const order = typeof x === 'string' && typeof y === 'string' ? collation(x, y) : compare(x, y);
      if (order !== 0) return field.descending ? -order : order;
    }
    return 0;
  };
}

/**
 * Rows in the order of a sort. With a limit only the best rows are kept. `null` rows are pauses and pass through; more
 * than the memory budget is refused with code 292.
 */
export function* sorted<T>(
  rows: Iterable<T | null>,
  document: (row: T) => Doc,
  size: (row: T) => number,
  fields: readonly SortField[],
  options: { readonly limit: number; readonly collation: Collation },
): Generator<T | null> {
  const maker = keyMaker(fields, options.collation);
  let kept: Keyed<T>[] = [];
  let bytes = 0;
  const most = options.limit > 0 ? Math.max(options.limit * 2, options.limit + 100) : Number.POSITIVE_INFINITY;
  for (const row of rows) {
    if (row === null) {
      yield null;
      continue;
    }
    const key = maker.keyOf(document(row));
    kept.push({ key, row });
    bytes += size(row) + key.length + 64;
    if (kept.length >= most) {
      kept.sort((a, b) => maker.compare(a.key, b.key));
      kept = kept.slice(0, options.limit);
      bytes = kept.reduce((sum, each) => sum + size(each.row) + each.key.length + 64, 0);
    }
    if (bytes > MEMORY_BUDGET)
      throw new ServerError(
        292,
        'Sort exceeded memory limit of 104857600 bytes, but did not opt in to external sorting.',
      );
  }
  kept.sort((a, b) => maker.compare(a.key, b.key));
  for (const each of options.limit > 0 ? kept.slice(0, options.limit) : kept) yield each.row;
}
