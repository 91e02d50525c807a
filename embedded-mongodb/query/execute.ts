import { decode } from '../bson/decode.ts';
import type { Doc, Value } from '../bson/values.ts';
import { mergeSorted, type SortField, sorted } from '../shape/sort.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Environment, Snapshot } from '../storage/environment.ts';
import type { Index } from '../storage/index.ts';
import { recordOfEntry } from '../storage/index-entries.ts';
import { recordIn, recordKey, recordOf } from '../storage/tables.ts';
import type { Budget } from './budget.ts';
import type { Clock } from './clock.ts';
import type { Collation } from './collation.ts';
import type { Filter } from './filter.ts';
import { isScan, type Plan, planOf, sorts } from './plan.ts';
import { Merge, RangeCursor } from './scan.ts';
import type { Trace, Used } from './trace.ts';

/** Keys that are counted between two looks at the clock. */
const COUNTED_AT_ONCE = 4096;

/** A document that a query found. Its tree is made when it is needed. */
export class Row {
  readonly record: number;
  private stored: Buffer;
  private decoded: Doc | null;

  constructor(record: number, bytes: Buffer, tree: Doc | null = null) {
    this.record = record;
    this.stored = bytes;
    this.decoded = tree;
  }

  get bytes(): Buffer {
    return this.stored;
  }

  /** The document as a tree; not to be changed. */
  get tree(): Doc {
    this.decoded ??= decode(this.bytes);
    return this.decoded;
  }

  /** Copies its bytes: one of many that were read together must not keep the memory of all of them. */
  settle(): this {
    if (this.stored.buffer.byteLength > 2 * this.stored.length) this.stored = Buffer.from(this.stored);
    return this;
  }

  /** Lets the tree go, for rows that wait. */
  release(): void {
    this.decoded = null;
  }
}

/** What a transaction has changed in one collection: record to document, null when it was deleted. */
export type Overlay = ReadonlyMap<number, Row | null>;

/** Where a query reads: the last commit or a transaction's snapshot and its own changes. */
export interface View {
  readonly env: Environment;
  readonly snapshot: Snapshot | null;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly budget: Budget;
  overlay(table: number): Overlay | undefined;
}

/** A query on one collection. */
export interface Query {
  readonly filter: Filter;
  readonly sort: readonly SortField[];
  readonly skip: number;
  readonly limit: number;
  readonly hint?: Value | undefined;
  readonly collation?: Collation;
}

/** The plan of a query on a collection. */
export function planQuery(collection: Collection, query: Query): Plan {
  return planOf({
    table: collection.table,
    indexes: collection.indexes,
    filter: query.filter,
    sort: query.sort,
    hint: query.hint,
    collated: (query.collation ?? null) !== null,
  });
}

/** The rows of a query in its order. `null` rows are pauses. */
export function* rowsOf(
  view: View,
  collection: Collection,
  query: Query,
  plan: Plan = planQuery(collection, query),
): Generator<Row | null> {
  const used = view.trace.of(collection.ns, plan, query.sort);
  const overlay = view.overlay(collection.table);
  if (plan.single && overlay === undefined && query.skip === 0) {
    const row = onlyRow(view, collection, plan, query, used);
    if (row !== null) yield row;
    return;
  }
  let rows = candidates(view, collection, plan, query, used);
  // A transaction's own documents come after the others, so the index's order does not hold for the whole.
  if (sorts(plan, query.sort) || (query.sort.length > 0 && overlay !== undefined && overlay.size > 0))
    rows = sorted(rows, {
      limit: query.limit > 0 ? query.skip + query.limit : 0,
      collation: query.collation ?? null,
      fields: query.sort.filter((field) => field.path !== '$natural'),
      budget: view.budget,
      clock: view.clock,
      document: (row) => row.tree,
      release: (row) => row.release(),
      settle: (row) => row.settle(),
      size: (row) => row.bytes.length,
    });
  yield* window(rows, query.skip, query.limit);
}

