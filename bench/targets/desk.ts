import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connection } from 'mongoose';
import pino from 'pino';
import { io } from 'socket.io-client';
import { sampleConversations } from '#channels/simulator/scripts.ts';
import { type App, createApp } from '#server/app.ts';
import { diskBlobs } from '#server/blobs/disk.ts';
import { paces } from '#server/pace.ts';
import { createSeal } from '#server/seal.ts';
import { channelKinds, makerOf } from '#server/switchboard/kinds.ts';
import { connected } from './target.ts';

/** The whole product with one console. */
export interface Desk {
  app: App;
  companyId: string;
  heard(): number;
  /** Resolves when the console has heard one message more, in the order of asking. */
  hears(): Promise<void>;
  /** Adds a channel; answers its id. */
  add(body: object): Promise<string>;
  // biome-ignore lint/suspicious/noExplicitAny: what JSON brings
  call(method: string, path: string, body?: object): Promise<any>;
  /** Resolves with the channel's connection when `fits` says so; throws after half a minute. */
  until(channelId: string, fits: (connection: { phase: string; qr?: string }) => boolean): Promise<{ qr?: string }>;
  close(): Promise<void>;
}

const setup = {
  code: 'BENCH',
  language: 'pt-BR',
  company: 'B',
  timezone: 'UTC',
  name: 'Ana',
  email: 'a@b.co',
  password: 'longa senha',
  template: 'blank',
  sampleData: false,
};

/** Starts and sets up the product on an empty database, its networks at these places. */
export async function openDesk(
  connection: Connection,
  endpoints: { whatsapp?: string; telegram?: string } = {},
): Promise<Desk> {
  const media = mkdtempSync(join(tmpdir(), 'balcao-bench-media-'));
  const app = await createApp({
    connection,
    seal: createSeal('bench'),
    makerOf,
    channelKinds,
    samples: (language, template) => sampleConversations[language][template],
    paces: { ...paces, rest: 1_000_000 },
    publicUrl: null,
    trustProxy: [],
    setupCode: setup.code,
    blobs: diskBlobs(media),
    endpoints: { whatsapp: endpoints.whatsapp ?? null, telegram: endpoints.telegram ?? null, insecure: true },
    alone: true,
    dist: fileURLToPath(new URL('../../dist', import.meta.url)),
    logger: pino({ level: 'error' }, pino.destination(2)),
    clock: Date.now,
  });
  const origin = await app.listen(0, '127.0.0.1');
  let cookie = '';
  const call: Desk['call'] = async (method, path, body) => {
    const response = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    cookie ||= response.headers.get('set-cookie')?.split(';')[0] ?? '';
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return await response.json();
  };
  const { company } = await call('POST', '/setup', setup);
  const socket = io(origin, { transports: ['websocket'], extraHeaders: { cookie } });
  await connected(socket);
  const ears = hearing();
  socket.on('ticket:changed', ears.hear);
  return {
    app,
    companyId: company.id,
    heard: ears.heard,
    hears: ears.hears,
    call,
    add: async (body) => (await call('POST', '/channels', { name: 'Rede', ...body })).id,
    async until(channelId, fits) {
      const end = performance.now() + 30_000;
      for (;;) {
        const { connection: now } = await call('GET', `/channels/${channelId}`);
        if (fits(now)) return now;
        if (performance.now() > end) throw new Error(`the channel stays ${JSON.stringify(now)}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async close() {
      socket.close();
      await app.close();
      rmSync(media, { recursive: true, force: true });
    },
  };
}

/** Counts what is heard, and lets those wait who want to hear one more. */
function hearing(): { hear(): void; heard(): number; hears(): Promise<void> } {
  const waiting: (() => void)[] = [];
  let count = 0;
  return {
    hear() {
      count += 1;
      waiting.shift()?.();
    },
    heard: () => count,
    hears: () => new Promise((resolve) => waiting.push(resolve)),
  };
}
