import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Collection, type Document, MongoClient } from 'mongodb';
import { afterAll, describe, expect, it } from 'vitest';
import { encode, encodeStored } from '#embedded-mongodb/bson/encode.ts';
import { doc } from '#embedded-mongodb/bson/values.ts';
import { Engine } from '#embedded-mongodb/engine.ts';
import { start } from '#embedded-mongodb/start.ts';
import { Catalog } from '#embedded-mongodb/storage/catalog.ts';
import { Environment } from '#embedded-mongodb/storage/environment.ts';
import { indexOf, keysOf } from '#embedded-mongodb/storage/index.ts';
import { addEntry, ownerOf } from '#embedded-mongodb/storage/index-entries.ts';
import { indexKey, META, PRESENT, recordIn, TOMBSTONES, tableRange } from '#embedded-mongodb/storage/tables.ts';
import { Upkeep } from '#embedded-mongodb/storage/ttl.ts';
import { checkFile } from '#embedded-mongodb/upkeep/backup.ts';
import { newFolder, rejection } from './support/database.ts';

const folders: string[] = [];

/** A served folder; `use` has it as long as it runs. Returns the folder and its file. */
async function served(use: (rows: Collection<Document>) => Promise<void>, dataDir = newFolder()): Promise<string> {
  folders.push(dataDir);
  const server = await start({ dataDir, host: 'inline' });
  const client = await MongoClient.connect(server.uri);
  await use(client.db('test').collection('rows'));
  await client.close();
  await server.close();
  return dataDir;
}

const fileOf = (dataDir: string) => join(dataDir, 'db', 'data.mdb');
const documents = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({ a: from + i, b: i % 7, tags: [i % 5, i % 3] }));

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('An index over many documents', () => {
  it('is built while others write, and holds what they wrote', async () => {
    const dataDir = await served(async (rows) => {
      await rows.insertMany(documents(0, 3000));
      let building = true;
      const writes = async (lane: number): Promise<void> => {
        for (let i = 0; building; i++) {
          await rows.insertOne({ a: 10_000 * (lane + 1) + i, b: 1, tags: [9] });
          await rows.updateOne({ a: lane * 700 + i }, { $set: { b: 99, tags: [] } });
          await rows.deleteOne({ a: lane * 700 + 600 - i });
        }
      };
      const lanes = [0, 1, 2].map(writes);
      await rows.createIndexes([
        { key: { b: 1, a: -1 }, name: 'b' },
        { key: { tags: 1 }, name: 'tags' },
      ]);
      await rows.createIndex({ a: 1 }, { unique: true });
      building = false;
      await Promise.all(lanes);
      for (const filter of [{ b: 99 }, { tags: 9 }, { a: { $gte: 10_000 } }] as Document[])
        expect(await rows.countDocuments(filter)).toBe(await rows.countDocuments(filter, { hint: { $natural: 1 } }));
    });
    expect((await checkFile(fileOf(dataDir))).faults).toEqual([]);
  });

  it('is not there when two documents share a unique key', async () => {
    const dataDir = await served(async (rows) => {
      await rows.insertMany([...documents(0, 400), { a: 17 }]);
      expect((await rejection(rows.createIndex({ a: 1 }, { unique: true }))).code).toBe(11000);
      expect((await rows.indexes()).map((index) => index.name)).toEqual(['_id_']);
      await rows.insertOne({ a: 17 });
    });
    expect((await checkFile(fileOf(dataDir))).faults).toEqual([]);
  });

  it('is made once by many who want it at the same time', async () => {
    const dataDir = await served(async (rows) => {
      await rows.insertMany(documents(0, 1000));
      await Promise.all(Array.from({ length: 8 }, () => rows.createIndex({ a: 1 })));
      expect(await rows.indexes()).toHaveLength(2);
    });
    expect((await checkFile(fileOf(dataDir))).faults).toEqual([]);
  });

  it('keeps the key of one document when another one that has it too is written meanwhile', async () => {
    const dataDir = newFolder();
    folders.push(dataDir);
    const engine = new Engine(join(dataDir, 'db'), () => undefined);
    const rows = await engine.createCollection('test.rows', new Map());
    const tree = (id: number, a: number) => doc({ _id: id, a });
    const [one, two, three] = await engine.groups.submit((statement) =>
      [1, 2, 3].map((id) => statement.insert(rows, encodeStored(tree(id, 7)), tree(id, 7))),
    );
    const spec = doc({ v: 2, key: doc({ a: 1 }), name: 'a', unique: true });
    const index = indexOf(engine.catalog.newTable(), spec, { multikey: false, long: false });
    index.building = true;
    rows.indexes = [...rows.indexes, index];
    const fields = keysOf(index, tree(1, 7)).keys[0] as Buffer;
    // As the build does with the first document.
    await engine.groups.submit(() => addEntry(engine.env, index, fields, one as number));
    await engine.groups.submit((statement) =>
      statement.replace(rows, two as number, encodeStored(tree(2, 8)), tree(2, 8), tree(2, 7)),
    );
    expect(ownerOf(engine.env, index, fields)).toBe(one);
    const changed = doc({ _id: 3, a: 7, more: 1 });
    const applied = engine.groups.submit((statement) =>
      statement.apply(rows, [[three as number, { bytes: encodeStored(changed), tree: changed }]]),
    );
    expect((await rejection(applied)).code).toBe(11000);
    await engine.groups.submit((statement) => statement.remove(rows, three as number, tree(3, 7)));
    expect(ownerOf(engine.env, index, fields)).toBe(one);
    await engine.close();
  });

  it('is taken away at the start when its build was cut off', async () => {
    const dataDir = await served(async (rows) => {
      await rows.insertMany(documents(0, 300));
      await rows.createIndex({ a: 1 });
    });
    const engine = new Engine(join(dataDir, 'db'), () => undefined);
    const rows = engine.catalog.get('test.rows');
    const index = rows?.indexes[1];
    if (rows === undefined || index === undefined) throw new Error('no index');
    index.building = true;
    engine.env.write(() => engine.catalog.store(rows));
    await engine.close();
    await served(async (collection) => {
      expect(await collection.indexes()).toHaveLength(1);
      expect(await collection.countDocuments({ a: 5 })).toBe(1);
    }, dataDir);
    expect((await checkFile(fileOf(dataDir))).faults).toEqual([]);
  });
});

