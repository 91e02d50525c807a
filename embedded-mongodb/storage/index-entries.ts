import type { Environment } from './environment.ts';
import type { Index } from './index.ts';
import { indexKey, indexPrefix, PRESENT, recordBytes, recordIn, recordOf } from './tables.ts';

// What an index keeps of a document. The keys of a unique index are its fields alone and their value is the record, so
// that who has a key is one lookup and no walk, for which lmdb makes a cursor that costs three lookups.

/** The key under which an index keeps a record. */
export function entryKey(index: Index, fields: Buffer, record: number): Buffer {
  return index.unique ? indexPrefix(index.table, fields) : indexKey(index.table, fields, record);
}

/** What stands there. */
export function entryValue(index: Index, record: number): Buffer {
  return index.unique ? recordBytes(record) : PRESENT;
}

/** The record of an entry that was read; of a unique index with its value. */
export function recordOfEntry(index: Index, key: Buffer, value: Buffer | undefined): number {
  return index.unique ? recordIn(value as Buffer) : recordOf(key);
}

/** Writes an entry. */
export function addEntry(env: Environment, index: Index, fields: Buffer, record: number): void {
  env.put(entryKey(index, fields, record), entryValue(index, record));
}

/** Takes an entry away. */
export function removeEntry(env: Environment, index: Index, fields: Buffer, record: number): void {
  // In a unique index that is still being filled the key may stand for another document that has it too.
  if (index.unique && index.building && ownerOf(env, index, fields) !== record) return;
  env.remove(entryKey(index, fields, record));
}

/** The record that holds a key of a unique index, null when none does. */
export function ownerOf(env: Environment, index: Index, fields: Buffer): number | null {
  const found = env.get(indexPrefix(index.table, fields));
  return found === undefined ? null : recordIn(found);
}
