import { compare } from '../bson/compare.ts';
import { compoundText } from '../bson/key.ts';
import { toInteger } from '../bson/numbers.ts';
import { sortValue, split } from '../bson/path.ts';
import { type Doc, isDoc, type Value } from '../bson/values.ts';
import { badValue, ServerError, typeMismatch } from '../errors.ts';
import { type Budget, sortTooLarge } from '../query/budget.ts';
import type { Clock } from '../query/clock.ts';
import type { Collation } from '../query/collation.ts';
import { Heap } from '../query/heap.ts';

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

/** What a row is sorted by: a string of one char per key byte, which compares as the bytes do, or values to collate. */
type Key = string | readonly (Value | undefined)[];

type Keyed<T> = { readonly key: Key; readonly row: T };

/** A comparison of documents by a sort; stable sorting with it keeps the order of equal ones. */
export function keyMaker(fields: readonly SortField[], collation: Collation) {
  if (collation !== null)
    return { keyOf: (document: Doc) => valuesOf(document, fields), compare: collatedOrder(fields, collation) };
  return {
    keyOf: (document: Doc): Key => compoundText(fields, valuesOf(document, fields)),
    compare: (a: Key, b: Key) => (a === b ? 0 : a < b ? -1 : 1),
  };
}

function valuesOf(document: Doc, fields: readonly SortField[]): (Value | undefined)[] {
  return fields.map((field) => sortValue(document, field.parts, field.descending));
}

function collatedOrder(fields: readonly SortField[], collation: NonNullable<Collation>) {
  return (a: Key, b: Key) => {
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
  readonly clock: Clock;
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

/** From so many bytes on a sort with a limit lets go what is worse than its limit as soon as it can. */
const WIDE_BYTES = 8 * 1024 * 1024;

/** Rows in the order of a sort. `null` rows are pauses and pass through; over the memory budget is code 292. */
export function* sorted<T>(rows: Iterable<T | null>, sorting: Sorting<T>): Generator<T | null> {
  const { limit, budget, clock } = sorting;
  const maker = keyMaker(sorting.fields, sorting.collation);
  const sizeOf = ({ row, key }: Keyed<T>): number => sorting.size(row) + key.length + KEPT_BYTES;
  const order = (a: Keyed<T>, b: Keyed<T>): number => maker.compare(a.key, b.key);
  const trims = limit > 0 && limit <= RUN;
  const most = trims ? Math.max(limit * 2, limit + 100) : RUN;
  const runs: Keyed<T>[][] = [];
  let kept: Keyed<T>[] = [];
  let bytes = 0;
  /** With a limit, what is not before it can no longer be among the best. */
  let bar: Key | null = null;
  const give = (size: number): void => {
    bytes -= size;
    budget.give(size);
  };
  try {
    for (const row of rows) {
      if (row === null) {
        yield null;
        continue;
      }
      const each = { key: maker.keyOf(sorting.document(row)), row };
      if (bar !== null) {
        if (maker.compare(each.key, bar) >= 0) continue;
        sorting.settle?.(row);
      }
      sorting.release?.(row);
      kept.push(each);
      const size = sizeOf(each);
      bytes += size;
      budget.take(size, sortTooLarge);
      const isWide = trims && kept.length >= 2 * limit && bytes > WIDE_BYTES;
      if (kept.length < most && !isWide) continue;
      kept.sort(order);
      if (trims) {
        for (const worse of kept.splice(limit)) give(sizeOf(worse));
        for (const better of kept) sorting.settle?.(better.row);
        bar = (kept.at(-1) as Keyed<T>).key;
      } else {
        runs.push(kept);
        kept = [];
      }
    }
    runs.push(kept.sort(order));
    let left = limit > 0 ? limit : Number.POSITIVE_INFINITY;
    for (const each of merged(runs, order)) {
      if (left === 0) break;
      left -= 1;
      yield each.row;
      give(sizeOf(each));
      if (clock.due()) yield null;
    }
  } finally {
    budget.give(bytes);
  }
}

/** A sorted run, its number and the place of its next row. */
interface Head<T> {
  readonly run: (T | undefined)[];
  readonly n: number;
  at: number;
}

/** Sorted runs as one, equal rows in the order of their runs. It lets go what it has handed out. */
function* merged<T>(runs: readonly (T | undefined)[][], order: (a: T, b: T) => number): Generator<T> {
  const heads = new Heap<Head<T>>((a, b) => {
    const difference = order(a.run[a.at] as T, b.run[b.at] as T);
    return difference < 0 || (difference === 0 && a.n < b.n);
  });
  for (const [n, run] of runs.entries()) if (run.length > 0) heads.push({ run, n, at: 0 });
  for (let head = heads.first; head !== undefined; head = heads.first) {
    yield head.run[head.at] as T;
    head.run[head.at] = undefined;
    head.at += 1;
    if (head.at < head.run.length) heads.settle();
    else heads.shift();
  }
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
