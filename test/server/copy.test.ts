import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Decimal128, Double, Int32, Long, MaxKey, MongoClient, Timestamp } from 'mongodb';
import { afterEach, expect, it } from 'vitest';
import { type Started, start } from '#embedded-mongodb/start.ts';
import { CopyRefused, copyDatabase } from '#server/store/copy.ts';

const run = promisify(execFile);
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'balcao-copy-'));
  undo.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function database(dataDir = folder()): Promise<{ server: Started; client: MongoClient; uri: string }> {
  const server = await start({ dataDir, host: 'inline' });
  const client = await MongoClient.connect(server.uri);
  undo.push(async () => {
    await client.close();
    await server.close();
  });
  return { server, client, uri: server.uri };
}

/** Every type that has a twin in JavaScript, names that objects reorder, and enough documents for several batches. */
async function fill(client: MongoClient): Promise<void> {
  const odd = new Map<string, unknown>([
    ['_id', 'odd'],
    ['b', new Int32(1)],
    ['10', new Double(1)],
    ['2', Long.fromNumber(1)],
    ['__proto__', new Map<string, unknown>([['9', [new Map([['z', Decimal128.fromString('1.50')]])]]])],
    ['t', new Timestamp({ t: 1, i: 2 })],
    ['r', /a.b/i],
    ['bin', Buffer.from([1, 2, 3])],
    ['m', new MaxKey()],
    ['n', null],
    ['d', new Date(5)],
  ]);
  await client.db().command({ insert: 'odd', documents: [odd] });
  const many = client.db().collection('many');
  await many.createIndexes([
    { key: { a: 1, b: -1 }, name: 'pair', unique: true },
    { key: { at: 1 }, name: 'expiry', expireAfterSeconds: 1_000_000_000 },
    { key: { b: 1 }, name: 'some', partialFilterExpression: { b: { $gt: 5 } } },
  ]);
  await many.insertMany(Array.from({ length: 2500 }, (_, a) => ({ a, b: a % 10, at: new Date(), tags: [{ x: a }] })));
  await client.db().createCollection('empty');
}

it('copies every collection byte for byte with its indexes, and refuses a target that holds something', async () => {
  const source = await database();
  const target = await database();
  await fill(source.client);
  const lines: string[] = [];
  const copied = await copyDatabase(source.uri, target.uri.replace('/balcao?', '/moved?'), (line) => lines.push(line));
  expect(copied).toEqual({ collections: 3, documents: 2501, indexes: 3 });
  expect(lines).toEqual([
    'empty: 0 documents, 0 indexes',
    'many: 2500 documents, 3 indexes',
    'odd: 1 documents, 0 indexes',
  ]);
  const raw = async (client: MongoClient, db: string) =>
    (await client.db(db).collection('odd').find({}, { raw: true }).toArray()).map((bytes) =>
      Buffer.from(bytes as never),
    );
  expect(await raw(target.client, 'moved')).toEqual(await raw(source.client, 'balcao'));
  expect(await target.client.db('moved').collection('many').indexes()).toEqual(
    await source.client.db('balcao').collection('many').indexes(),
  );
  const again = copyDatabase(source.uri, target.uri.replace('/balcao?', '/moved?'), () => undefined);
  await expect(again).rejects.toThrow(
    'the target database moved is not empty (3 collections): name another one or drop it first',
  );
  await expect(again).rejects.toBeInstanceOf(CopyRefused);
});

it('says so when the copy is not what it was made of', async () => {
  const source = await database();
  const target = await database();
  await fill(source.client);
  const meddle = async (line: string): Promise<void> => {
    if (line.startsWith('many'))
      await source.client
        .db()
        .collection('many')
        .updateOne({ a: 7 }, { $set: { b: 8 } });
  };
  const pending: Promise<void>[] = [];
  const copying = copyDatabase(source.uri, target.uri, (line) => pending.push(meddle(line)));
  await expect(copying).rejects.toThrow(/^many differs after it was copied \(2500 and 2500 documents\)/);
  await Promise.all(pending);
});

it('is a command that serves the data folder by itself', async () => {
  const dataDir = folder();
  const source = await database(dataDir);
  await fill(source.client);
  const target = await database();
  const command = ['--import', 'tsx', 'embedded-mongodb/serve.ts', '--run', 'server/store/copy.ts', '--'];
  const env = { ...process.env, DATA_DIR: dataDir };
  const copy = (...more: string[]) => run(process.execPath, [...command, ...more], { env });
  await expect(copy('--to', target.uri)).rejects.toThrow(/data folder in use by process \d+/);
  await source.client.close();
  await source.server.close();
  await expect(copy()).rejects.toThrow(/usage: npm run db:copy -- --to/);
  const { stdout } = await copy('--to', target.uri);
  expect(stdout).toMatch(/^3 collections, 2501 documents, 3 indexes copied; counts and hashes are equal$/m);
  expect(await target.client.db().collection('many').countDocuments({ b: 3 })).toBe(250);
  await expect(copy('--to', target.uri)).rejects.toThrow(/the target database balcao is not empty/);
});