describe('A file of the format before this one', () => {
  it.each(['whole', 'half way through'])('is brought along: %s', async (state) => {
    const dataDir = await served(async (rows) => {
      await rows.createIndex({ a: 1 }, { unique: true });
      await rows.createIndex({ b: 1 });
      await rows.insertMany(documents(0, 2500));
    });
    const env = new Environment(fileOf(dataDir));
    const unique = new Catalog(env).all().flatMap(({ indexes }) => indexes.filter((index) => index.unique));
    env.write(() => {
      for (const { table } of unique)
        for (const [i, { key, value }] of env.entries(tableRange(table)).entries()) {
          if (state !== 'whole' && i < 1200) continue;
          env.remove(key);
          env.put(indexKey(table, key.subarray(4), recordIn(value)), PRESENT);
        }
      env.put(META, encode(doc({ format: 1, nextTable: 100 })));
    });
    await env.close();
    await served(async (rows) => {
      expect(await rows.countDocuments({ a: { $gte: 1000, $lt: 1300 } }, { hint: { a: 1 } })).toBe(300);
      expect(await rows.findOne({ a: 2000 })).toMatchObject({ b: 2000 % 7 });
      expect((await rejection(rows.insertOne({ a: 2400 }))).code).toBe(11000);
    }, dataDir);
    expect(await checkFile(fileOf(dataDir))).toMatchObject({ documents: 2500, faults: [] });
  });

  it('of an unknown one is not opened', async () => {
    const dataDir = await served(async (rows) => {
      await rows.insertOne({ a: 1 });
    });
    const env = new Environment(fileOf(dataDir));
    env.write(() => env.put(META, encode(doc({ format: 99, nextTable: 100 }))));
    await env.close();
    await expect(start({ dataDir, host: 'inline' })).rejects.toThrow('the data file has format 99, this version reads');
  });
});

describe('A dropped collection', () => {
  it('is gone at once and its pages bit by bit, also over a restart', async () => {
    const dataDir = await served(async (rows) => {
      await rows.insertMany(documents(0, 3000));
      await rows.createIndex({ a: 1 });
      await rows.drop();
      expect(await rows.countDocuments({})).toBe(0);
      await rows.insertOne({ a: 1 });
    });
    const engine = new Engine(join(dataDir, 'db'), () => undefined);
    await engine.resume();
    await engine.sweeper.settled();
    await engine.close();
    const env = new Environment(fileOf(dataDir));
    expect(env.keys(TOMBSTONES)).toEqual([]);
    await env.close();
    expect(await checkFile(fileOf(dataDir))).toMatchObject({ documents: 1, keys: 1, faults: [] });
  });
});

describe('A TTL index', () => {
  it('lets go dates that are over, by the lowest of an array, within its partial filter', async () => {
    const now = Date.now();
    const past = new Date(now - 120_000);
    const dataDir = await served(async (rows) => {
      await rows.createIndex({ at: 1 }, { expireAfterSeconds: 60, partialFilterExpression: { keep: false } });
      await rows.insertMany([
        { n: 1, at: past, keep: false },
        { n: 2, at: [new Date(now), past], keep: false },
        { n: 3, at: new Date(now), keep: false },
        { n: 4, at: past, keep: true },
        { n: 5, at: 'long ago', keep: false },
        { n: 6, keep: false },
      ]);
    });
    const engine = new Engine(join(dataDir, 'db'), () => undefined);
    await new Upkeep(engine).expire(now);
    await engine.close();
    await served(async (rows) => {
      expect((await rows.find().sort({ n: 1 }).toArray()).map((row) => row.n)).toEqual([3, 4, 5, 6]);
    }, dataDir);
    expect((await checkFile(fileOf(dataDir))).faults).toEqual([]);
  });
});
