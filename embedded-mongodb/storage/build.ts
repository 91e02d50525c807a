import { decode } from '../bson/decode.ts';
import type { Engine } from '../engine.ts';
import { ServerError } from '../errors.ts';
import type { Collection } from './catalog.ts';
import { duplicateKey } from './duplicate.ts';
import type { Environment } from './environment.ts';
import { type Index, keysOf } from './index.ts';
import { addKey, ownerOf } from './statement.ts';
import { recordOf, tableRange } from './tables.ts';

/** What one group of a build may take with its commit, and the least and most that is put into one. */
const GROUP_MS = 6;
const LEAST_MS = 0.5;
const MOST_MS = 3;
const AT_ONCE = 32;

/** Up to so many documents an index is built in the statement that creates it. */
export const SMALL = 200;

/**
 * Writes the keys of documents behind `after` for one slice and returns the last one it did, null at the end. Code
 * 11000 when two documents share a key of a unique index.
 */
export function fillSlice(
  env: Environment,
  collection: Collection,
  index: Index,
  after: Buffer | undefined,
  sliceMs: number,
): Buffer | null {
  const end = performance.now() + sliceMs;
  let last = after;
  for (;;) {
    const entries = env.entries(tableRange(collection.table), { limit: AT_ONCE, after: last });
    for (const { key, value } of entries) fillOne(env, collection, index, recordOf(key), value);
    if (entries.length < AT_ONCE) return null;
    last = entries.at(-1)?.key;
    if (performance.now() > end) return last ?? null;
  }
}

function fillOne(env: Environment, collection: Collection, index: Index, record: number, bytes: Buffer): void {
  const tree = decode(bytes);
  const { keys, multi, long } = keysOf(index, tree);
  index.multikey ||= multi;
  index.long ||= long;
  for (const fields of keys) {
    const owner = index.unique ? ownerOf(env, index, fields) : null;
    if (owner !== null && owner !== record) throw duplicateKey(collection.ns, index, tree);
    addKey(env, index, fields, record);
  }
}

/**
 * Fills an index that is marked `building`, slice by slice; writers have kept its keys since it was marked. When it
 * cannot be built it is taken away again.
 */
export async function buildSliced(engine: Engine, collection: Collection, index: Index): Promise<void> {
  engine.building.add(index);
  try {
    let after: Buffer | null | undefined;
    let sliceMs = MOST_MS;
    while (after !== null) {
      const from: Buffer | undefined = after;
      after = await engine.groups.submit(() => {
        assertThere(engine, collection, index);
        return fillSlice(engine.env, collection, index, from, sliceMs);
      });
      // Keys go everywhere in the index, so the pages to be flushed grow with the slice: what it costs is seen afterwards.
      sliceMs = engine.groups.lastMs > GROUP_MS ? Math.max(LEAST_MS, sliceMs / 2) : Math.min(MOST_MS, sliceMs * 1.25);
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
    engine.building.delete(index);
  }
}

function assertThere(engine: Engine, collection: Collection, index: Index): void {
  if (engine.catalog.get(collection.ns) !== collection || !collection.indexes.includes(index))
    throw new ServerError(276, `Index build failed: ${collection.ns}: the index was dropped`);
}

/** Takes indexes away; their keys are swept. */
export async function removeIndexes(engine: Engine, collection: Collection, dropped: readonly Index[]): Promise<void> {
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
