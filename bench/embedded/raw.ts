import { join } from 'node:path';
import { serialize } from 'bson';
import { open } from 'lmdb';
import type { Document } from 'mongodb';
import { decode } from '#embedded-mongodb/bson/decode.ts';
import { doc, type Value } from '#embedded-mongodb/bson/values.ts';
import { type Index, indexOf, keysOf } from '#embedded-mongodb/storage/index.ts';
import { entryKey, entryValue } from '#embedded-mongodb/storage/index-entries.ts';
import { recordKey } from '#embedded-mongodb/storage/tables.ts';

interface Lmdb {
  putSync(key: Buffer, value: Buffer): void;
  transactionSync(action: () => void): void;
  getRange(options: object): { readonly asArray: { readonly key: Buffer; readonly value: Buffer }[] };
  getKeysCount(options: object): number;
  close(): Promise<void>;
}

/** One put of lmdb. */
type Put = readonly [key: Buffer, value: Buffer];

/** lmdb alone, in this process: what no database on top of it can be quicker than. */
export class Raw {
  private readonly lmdb: Lmdb;

  constructor(folder: string) {
    const path = join(folder, 'raw.mdb');
    const options = { path, keyEncoding: 'binary', encoding: 'binary', overlappingSync: false, cache: false } as const;
    this.lmdb = open(options) as unknown as Lmdb;
  }

  /** Writes in one transaction, which is on disk when it returns. */
  write(puts: readonly Put[]): void {
    this.lmdb.transactionSync(() => {
      for (const [key, value] of puts) this.lmdb.putSync(key, value);
    });
  }

  /** Reads all values between two keys in chunks; returns how many bytes they have. */
  read(start: Buffer, end: Buffer): number {
    let bytes = 0;
    let after: Buffer | undefined;
    for (;;) {
      const from = { start: after ?? start, exclusiveStart: after !== undefined };
      const chunk = this.lmdb.getRange({ ...from, end, limit: 128 }).asArray;
      for (const { value } of chunk) bytes += value.length;
      if (chunk.length < 128) return bytes;
      after = chunk.at(-1)?.key;
    }
  }

  count(start: Buffer, end: Buffer): number {
    return this.lmdb.getKeysCount({ start, end });
  }

  close(): Promise<void> {
    return this.lmdb.close();
  }
}

/** The indexes of a collection as the database makes its keys, in the tables behind that of the documents. */
export function indexesOf(given: readonly { readonly key: object; readonly unique?: boolean }[], table = 1): Index[] {
  return given.map(({ key, unique }, i) => {
    const spec = doc({ v: 2, key: doc(key as Record<string, Value>), name: `i${i}`, unique });
    return indexOf(table + 1 + i, spec, { multikey: false, long: false });
  });
}

/** What is put for such documents: each with its keys in all indexes. */
export function putsOf(documents: readonly Document[], indexes: readonly Index[], from: number, table = 1): Put[] {
  return documents.flatMap((document, i) => {
    const bytes = Buffer.from(serialize(document));
    const tree = decode(bytes);
    const keys = indexes.flatMap((index) =>
      keysOf(index, tree).keys.map((fields): Put => [entryKey(index, fields, from + i), entryValue(index, from + i)]),
    );
    const stored: Put = [recordKey(table, from + i), bytes];
    return [stored, ...keys];
  });
}
