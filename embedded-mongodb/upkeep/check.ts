import { decode } from '../bson/decode.ts';
import { encode } from '../bson/encode.ts';
import { hashOf } from '../bson/key.ts';
import type { Doc } from '../bson/values.ts';
import { Catalog, type Collection } from '../storage/catalog.ts';
import type { Environment } from '../storage/environment.ts';
import { type Index, keysOf } from '../storage/index.ts';
import { entryKey, entryValue } from '../storage/index-entries.ts';
import { recordOf, TOMBSTONES, tableOf, tableRange } from '../storage/tables.ts';

/** What a check has found; `faults` are sentences, none when the file is sound. */
export interface Report {
  readonly collections: number;
  readonly documents: number;
  readonly keys: number;
  readonly faults: readonly string[];
}

interface Counted {
  documents: number;
  keys: number;
  readonly faults: string[];
}

const AT_ONCE = 1000;

/**
 * Verifies a file that nobody writes: every document is valid BSON with an `_id` in front, the keys of each index are
 * exactly those of the documents, unique keys are unique, counts and flags agree, and no table belongs to nobody.
 */
export function check(env: Environment): Report {
  const catalog = new Catalog(env);
  const counted: Counted = { documents: 0, keys: 0, faults: [] };
  for (const collection of catalog.all()) checkCollection(env, collection, counted);
  checkTables(env, catalog, counted);
  return { collections: catalog.all().length, ...counted };
}

function checkCollection(env: Environment, collection: Collection, counted: Counted): void {
  // One that is still being built is not used, and taken away at the next start.
  const sound = collection.indexes.filter((index) => !index.building);
  const expected = new Map(sound.map((index) => [index, 0]));
  let documents = 0;
  for (const { key, value } of entries(env, collection.table)) {
    documents += 1;
    const record = recordOf(key);
    const tree = readable(value);
    if (tree === null) {
      counted.faults.push(`${collection.ns}: record ${record} is not a valid document`);
      continue;
    }
    for (const index of sound)
      expected.set(index, (expected.get(index) ?? 0) + checkKeys(env, collection, index, record, tree, counted));
  }
  counted.documents += documents;
  if (documents !== collection.count)
    counted.faults.push(`${collection.ns}: ${documents} documents, but a count of ${collection.count}`);
  for (const [index, keys] of expected) checkIndex(env, collection, index, keys, counted);
}

function* entries(env: Environment, table: number): Generator<{ key: Buffer; value: Buffer }> {
  let after: Buffer | undefined;
  for (;;) {
    const chunk = env.entries(tableRange(table), { limit: AT_ONCE, after });
    yield* chunk;
    if (chunk.length < AT_ONCE) return;
    after = chunk.at(-1)?.key;
  }
}

function readable(bytes: Buffer): Doc | null {
  try {
    const tree = decode(bytes);
    return tree.keys().next().value === '_id' && encode(tree).length <= bytes.length ? tree : null;
  } catch {
    return null;
  }
}

/** Looks for the keys of one document in an index and returns how many there should be. */
function checkKeys(
  env: Environment,
  collection: Collection,
  index: Index,
  record: number,
  tree: Doc,
  counted: Counted,
): number {
  const { keys, multi, long } = keysOf(index, tree);
  const where = `${collection.ns}, index ${index.name}`;
  if ((multi && !index.multikey) || (long && !index.long))
    counted.faults.push(`${where}: the flags do not tell of record ${record}`);
  for (const key of keys)
    if (env.get(entryKey(index, key, record))?.equals(entryValue(index, record)) !== true)
      counted.faults.push(`${where}: a key of _id ${JSON.stringify(hashOf(tree.get('_id')))} is missing`);
  return keys.length;
}

// Every expected key is there and there are no more of them: the two sets are the same.
function checkIndex(env: Environment, collection: Collection, index: Index, expected: number, counted: Counted): void {
  const found = env.count(tableRange(index.table));
  counted.keys += found;
  const where = `${collection.ns}, index ${index.name}`;
  if (found !== expected) counted.faults.push(`${where}: ${found} keys, but the documents have ${expected}`);
}

/** Walks from table to table; those of nobody are left from what was never finished. */
function checkTables(env: Environment, catalog: Catalog, counted: Counted): void {
  const known = new Set([0, ...env.keys(TOMBSTONES).map((mark) => tableOf(mark.subarray(-4)))]);
  for (const collection of catalog.all()) {
    known.add(collection.table);
    for (const index of collection.indexes) known.add(index.table);
  }
  for (let table = 0; ; table += 1) {
    const [first] = env.keys({ start: tableRange(table).start, end: tableRange(0xfffffffe).end }, { limit: 1 });
    if (first === undefined) return;
    table = tableOf(first);
    if (!known.has(table)) counted.faults.push(`table ${table} belongs to no collection`);
  }
}
