import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, MongoClient } from 'mongodb';
import { afterAll, beforeAll } from 'vitest';
import { type Started, type StartOptions, start } from '#embedded-mongodb/start.ts';

/** A folder of its own below the system's temporary one. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'embedded-'));
}

/** A database for one test file, served from the test's own process, and a client for it. */
export function database(options: Partial<StartOptions> = {}): {
  readonly client: MongoClient;
  readonly db: Db;
  readonly uri: string;
} {
  const dataDir = newFolder();
  const lines: string[] = [];
  let started: Started;
  let client: MongoClient;
  beforeAll(async () => {
    started = await start({ dataDir, host: 'inline', log: (line) => lines.push(line), ...options });
    client = await MongoClient.connect(started.uri);
  });
  afterAll(async () => {
    await client.close();
    await started.close();
    rmSync(dataDir, { recursive: true, force: true });
    const faults = lines.filter((line) => line.startsWith('internal error'));
    if (faults.length > 0) throw new Error(faults.join('\n'));
  });
  return {
    get client() {
      return client;
    },
    get db() {
      return client.db('test');
    },
    get uri() {
      return started.uri;
    },
  };
}

/** What a promise is rejected with; fails the test when it is not. */
export async function rejection(promise: Promise<unknown>): Promise<Record<string, unknown> & { message: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Record<string, unknown> & { message: string };
  }
  throw new Error('the promise was not rejected');
}
