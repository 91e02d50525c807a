import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { start } from '#embedded-mongodb/start.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    mongodbUri: string;
  }
}

let running: Promise<{ uri: string; end(): Promise<void> }> | null = null;
let users = 0;

async function open(): Promise<{ uri: string; end(): Promise<void> }> {
  const given = process.env.MONGODB_URI;
  if (given !== undefined && given !== '') return { uri: given, end: async () => undefined };
  const dataDir = mkdtempSync(join(tmpdir(), 'balcao-test-'));
  const database = await start({ dataDir, host: 'fork' });
  return {
    uri: database.uri,
    async end() {
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** One database for the whole run, in a process of its own; each file has its own database in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  running ??= open();
  users += 1;
  const database = await running;
  project.provide('mongodbUri', database.uri);
  return async () => {
    users -= 1;
    if (users > 0) return;
    running = null;
    await database.end();
  };
}
