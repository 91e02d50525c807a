import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, MongoClient } from 'mongodb';
import { afterEach, describe, expect, it } from 'vitest';
import { start } from '#embedded-mongodb/start.ts';
import { checkFile } from '#embedded-mongodb/upkeep/backup.ts';
import { newFolder } from './support/database.ts';

/** Whether the system calls of another process can be made to fail. */
function canInject(): boolean {
  try {
    const other = spawn('sleep', ['0.5'], { stdio: 'ignore' });
    const inject = ['-e', 'inject=fdatasync:error=EIO'];
    execFileSync('strace', ['-o', '/dev/null', ...inject, '-p', String(other.pid)], { stdio: 'pipe' });
    return true;
  } catch (error) {
    process.stderr.write(`LEFT OUT: the tests of failing system calls need strace (${String(error)})\n`);
    return false;
  }
}

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

/** Lets a system call of a process fail with EIO when it is made for the n-th time from now on, and only then. */
async function failing(pid: number, call: string, nth: number): Promise<void> {
  const inject = `inject=${call}:error=EIO:when=${nth}`;
  const strace = spawn('strace', ['-f', '-p', String(pid), '-e', `trace=${call}`, '-e', inject, '-o', '/dev/null'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  undo.push(() => strace.kill());
  // It ends with the process that it watches.
  for await (const line of strace.stderr) if (String(line).includes('attached')) return;
  throw new Error('strace did not attach');
}

/** The writes of a commit go by `pwrite64` and `writev`, are flushed by `fdatasync`, then its root is written. */
const FAULTS = [
  ['fdatasync', 1],
  ['fdatasync', 12],
  ['pwrite64', 1],
  ['pwrite64', 2],
  ['pwrite64', 5],
  ['pwrite64', 40],
  ['pwrite64', 41],
  ['pwrite64', 43],
  ['pwrite64', 47],
] as const;

describe.runIf(canInject())('A commit whose system call fails', () => {
  it('is never acknowledged; what was is there, and writing goes on in a new process', {
    timeout: 180_000,
  }, async () => {
    const dataDir = newFolder();
    undo.push(() => rmSync(dataDir, { recursive: true, force: true }));
    const log: string[] = [];
    const server = await start({ dataDir, log: (line) => log.push(line), onDeath: (reason) => log.push(reason) });
    undo.push(() => server.close());
    const client = await MongoClient.connect(server.uri, { heartbeatFrequencyMS: 500, retryWrites: false });
    undo.push(() => client.close());
    const rows = client.db('test').collection<Document>('rows');
    await rows.createIndex({ a: 1 }, { unique: true });
    const pidOf = (): number => JSON.parse(readFileSync(join(dataDir, 'db', 'owner.lock'), 'utf8')).pid;
    const acknowledged: number[] = [];
    const refused: number[] = [];
    for (const [round, [call, nth]] of FAULTS.entries()) {
      const before = pidOf();
      await failing(before, call, nth);
      let failed = false;
      const lanes = [0, 1, 2].map(async (lane) => {
        for (let i = 0; !failed; i++) {
          const a = round * 1_000_000 + lane * 10_000 + i;
          await rows.insertOne({ a, pad: 'x'.repeat(500) }).then(
            () => acknowledged.push(a),
            () => {
              refused.push(a);
              failed = true;
            },
          );
        }
      });
      await Promise.all(lanes);
      await expect.poll(() => log.filter((line) => line.includes('could not be written')).length).toBe(round + 1);
      await expect
        .poll(
          () =>
            client
              .db('test')
              .command({ ping: 1 })
              .catch(() => null),
          { timeout: 20_000 },
        )
        .not.toBeNull();
      expect(pidOf()).not.toBe(before);
      await rows.insertOne({ a: -round - 1 });
    }
    const found = (await rows.find({ a: { $gte: 0 } }).toArray()).map((row) => Number(row.a));
    // Nothing less, and nothing that was refused: no commit was half on disk.
    expect(found.sort((x, y) => x - y)).toEqual(acknowledged.sort((x, y) => x - y));
    expect(refused.length).toBeGreaterThanOrEqual(FAULTS.length);
    await client.close();
    await server.close();
    expect((await checkFile(join(dataDir, 'db', 'data.mdb'))).faults).toEqual([]);
  });
});
