import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { io, type Socket } from 'socket.io-client';
import { afterAll } from 'vitest';
import { sampleConversations } from '#channels/simulator/scripts.ts';
import { type App, createApp } from '#server/app.ts';
import { diskBlobs } from '#server/blobs/disk.ts';
import { paces } from '#server/pace.ts';
import { createSeal } from '#server/seal.ts';
import { channelKinds, makerOf } from '#server/switchboard/kinds.ts';
import type { Answer, ToConsole, ToServer } from '#shared/live.ts';
import { afterwards } from './afterwards.ts';
import { testDatabase } from './database.ts';

export const setupCode = 'TEST-CODE';
export const adminEmail = 'ana@exemplo.com.br';
export const password = 'uma senha comprida';

/** A complete first setup. */
export const setupBody = {
  code: setupCode,
  language: 'pt-BR',
  company: 'Conecta Fibra',
  timezone: 'America/Sao_Paulo',
  name: 'Ana Prado',
  email: adminEmail,
  password,
  template: 'internet-provider',
  sampleData: false,
};

export interface Reply {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what JSON brings and assert on it
  body: any;
  cookie: string | null;
  headers: Headers;
}

/** One signed-in program: REST calls with its cookie, and a console socket. */
export interface Client {
  cookie: string;
  get(path: string): Promise<Reply>;
  post(path: string, body?: unknown): Promise<Reply>;
  patch(path: string, body: unknown): Promise<Reply>;
  /** A connected console socket that notes every event it hears. */
  console(): Promise<ConsoleSocket>;
}

export interface ConsoleSocket {
  socket: Socket<ToConsole, ToServer>;
  heard: { event: string; payload: unknown }[];
  ask<K extends keyof ToServer>(event: K, input: Parameters<ToServer[K]>[0]): Promise<Answer<unknown>>;
  /** Resolves with the first event heard (already or later) that fits. */
  hears<T = unknown>(event: keyof ToConsole, fits?: (payload: T) => boolean): Promise<T>;
}

export interface TestApp {
  app: App;
  origin: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** Sets the company up and signs its admin in. */
  setUp(overrides?: object): Promise<Client>;
  signIn(email: string, secret?: string): Promise<Client>;
  /** Invites somebody, answers the invite, signs in. */
  hire(
    admin: Client,
    about: { name: string; role?: string; departmentIds?: string[] },
  ): Promise<Client & { id: string }>;
}

/** The whole product on a database of its own and a free port, closed at the file's end. */
export async function testApp(overrides: Partial<Parameters<typeof createApp>[0]> = {}): Promise<TestApp> {
  const connection = await testDatabase();
  const media = mkdtempSync(join(tmpdir(), 'balcao-media-'));
  const app = await createApp({
    connection,
    seal: createSeal('a key of the tests'),
    makerOf,
    channelKinds,
    samples: (language, template) => sampleConversations[language][template],
    paces: { ...paces, signInAccount: 1_000, signInAddress: 1_000, rest: 100_000 },
    publicUrl: null,
    trustProxy: [],
    setupCode,
    blobs: diskBlobs(media),
    endpoints: { whatsapp: null, telegram: null, insecure: false },
    alone: true,
    dist: fileURLToPath(new URL('../../dist', import.meta.url)),
    logger: pino({ level: process.env.TEST_LOG ?? 'silent' }),
    clock: Date.now,
    ...overrides,
  });
  const origin = await app.listen(0, '127.0.0.1');
  afterwards(async () => {
    await app.close();
    rmSync(media, { recursive: true, force: true });
  });

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const sent = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
    const url =
      path.startsWith('/api') || path.startsWith('/!')
        ? `${origin}${path.replace('/!', '/')}`
        : `${origin}/api/v1${path}`;
    const response = await fetch(url, {
      method,
      headers: { ...json, ...headers },
      ...(sent === null ? {} : { body: sent }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? null;
    return { status: response.status, body: isJson ? JSON.parse(text) : text, cookie, headers: response.headers };
  }

  function client(cookie: string): Client {
    return {
      cookie,
      get: (path) => call('GET', path, undefined, { cookie }),
      post: (path, body = {}) => call('POST', path, body, { cookie }),
      patch: (path, body) => call('PATCH', path, body, { cookie }),
      console: () => consoleSocket(origin, cookie),
    };
  }

  async function signedIn(reply: Reply): Promise<Client> {
    if (reply.cookie === null) throw new Error(`no sign-in: ${reply.status} ${JSON.stringify(reply.body)}`);
    return client(reply.cookie);
  }

  return {
    app,
    origin,
    call,
    setUp: async (more = {}) => signedIn(await call('POST', '/setup', { ...setupBody, ...more })),
    signIn: async (email, secret = password) => signedIn(await call('POST', '/login', { email, password: secret })),
    async hire(admin, { name, role = 'agent', departmentIds = [] }) {
      const email = `${name.toLowerCase().replaceAll(' ', '.')}@exemplo.com.br`;
      const { body } = await admin.post('/agents', { name, email, role, departmentIds });
      const token = String(body.inviteUrl).split('/').pop();
      const hired = await signedIn(await call('POST', `/invites/${token}`, { password }));
      return { ...hired, id: body.agent.id };
    },
  };
}

/** A connected console socket; closed at the file's end. */
export async function consoleSocket(origin: string, cookie: string): Promise<ConsoleSocket> {
  const socket: Socket<ToConsole, ToServer> = io(origin, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { cookie },
  });
  const heard: ConsoleSocket['heard'] = [];
  const waiting = new Set<() => void>();
  socket.onAny((event: string, payload: unknown) => {
    heard.push({ event, payload });
    for (const look of waiting) look();
  });
  afterAll(() => {
    socket.close();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return {
    socket,
    heard,
    ask: (event, input) => (socket as unknown as Socket).timeout(20_000).emitWithAck(event, input),
    hears<T>(event: keyof ToConsole, fits: (payload: T) => boolean = () => true) {
      return new Promise<T>((resolve) => {
        const look = (): void => {
          const found = heard.find((one) => one.event === event && fits(one.payload as T));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found.payload as T);
        };
        waiting.add(look);
        look();
      });
    },
  };
}
