import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Document } from 'mongodb';
import { backup } from '#embedded-mongodb/upkeep/backup.ts';
import type { CeilingRequest } from './ceiling-host.ts';

/** A server that bounds ours: the same wire code in a process of its own, canned answers, raw LMDB groups for writes. */
export interface Ceiling {
  readonly uri: string;
  close(): Promise<void>;
}

/** Starts it on a copy of our folder; `hello` is what ours answers, `stored` the document that every read gets. */
export async function startCeiling(folder: string, ns: string, hello: Document, stored: Buffer): Promise<Ceiling> {
  const dataDir = join(folder, 'ceiling');
  await backup(folder, dataDir);
  const socket = join(dataDir, 's.sock');
  const child = fork(fileURLToPath(new URL('./ceiling-host.ts', import.meta.url)), [], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const request: CeilingRequest = { dataDir, ns, socket, stored: stored.toString('base64'), hello: scalars(hello) };
  child.send(request);
  await once(child, 'message');
  return {
    uri: `mongodb://${encodeURIComponent(socket)}/bench?directConnection=true`,
    close: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

function scalars(hello: Document): CeilingRequest['hello'] {
  const kept = Object.entries(hello).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return Object.fromEntries(kept) as CeilingRequest['hello'];
}
