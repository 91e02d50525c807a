import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Collection, type Document, MongoClient } from 'mongodb';
import { afterEach, describe, expect, it } from 'vitest';
import { type Started, start } from '#embedded-mongodb/start.ts';
import { checkFile } from '#embedded-mongodb/upkeep/backup.ts';
import { newFolder, rejection } from './support/database.ts';

/** Whether a small file system can be mounted here; says why not, for a test that is left out must be seen. */
function canMount(): boolean {
  const probe = join(newFolder(), 'probe');
  mkdirSync(probe);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe], { stdio: 'pipe' });
    execFileSync('umount', [probe]);
    return true;
  } catch (error) {
    process.stderr.write(`LEFT OUT: the tests of a full disk need a tmpfs of their own (${String(error)})\n`);
    return false;
  }
}

/** Whether a process's largest file can be limited from outside. */
function canLimit(): boolean {
  try {
    execFileSync('prlimit', ['--pid', String(process.pid), '--fsize'], { stdio: 'pipe' });
    return true;
  } catch (error) {
    process.stderr.write(`LEFT OUT: the tests of failing writes need prlimit of util-linux (${String(error)})\n`);
    return false;
  }
}

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

/** A folder in a file system of so many megabytes. */
function smallDisk(megabytes: number): string {
  const folder = join(newFolder(), 'disk');
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  undo.push(() => execFileSync('umount', ['-l', folder]));
  return folder;
}

async function served(dataDir: string, log: string[] = []): Promise<{ server: Started; client: MongoClient }> {
  const server = await start({ dataDir, log: (line) => log.push(line), onDeath: (reason) => log.push(reason) });
  undo.push(() => server.close());
  const client = await MongoClient.connect(server.uri, { heartbeatFrequencyMS: 500 });
  undo.push(() => client.close());
  return { server, client };
}

const pad = 'x'.repeat(4000);

/** Inserts until it is refused; returns how many were acknowledged and the error. */
async function fill(rows: Collection<Document>): Promise<{ n: number; error: { code?: unknown } }> {
  for (let n = 0; ; n++)
    try {
      await rows.insertOne({ a: n, pad });
    } catch (error) {
      return { n, error: error as { code?: unknown } };
    }
}

/** Waits for the child that takes the place of the one that ended. */
async function untilServed(client: MongoClient): Promise<void> {
  for (;;)
    try {
      await client.db('test').command({ ping: 1 });
      return;
    } catch {
      await new Promise<void>((resolve) => setTimeout(resolve, 50));
    }
}

async function assertReadable(rows: Collection<Document>, n: number): Promise<void> {
  expect(await rows.countDocuments({ a: { $gte: 0 } })).toBe(n);
  const found = await rows.find().project({ a: 1 }).toArray();
  expect(found.map((row) => row.a).sort((x, y) => x - y)).toEqual(Array.from({ length: n }, (_, i) => i));
}

describe.runIf(canMount())('A full disk', () => {
  it('is told to every write and no read, and is over when there is room', async () => {
    const dataDir = smallDisk(8);
    const log: string[] = [];
    const { server, client } = await served(dataDir, log);
    const rows = client.db('test').collection<Document>('rows');
    await rows.createIndex({ a: 1 }, { unique: true });
    const { n, error } = await fill(rows);
    expect(error.code).toBe(14031);
    expect(n).toBeGreaterThan(100);
    await assertReadable(rows, n);
    const writes: [string, () => Promise<unknown>][] = [
      [
        'insertMany',
        () =>
          rows.insertMany([
            { a: -1, pad },
            { a: -2, pad },
          ]),
      ],
      ['a large document', () => rows.insertOne({ a: -3, pad: 'x'.repeat(2_000_000) })],
      ['updateMany', () => rows.updateMany({}, { $set: { pad: 'y' } })],
      ['findOneAndUpdate', () => rows.findOneAndUpdate({ a: 1 }, { $set: { a: -7 } })],
      ['deleteMany', () => rows.deleteMany({ a: { $gte: 0, $lt: 50 } })],
      ['an upsert', () => rows.updateOne({ a: -5 }, { $set: { pad } }, { upsert: true })],
      ['a new collection', () => client.db('test').createCollection('more')],
      ['an index', () => rows.createIndex({ pad: 1 })],
      [
        'a transaction',
        () =>
          client.withSession((session) =>
            session.withTransaction(async () => {
              await rows.insertOne({ a: -6, pad }, { session });
              await rows.deleteOne({ a: 1 }, { session });
            }),
          ),
      ],
    ];
    for (const [what, write] of writes) expect((await rejection(write())).code, what).toBe(14031);
    await assertReadable(rows, n);
    expect((await rows.indexes()).map((index) => index.name)).not.toContain('pad_1');
    execFileSync('mount', ['-o', 'remount,size=64m', join(dataDir)]);
    for (const [, write] of writes) await write();
    expect(await rows.countDocuments({ a: { $lt: 0 } })).toBe(6);
    await client.close();
    await server.close();
    expect((await checkFile(join(dataDir, 'db', 'data.mdb'))).faults).toEqual([]);
    expect(log.filter((line) => /internal error|could not be written|ended/.test(line))).toEqual([]);
  });
});

describe.runIf(canLimit())('A write that fails on its way to the file', () => {
  it('is never acknowledged; what was is there, and writing goes on in a new process', async () => {
    const dataDir = newFolder();
    undo.push(() => rmSync(dataDir, { recursive: true, force: true }));
    const log: string[] = [];
    const { server, client } = await served(dataDir, log);
    const rows = client.db('test').collection<Document>('rows');
    await rows.createIndex({ a: 1 });
    const file = join(dataDir, 'db', 'data.mdb');
    const pidOf = (): number => JSON.parse(readFileSync(join(dataDir, 'db', 'owner.lock'), 'utf8')).pid;
    const acknowledged: number[] = [];
    for (let round = 0; round < 3; round++) {
      const before = pidOf();
      // The limit lies inside a page: the write that meets it is a short one, the next one fails (EFBIG).
      const limit = statSync(file).size + 400_001;
      execFileSync('prlimit', ['--pid', String(before), `--fsize=${limit}:${limit}`]);
      let failed = false;
      const lanes = [0, 1, 2, 3, 4, 5].map(async (lane) => {
        for (let i = 0; !failed; i++) {
          const a = round * 1_000_000 + lane * 10_000 + i;
          try {
            await client.db('test').collection('rows').insertOne({ a, pad });
            acknowledged.push(a);
          } catch {
            failed = true;
          }
        }
      });
      await Promise.all(lanes);
      // The process that failed may answer once more before it ends.
      await expect
        .poll(() => log.filter((line) => line.includes('could not be written')).length, { timeout: 30_000 })
        .toBe(round + 1);
      await untilServed(client);
      expect(pidOf()).not.toBe(before);
      await rows.insertOne({ a: -round - 1 });
    }
    const found = new Set((await rows.find().project({ a: 1 }).toArray()).map((row) => row.a));
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(acknowledged.filter((a) => !found.has(a))).toEqual([]);
    await client.close();
    await server.close();
    expect((await checkFile(file)).faults).toEqual([]);
  });
});
