import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, describe, expect, it } from 'vitest';
import { start } from '#embedded-mongodb/start.ts';
import { checkFile } from '#embedded-mongodb/upkeep/backup.ts';
import { type Acknowledged, faultsOf } from './support/checker.ts';
import { newFolder } from './support/database.ts';

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 3);
const WRITES_BEFORE_KILL = 150;
const dataDir = newFolder();
const acknowledged = { inserts: new Set<string>(), transfers: new Set<string>() };

afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

function tell(line: string): void {
  process.stdout.write(`kill: ${line}\n`);
}

/** Runs the writers until enough has been acknowledged, then kills them and the database at that very moment. */
async function writeAndKill(round: number): Promise<void> {
  const writer = fork(new URL('./support/writer.ts', import.meta.url), [dataDir, String(round)], {
    execArgv: ['--import', 'tsx'],
  });
  let seen = 0;
  const enough = new Promise<void>((resolve) => {
    writer.on('message', (message: { insert?: string; transfer?: string }) => {
      if (message.insert !== undefined) acknowledged.inserts.add(message.insert);
      if (message.transfer !== undefined) acknowledged.transfers.add(message.transfer);
      seen += 1;
      if (seen >= WRITES_BEFORE_KILL + (round % 10) * 37) resolve();
    });
  });
  const exited = once(writer, 'exit');
  await Promise.race([enough, exited]);
  const host = JSON.parse(readFileSync(join(dataDir, 'db', 'owner.lock'), 'utf8')) as { pid: number };
  process.kill(host.pid, 'SIGKILL');
  writer.kill('SIGKILL');
  await exited;
}

async function check(run: (client: MongoClient) => Promise<void>): Promise<void> {
  const database = await start({ dataDir, host: 'inline' });
  const client = await MongoClient.connect(database.uri);
  try {
    await run(client);
  } finally {
    await client.close();
    await database.close();
  }
}

describe('a database that is killed while it writes', () => {
  it(`keeps what it acknowledged, whole, over ${ROUNDS} kills`, { timeout: 60_000 + ROUNDS * 20_000 }, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await writeAndKill(round);
      await check(async (client) => {
        expect(await faultsOf(client.db('kill'), acknowledged)).toEqual([]);
      });
      // Every index key of the file against every document, beside what queries see.
      expect((await checkFile(join(dataDir, 'db', 'data.mdb'))).faults).toEqual([]);
      if (round % 20 === 19)
        tell(
          `${round + 1} kills, ${acknowledged.inserts.size} inserts and ${acknowledged.transfers.size} transactions acknowledged, all there`,
        );
    }
    expect(acknowledged.inserts.size).toBeGreaterThan(100);
    expect(acknowledged.transfers.size).toBeGreaterThan(10);
  });

  it('is checked by a checker that finds a planted loss and a planted tear', async () => {
    await check(async (client) => {
      const db = client.db('kill');
      const found = async (what: Acknowledged = acknowledged) => await faultsOf(db, what);
      const [insert = ''] = acknowledged.inserts;
      await db.collection<{ _id: string }>('inserts').deleteOne({ _id: insert });
      expect(await found()).toEqual([`lost insert ${insert}`]);
      const [transfer = ''] = acknowledged.transfers;
      await db.collection<{ _id: string }>('right').deleteOne({ _id: transfer });
      expect(await found()).toContain(`torn transfer ${transfer}`);
    });
  });
});