/** The row of a plan that finds one at most. */
function onlyRow(view: View, collection: Collection, plan: Plan, query: Query, used: Used): Row | null {
  const [range] = plan.ranges;
  const entry = range && view.env.get(range.start, view.snapshot);
  if (entry === undefined) return null;
  used.keys += 1;
  const record = recordIn(entry);
  const bytes = view.env.get(recordKey(collection.table, record), view.snapshot);
  if (bytes === undefined) return null;
  used.documents += 1;
  const row = new Row(record, bytes);
  return plan.exact || query.filter.test(row.tree) ? row : null;
}

/** Leaves out the first rows and ends after the limit; 0 is no limit. */
export function* window<T>(rows: Iterable<T | null>, skip: number, limit: number): Generator<T | null> {
  let left = skip;
  let taken = 0;
  for (const row of rows) {
    if (row !== null && left > 0) {
      left -= 1;
      continue;
    }
    yield row;
    if (row !== null) taken += 1;
    if (limit > 0 && taken >= limit) return;
  }
}

function* candidates(view: View, collection: Collection, plan: Plan, query: Query, used: Used): Generator<Row | null> {
  const overlay = view.overlay(collection.table);
  const mayRepeat = plan.index?.multikey === true || plan.ranges.length > 1 || plan.branches.length > 0;
  const seen = mayRepeat ? new Set<number>() : null;
  for (const found of source(view, collection, plan, query, used)) {
    if (found === null) {
      yield null;
      continue;
    }
    if (overlay?.has(found.record)) continue;
    if (seen !== null) {
      if (seen.has(found.record)) continue;
      seen.add(found.record);
    }
    used.documents += 1;
    if (plan.exact) yield found;
    else if (query.filter.test(found.tree)) yield found.settle();
  }
  for (const row of overlay?.values() ?? []) if (row !== null && query.filter.test(row.tree)) yield row;
}

function source(view: View, collection: Collection, plan: Plan, query: Query, used: Used): Iterable<Row | null> {
  if (isScan(plan)) return scanTable(view, plan);
  if (plan.index !== null) return scanIndex(view, collection, plan, plan.index, used);
  const branches = plan.branches.map((branch) => source(view, collection, branch, query, used));
  return query.sort.length > 0 && plan.order === 'merged'
    ? mergeSorted(branches, query.sort, (row) => row.tree)
    : inTurn(branches);
}

function* inTurn(sources: readonly Iterable<Row | null>[]): Generator<Row | null> {
  for (const each of sources) yield* each;
}

function* scanTable(view: View, plan: Plan): Generator<Row | null> {
  for (const range of plan.ranges) {
    const cursor = new RangeCursor(view, range, plan.reverse, true);
    for (let entry = cursor.next(); entry !== null; entry = cursor.next()) {
      yield new Row(recordOf(entry.key), entry.value as Buffer);
      if (view.clock.due()) yield null;
    }
  }
}

function* scanIndex(view: View, collection: Collection, plan: Plan, index: Index, used: Used): Generator<Row | null> {
  const cursors = plan.ranges.map((range) => new RangeCursor(view, range, plan.reverse, index.unique));
  if (plan.reverse) cursors.reverse();
  const groups = plan.order === 'merged' && cursors.length > 1 ? [new Merge(cursors, plan.reverse)] : cursors;
  for (const source of groups)
    for (let entry = source.next(); entry !== null; entry = source.next()) {
      used.keys += 1;
      const record = recordOfEntry(index, entry.key, entry.value);
      const bytes = view.env.get(recordKey(collection.table, record), view.snapshot);
      if (bytes !== undefined) yield new Row(record, bytes);
      if (view.clock.due()) yield null;
    }
}

/** The number of answers of a plan with exact bounds, by its keys alone; null when documents must be looked at. */
export function* countKeys(view: View, plan: Plan): Generator<number | null> {
  const { env, snapshot, clock } = view;
  for (const range of plan.ranges) {
    let after: Buffer | undefined;
    for (;;) {
      const last = env.nth(range, COUNTED_AT_ONCE, { after, snapshot });
      yield last === undefined ? env.count(range, { after, snapshot }) : COUNTED_AT_ONCE;
      if (clock.due()) yield null;
      if (last === undefined) break;
      after = last;
    }
  }
}
