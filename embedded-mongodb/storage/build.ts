import { decode } from '../bson/decode.ts';
import { ServerError } from '../errors.ts';
import { Clock } from '../query/clock.ts';
import type { Catalog, Collection } from './catalog.ts';
import { duplicateKey } from './duplicate.ts';
import type { Environment } from './environment.ts';
import type { Groups } from './group.ts';
import { type Index, keysOf } from './index.ts';
import { addEntry, ownerOf } from './index-entries.ts';
import { Runs } from './runs.ts';
import type { Sweeper } from './sweep.ts';
import { fieldsOf, indexKey, recordKey, recordOf, tableRange } from './tables.ts';

/** What an index is built on. */
export interface Grounds {
  readonly env: Environment;
  readonly catalog: Catalog;
  readonly groups: Groups;
  readonly sweeper: Sweeper;
  /** Indexes that somebody is building right now. */
  readonly building: Set<Index>;
  readonly log: (line: string) => void;
  /** Lets a statement wait for a transaction that has changed the collection. */
  assertUntouched(collection: Collection): void;
}

/** What one group of a build may take with its commit, and the least and most that is put into one. */
const GROUP_MS = 5;
const LEAST_MS = 0.5;
const MOST_MS = 2;

/** Documents that are read, and keys that are placed, between two looks at the clock. */
const AT_ONCE = 32;

/** Bytes of keys that wait to be placed. */
const MOST_WAITING = 64 * 1024 * 1024;

/** Up to so many documents an index is built in the statement that creates it. */
export const SMALL = 200;

/** Writes the keys of all documents of a small collection. Code 11000 when two share a key of a unique index. */
export function fillAtOnce(env: Environment, collection: Collection, index: Index): void {
  for (const { key, value } of env.entries(tableRange(collection.table)))
    for (const fields of keysIn(index, value)) place(env, collection, index, fields, recordOf(key));
}

/** The keys of a stored document; notes what they tell about the index. */
function keysIn(index: Index, bytes: Buffer): readonly Buffer[] {
  const { keys, multi, long } = keysOf(index, decode(bytes));
  index.multikey ||= multi;
  index.long ||= long;
  return keys;
}

function place(env: Environment, collection: Collection, index: Index, fields: Buffer, record: number): void {
  const owner = index.unique ? ownerOf(env, index, fields) : null;
  if (owner !== null && owner !== record) {
    const bytes = env.get(recordKey(collection.table, record));
    throw duplicateKey(collection.ns, index, bytes === undefined ? new Map() : decode(bytes));
  }
  addEntry(env, index, fields, record);
}

/**
 * Fills an index that is marked `building`: its keys are gathered outside of any statement, sorted, and placed in their
 * order, which touches each page of the index once. Documents that are written meanwhile are left to their writers, who
 * put all their keys. When it cannot be built it is taken away again.
 */
export async function buildSliced(engine: Grounds, collection: Collection, index: Index): Promise<void> {
  engine.building.add(index);
  index.touched = new Set();
  try {
    const clock = new Clock(0);
    let after: Buffer | null | undefined;
    while (after !== null) {
      const runs = new Runs();
      after = await gather(engine, collection, index, after, runs, clock);
      await placeAll(engine, collection, index, runs);
    }
    await engine.groups.submit((statement) => {
      assertThere(engine, collection, index);
      const flags = { multikey: index.multikey, long: index.long };
      engine.catalog.store(collection, collection.indexes, index);
      statement.afterCommit(() => {
        index.building = false;
        index.stored = flags;
      });
    }, true);
  } catch (error) {
    // On a full disk this fails too: the index is then built by the next one who asks for it.
    await removeIndexes(engine, collection, [index]).catch((left: unknown) =>
      engine.log(`an unfinished index stays: ${String(left)}`),
    );
    throw error;
  } finally {
    index.touched = null;
    engine.building.delete(index);
  }
}

/** Gathers the keys of documents behind `after`; returns the last one when there is no room for more, null at the end. */
async function gather(
  engine: Grounds,
  collection: Collection,
  index: Index,
  after: Buffer | undefined,
  runs: Runs,
  clock: Clock,
): Promise<Buffer | null> {
  let last = after;
  clock.begin();
  for (;;) {
    assertThere(engine, collection, index);
    const entries = engine.env.entries(tableRange(collection.table), { limit: AT_ONCE, after: last });
    for (const { key, value } of entries) {
      for (const fields of keysIn(index, value)) runs.add(indexKey(index.table, fields, recordOf(key)));
      if (clock.due()) await clock.pause();
    }
    if (entries.length < AT_ONCE) return null;
    last = entries.at(-1)?.key;
    if (runs.bytes > MOST_WAITING) return last ?? null;
  }
}

/** Writes gathered keys, group by group; what a group costs with its commit is seen afterwards. */
async function placeAll(engine: Grounds, collection: Collection, index: Index, runs: Runs): Promise<void> {
  const keys = runs.inOrder();
  let next = keys.next();
  let sliceMs = MOST_MS;
  while (next.done !== true) {
    // Alone: what another statement of the same group had changed would not be known yet.
    await engine.groups.submit(() => {
      assertThere(engine, collection, index);
      const end = performance.now() + sliceMs;
      for (let n = 1; next.done !== true; n++) {
        const record = recordOf(next.value);
        if (index.touched?.has(record) !== true) place(engine.env, collection, index, fieldsOf(next.value), record);
        next = keys.next();
        if (n % AT_ONCE === 0 && performance.now() > end) break;
      }
    }, true);
    sliceMs = engine.groups.lastMs > GROUP_MS ? Math.max(LEAST_MS, sliceMs / 2) : Math.min(MOST_MS, sliceMs * 1.25);
  }
}

function assertThere(engine: Grounds, collection: Collection, index: Index): void {
  if (engine.catalog.get(collection.ns) !== collection || !collection.indexes.includes(index))
    throw new ServerError(276, `Index build failed: ${collection.ns}: the index was dropped`);
}

/** Takes indexes away; their keys are swept. */
export async function removeIndexes(engine: Grounds, collection: Collection, dropped: readonly Index[]): Promise<void> {
  await engine.groups.submit((statement) => {
    if (engine.catalog.get(collection.ns) !== collection) return;
    engine.assertUntouched(collection);
    const gone = dropped.filter((index) => collection.indexes.includes(index));
    const indexes = collection.indexes.filter((index) => !gone.includes(index));
    engine.catalog.store(collection, indexes);
    engine.sweeper.bury(
      gone.map((index) => index.table),
      statement,
    );
    statement.afterCommit(() => {
      collection.indexes = indexes;
    });
  }, true);
}
