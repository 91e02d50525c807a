import type { Range } from './environment.ts';

// The layout of the one database. Table 0 is the catalog's: [u32 0][kind][...]; every collection and every index has a
// table of its own: [u32 table][...]. All integers are big-endian so that byte order is number order.

/** Format of the file; a file of an unknown one is not opened. */
export const FORMAT = 2;

const RECORD_BYTES = 6;
const KIND = { catalog: 0, retry: 1, count: 2, meta: 3, tombstone: 4 } as const;

/** The value of an index key that says everything itself. */
export const PRESENT = Buffer.from([1]);

function u32(value: number): Buffer {
  const out = Buffer.allocUnsafe(4);
  out.writeUInt32BE(value);
  return out;
}

/** All keys of a collection or an index. */
export function tableRange(table: number): Range {
  return { start: u32(table), end: u32(table + 1) };
}

/** The key of a document; record order is natural order. */
export function recordKey(table: number, record: number): Buffer {
  const out = Buffer.allocUnsafe(4 + RECORD_BYTES);
  out.writeUInt32BE(table);
  out.writeUIntBE(record, 4, RECORD_BYTES);
  return out;
}

/** The key of an entry of an index that is not unique: the encoded fields, then the record. */
export function indexKey(index: number, fields: Uint8Array, record: number): Buffer {
  const out = Buffer.allocUnsafe(4 + fields.length + RECORD_BYTES);
  out.writeUInt32BE(index);
  out.set(fields, 4);
  out.writeUIntBE(record, 4 + fields.length, RECORD_BYTES);
  return out;
}

/** The key of an entry of a unique index; the first bytes of all entries of any index that start with these fields. */
export function indexPrefix(index: number, fields: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(4 + fields.length);
  out.writeUInt32BE(index);
  out.set(fields, 4);
  return out;
}

/** The record that the key of a document or of an entry of an index that is not unique ends with. */
export function recordOf(key: Buffer): number {
  return key.readUIntBE(key.length - RECORD_BYTES, RECORD_BYTES);
}

/** A record as the value of an entry of a unique index. */
export function recordBytes(record: number): Buffer {
  const out = Buffer.allocUnsafe(RECORD_BYTES);
  out.writeUIntBE(record, 0, RECORD_BYTES);
  return out;
}

/** The record that the value of an entry of a unique index is. */
export function recordIn(value: Buffer): number {
  return value.readUIntBE(0, RECORD_BYTES);
}

/** The table that a key belongs to. */
export function tableOf(key: Buffer): number {
  return key.readUInt32BE(0);
}

/** The encoded fields inside the key of an entry of an index that is not unique. */
export function fieldsOf(key: Buffer): Buffer {
  return key.subarray(4, key.length - RECORD_BYTES);
}

/** All catalog records. */
export const CATALOG: Range = {
  start: Buffer.from([0, 0, 0, 0, KIND.catalog]),
  end: Buffer.from([0, 0, 0, 0, KIND.retry]),
};

/** All records of retryable writes and commits. */
export const RETRIES: Range = {
  start: Buffer.from([0, 0, 0, 0, KIND.retry]),
  end: Buffer.from([0, 0, 0, 0, KIND.count]),
};

/** The marks of dropped tables that are not yet empty. */
export const TOMBSTONES: Range = {
  start: Buffer.from([0, 0, 0, 0, KIND.tombstone]),
  end: Buffer.from([0, 0, 0, 0, KIND.tombstone + 1]),
};

/** The key of a dropped table's mark. */
export function tombstoneKey(table: number): Buffer {
  return Buffer.concat([TOMBSTONES.start, u32(table)]);
}

/** The key of the file's own record: format and next table. */
export const META = Buffer.from([0, 0, 0, 0, KIND.meta]);

/** The key of a collection's catalog record. */
export function catalogKey(ns: string): Buffer {
  return Buffer.concat([CATALOG.start, Buffer.from(ns, 'utf8')]);
}

/** The key of a collection's document count. */
export function countKey(table: number): Buffer {
  return Buffer.concat([RETRIES.end, u32(table)]);
}

/** The key of what a statement of a retryable write answered; the session is the 16 bytes of its id. */
export function retryKey(session: Uint8Array, statement: number): Buffer {
  const { start } = RETRIES;
  const out = Buffer.allocUnsafe(start.length + session.length + 4);
  out.set(start);
  out.set(session, start.length);
  out.writeUInt32BE(statement, start.length + session.length);
  return out;
}

/** All retry records of one session. */
export function retryRange(session: Uint8Array): Range {
  return { start: retryKey(session, 0), end: retryKey(session, 0xffffffff) };
}
