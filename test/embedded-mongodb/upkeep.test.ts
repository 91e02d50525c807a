import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start } from '#embedded-mongodb/start.ts';
import { Catalog } from '#embedded-mongodb/storage/catalog.ts';
import { Environment } from '#embedded-mongodb/storage/environment.ts';
import { indexKey, recordKey, tableRange } from '#embedded-mongodb/storage/tables.ts';
import { backup } from '#embedded-mongodb/upkeep/backup.ts';
import { check } from '#embedded-mongodb/upkeep/check.ts';
import { newFolder } from './support/database.ts';

const run = promisify(execFile);
const folders: string[] = [];

/** A data folder with two collections in it. */
async function filled(): Promise<string> {
  const dataDir = newFolder();
  folders.push(dataDir);
  const server = await start({ dataDir, host: 'inline' });
  const client = await MongoClient.connect(server.uri);
  const rows = client.db('test').collection<Document>('rows');
  await rows.createIndexes([
    { key: { a: 1 }, name: 'a', unique: true },
    { key: { tags: 1 }, name: 'tags' },
  ]);
  await rows.insertMany(Array.from({ length: 300 }, (_, a) => ({ a, tags: [a % 3, 'x'] })));
  await rows.deleteMany({ a: { $gte: 250 } });
  await client.db('test').collection('others').insertOne({ a: 1 });
  await client.close();
  await server.close();
  return dataDir;
}

/** What the check says of a file after a fault was put into it. */
async function faultsAfter(plant: (env: Environment, rows: { table: number; a: number }) => void): Promise<string> {
  const env = new Environment(join(await filled(), 'db', 'data.mdb'));
  try {
    const rows = new Catalog(env).get('test.rows');
    const a = rows?.indexes.find((index) => index.name === 'a');
    env.write(() => plant(env, { table: rows?.table ?? 0, a: a?.table ?? 0 }));
    return check(env).faults.join('\n');
  } finally {
    await env.close();
  }
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('The check of a file', () => {
  it('finds a sound one sound', async () => {
    expect(await faultsAfter(() => undefined)).toBe('');
  });

  it('finds a lost key, one too many, a wrong count, a torn document and a forgotten table', async () => {
    const first = (env: Environment, table: number) => env.keys(tableRange(table), { limit: 1 })[0] as Buffer;
    expect(await faultsAfter((env, { a }) => env.remove(first(env, a)))).toMatch(/index a: a key of .* is missing/);
    const ghost = Buffer.from([10, 0]);
    expect(await faultsAfter((env, { a }) => env.put(indexKey(a, ghost, 5), Buffer.from([1])))).toMatch(
      /251 keys, but the documents have 250/,
    );
    const stranger = Buffer.from([0, 0, 0, 0, 0, 5]);
    expect(await faultsAfter((env, { a }) => env.put(env.keys(tableRange(a))[9] as Buffer, stranger))).toMatch(
      /index a: a key of .* is missing/,
    );
    expect(await faultsAfter((env, { table }) => new Catalog(env).storeCount(table, 7))).toMatch(
      /250 documents, but a count of 7/,
    );
    expect(await faultsAfter((env, { table }) => env.put(first(env, table), Buffer.from([9, 0, 0, 0])))).toMatch(
      /not a valid document/,
    );
    expect(await faultsAfter((env) => env.put(recordKey(4711, 1), Buffer.from([1])))).toMatch(
      /table 4711 belongs to no collection/,
    );
  });
});

describe('A backup', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await filled();
  });

  it('is a whole database of its own, taken while it is written', async () => {
    const server = await start({ dataDir, host: 'fork' });
    const client = await MongoClient.connect(server.uri);
    const rows = client.db('test').collection<Document>('rows');
    let writing = true;
    const writer = (async () => {
      for (let a = 1000; writing; a++) await rows.insertOne({ a, tags: [a] });
    })();
    const target = newFolder();
    folders.push(target);
    const report = await backup(dataDir, target);
    writing = false;
    await writer;
    await client.close();
    await server.close();
    expect(report.faults).toEqual([]);
    expect(report.documents).toBeGreaterThanOrEqual(251);
    await expect(backup(dataDir, target)).rejects.toThrow(/not empty/);
    const copy = await start({ dataDir: target, host: 'inline' });
    const reader = await MongoClient.connect(copy.uri);
    expect(
      await reader
        .db('test')
        .collection('rows')
        .countDocuments({ a: { $lt: 1000 } }),
    ).toBe(250);
    await reader.close();
    await copy.close();
  });

  it('and the check are commands', async () => {
    const command = ['--import', 'tsx', 'embedded-mongodb/upkeep/run.ts'];
    const { stdout } = await run(process.execPath, [...command, 'check', '--data', dataDir]);
    expect(stdout).toMatch(/2 collections, \d+ documents, \d+ index keys, 0 faults/);
  });
});
