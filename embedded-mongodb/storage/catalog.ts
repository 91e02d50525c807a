import { randomUUID } from 'node:crypto';
import { decode } from '../bson/decode.ts';
import { encode } from '../bson/encode.ts';
import { toDouble } from '../bson/numbers.ts';
import { Bin, type Doc, doc, type Value } from '../bson/values.ts';
import type { Environment } from './environment.ts';
import { type Index, indexOf } from './index.ts';
import { CATALOG, catalogKey, countKey, FORMAT, META, recordOf, tableRange } from './tables.ts';
import { UPGRADED_FORMAT, upgradeUnique } from './upgrade.ts';

/** A collection as it stands in memory. `count` is the committed one; a record id that was rolled back leaves a gap. */
export interface Collection {
  readonly ns: string;
  readonly db: string;
  readonly name: string;
  readonly table: number;
  readonly uuid: Bin;
  readonly options: Doc;
  indexes: readonly Index[];
  nextRecord: number;
  count: number;
}

/** What a transaction needs of a collection that exists in it alone, until it commits. */
export function collectionOf(ns: string, table: number, options: Doc, indexes: readonly Index[]): Collection {
  const dot = ns.indexOf('.');
  const uuid = new Bin(4, Buffer.from(randomUUID().replaceAll('-', ''), 'hex'));
  return {
    ns,
    db: ns.slice(0, dot),
    name: ns.slice(dot + 1),
    table,
    uuid,
    options,
    indexes,
    nextRecord: 1,
    count: 0,
  };
}

/** The collections of the file. Memory follows disk: it is changed by after-commit actions only. */
export class Catalog {
  private readonly env: Environment;
  private readonly collections = new Map<string, Collection>();
  private nextTable = 1;

  /** `log` is told before anything that may take long. Throws for a file of an unknown format. */
  constructor(env: Environment, log: (line: string) => void = () => undefined) {
    this.env = env;
    this.load(log);
  }

  get(ns: string): Collection | undefined {
    return this.collections.get(ns);
  }

  all(): Collection[] {
    return [...this.collections.values()];
  }

  of(db: string): Collection[] {
    return this.all().filter((collection) => collection.db === db);
  }

  /** A table id that was never used before. Persisted with the next catalog record. */
  newTable(): number {
    return this.nextTable++;
  }

  /** A new collection with its `_id_` index, not yet stored. */
  draft(ns: string, options: Doc): Collection {
    const id = indexOf(this.newTable(), idIndexSpec(), { multikey: false, long: false });
    return collectionOf(ns, this.newTable(), options, [id]);
  }

  /** Writes the catalog record; to be called inside a write. `built` is an index that this write finishes. */
  store(collection: Collection, indexes: readonly Index[] = collection.indexes, built: Index | null = null): void {
    const record = doc({
      ns: collection.ns,
      table: collection.table,
      uuid: collection.uuid,
      options: collection.options,
      indexes: indexes.map((index) =>
        doc({
          table: index.table,
          spec: index.spec,
          multikey: index.multikey,
          long: index.long,
          building: (index.building && index !== built) || undefined,
        }),
      ),
    });
    this.env.put(catalogKey(collection.ns), encode(record));
    this.storeMeta();
  }

  private storeMeta(): void {
    this.env.put(META, encode(doc({ format: FORMAT, nextTable: this.nextTable })));
  }

  storeCount(table: number, count: number): void {
    const value = Buffer.allocUnsafe(8);
    value.writeDoubleBE(count);
    this.env.put(countKey(table), value);
  }

  /** Removes the catalog record and returns the tables that belonged to it; to be called inside a write. */
  erase(collection: Collection): number[] {
    this.env.remove(catalogKey(collection.ns));
    this.env.remove(countKey(collection.table));
    return [collection.table, ...collection.indexes.map((index) => index.table)];
  }

  /** Gives a collection another name; to be called inside a write. */
  rename(from: Collection, to: Collection): void {
    this.env.remove(catalogKey(from.ns));
    this.store(to);
  }

  /** After a commit: the collection is there. */
  add(collection: Collection): void {
    this.collections.set(collection.ns, collection);
  }

  /** After a commit: the collection is gone. */
  forget(ns: string): void {
    this.collections.delete(ns);
  }

  private load(log: (line: string) => void): void {
    const meta = this.env.get(META);
    let format: Value | undefined;
    if (meta !== undefined) {
      const fields = decode(meta);
      format = fields.get('format');
      if (format !== FORMAT && format !== UPGRADED_FORMAT)
        throw new Error(`the data file has format ${String(format)}, this version reads ${FORMAT}`);
      this.nextTable = toDouble(fields.get('nextTable') as number);
    }
    for (const { value } of this.env.entries(CATALOG)) this.add(this.read(decode(value)));
    if (format === UPGRADED_FORMAT) this.upgrade(log);
  }

  private upgrade(log: (line: string) => void): void {
    for (const { ns, indexes } of this.collections.values())
      for (const index of indexes.filter(({ unique }) => unique)) {
        log(`the data file has format ${UPGRADED_FORMAT}: writing index ${index.name} of ${ns} anew`);
        upgradeUnique(this.env, index);
      }
    this.env.write(() => this.storeMeta());
  }

  private read(record: Doc): Collection {
    const indexes = (record.get('indexes') as Value[]).map((item) => {
      const index = item as Doc;
      const flags = { multikey: index.get('multikey') === true, long: index.get('long') === true };
      const read = indexOf(index.get('table') as number, index.get('spec') as Doc, flags);
      read.building = index.get('building') === true;
      return read;
    });
    const table = record.get('table') as number;
    const collection = collectionOf(record.get('ns') as string, table, record.get('options') as Doc, indexes);
    const last = this.env.keys(tableRange(table), { limit: 1, reverse: true })[0];
    const count = this.env.get(countKey(table));
    return {
      ...collection,
      uuid: record.get('uuid') as Bin,
      nextRecord: last === undefined ? 1 : recordOf(last) + 1,
      count: count === undefined ? 0 : count.readDoubleBE(0),
    };
  }
}

function idIndexSpec(): Doc {
  return doc({ v: 2, key: doc({ _id: 1 }), name: '_id_' });
}
