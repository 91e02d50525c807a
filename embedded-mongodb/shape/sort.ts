import { compare } from '../bson/compare.ts';
import { inverted, keyOf } from '../bson/key.ts';
import { toInteger } from '../bson/numbers.ts';
import { sortValue, split } from '../bson/path.ts';
import { type Doc, isDoc, type Value } from '../bson/values.ts';
import { badValue, ServerError, typeMismatch } from '../errors.ts';
import { type Budget, sortTooLarge } from '../query/budget.ts';
import type { Collation } from '../query/collation.ts';

/** One field of a sort. */
export interface SortField {
  readonly path: string;
  readonly parts: readonly string[];
  readonly descending: boolean;
}

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

/** How rows are sorted, and what is known of them. */
export interface Sorting<T> {
  readonly fields: readonly SortField[];
  readonly collation: Collation;
  /** With a limit only the best rows are kept; 0 is none. */
  readonly limit: number;
  readonly budget: Budget;
  document(row: T): Doc;
  size(row: T): number;
  /** Lets go what a waiting row does not need. */
  release?(row: T): void;
  /** Copies what a row of many is kept with. */
  settle?(row: T): void;
}

/** Bytes of a kept row beside its own and its key's. */
const KEPT_BYTES = 64;

/** Rows that are sorted at one time; longer sorts merge such runs, so that nobody waits for one. */
const RUN = 1024;

/** Steps of a merge between two pauses. */
const STEPS = 4096;

/** From so many bytes on a sort with a limit lets go what is worse than its limit as soon as it can. */
const WIDE_BYTES = 8 * 1024 * 1024;

/** Rows in the order of a sort. `null` rows are pauses and pass through; over the memory budget is code 292. */
export function* sorted<T>(rows: Iterable<T | null>, sorting: Sorting<T>): Generator<T | null> {
  const { limit, budget } = sorting;
  const maker = keyMaker(sorting.fields, sorting.collation);
  const sizeOf = ({ row, key }: Keyed<T>): number => sorting.size(row) + key.length + KEPT_BYTES;
  const order = (a: Keyed<T>, b: Keyed<T>): number => maker.compare(a.key, b.key);
  const trims = limit > 0 && limit <= RUN;
  const most = trims ? Math.max(limit * 2, limit + 100) : RUN;
  const runs: Keyed<T>[][] = [];
  let kept: Keyed<T>[] = [];
  let bytes = 0;
  for (const row of rows) {
    if (row === null) {
      yield null;
      continue;
    }
    const each = { key: maker.keyOf(sorting.document(row)), row };
    sorting.release?.(row);
    kept.push(each);
    const size = sizeOf(each);
    budget.take(size, sortTooLarge);
    bytes += size;
    const isWide = trims && kept.length >= 2 * limit && bytes > WIDE_BYTES;
    if (kept.length < most && !isWide) continue;
    kept.sort(order);
    if (!trims) {
      runs.push(kept);
      kept = [];
      continue;
    }
    const dropped = kept.slice(limit).reduce((sum, worse) => sum + sizeOf(worse), 0);
    budget.give(dropped);
    bytes -= dropped;
    kept = kept.slice(0, limit);
    for (const better of kept) sorting.settle?.(better.row);
  }
  runs.push(kept.sort(order));
  const all = yield* merged(runs, order);
  for (const each of limit > 0 ? all.slice(0, limit) : all) yield each.row;
  for (const each of all) budget.give(sizeOf(each));
}

/** Sorted runs as one, equal rows in the order of their runs, with a pause after every few thousand steps. */
function* merged<T>(runs: readonly T[][], order: (a: T, b: T) => number): Generator<null, T[]> {
  let level = runs;
  while (level.length > 1) {
    const next: T[][] = [];
    for (let i = 0; i < level.length; i += 2) next.push(yield* mergeTwo(level[i] as T[], level[i + 1] ?? [], order));
    level = next;
  }
  return level[0] ?? [];
}

function* mergeTwo<T>(left: readonly T[], right: readonly T[], order: (a: T, b: T) => number): Generator<null, T[]> {
  if (right.length === 0) return left as T[];
  const out: T[] = [];
  let l = 0;
  let r = 0;
  while (l < left.length || r < right.length) {
    const takesLeft = r >= right.length || (l < left.length && order(left[l] as T, right[r] as T) <= 0);
    out.push(takesLeft ? (left[l++] as T) : (right[r++] as T));
    if (out.length % STEPS === 0) yield null;
  }
  return out;
}

/** Sources that are each in the order of a sort, as one; `null` rows are pauses and pass through. */
export function* mergeSorted<T>(
  sources: readonly Iterable<T | null>[],
  fields: readonly SortField[],
  document: (row: T) => Doc,
): Generator<T | null> {
  const maker = keyMaker(fields, null);
  const heads: (Keyed<T> & { readonly from: Iterator<T | null> })[] = [];
  const waiting = sources.map((source) => source[Symbol.iterator]());
  for (;;) {
    for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
      let next = from.next();
      for (; next.done !== true && next.value === null; next = from.next()) yield null;
      if (next.done !== true && next.value !== null)
        heads.push({ key: maker.keyOf(document(next.value)), row: next.value, from });
    }
    let best = heads[0];
    if (best === undefined) return;
    for (const head of heads) if (maker.compare(head.key, best.key) < 0) best = head;
    heads.splice(heads.indexOf(best), 1);
    waiting.push(best.from);
    yield best.row;
  }
}
