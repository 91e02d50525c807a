import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { setupBody } from '../support/app.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';

const running: ServerProcess[] = [];
const folders: string[] = [];

function start(env: Record<string, string>): ServerProcess {
  const server = startServer(env);
  running.push(server);
  return server;
}

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'balcao-process-'));
  folders.push(dir);
  return dir;
}

afterEach(async () => {
  for (const server of running.splice(0)) {
    server.kill('SIGKILL');
    await server.ended;
  }
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true });
});

const post = (origin: string, path: string, body: object, cookie = ''): Promise<Response> =>
  fetch(`${origin}/api/v1${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', cookie },
  });

const oneSentence = /^[^\n]+[.)]\n$/;

describe('the process', () => {
  it('prints one line with the address and the setup link, keeps all data over a restart, and stops on a signal', async () => {
    const DATA_DIR = folder();
    const first = start({ DATA_DIR, BALCAO_SETUP_CODE: setupBody.code });
    const origin = await first.ready;
    const lines = first
      .out()
      .split('\n')
      .filter((line) => line.includes(origin));
    expect(lines).toEqual([`Balcão em ${origin} - instale uma única vez em ${origin}/instalar#${setupBody.code}`]);
    expect((await fetch(`${origin}/api/v1/health`)).status).toBe(200);
    const done = await post(origin, '/setup', setupBody);
    expect(done.status).toBe(201);
    const cookie = done.headers.get('set-cookie')?.split(';')[0] ?? '';
    const before = await (await fetch(`${origin}/api/v1/tickets`, { headers: { cookie } })).json();
    expect(before.items).toHaveLength(1);
    first.kill('SIGINT');
    first.kill('SIGINT');
    expect(await first.ended).toBe(0);
    expect(statSync(join(DATA_DIR, 'secret.key')).mode & 0o777).toBe(0o600);

    const second = start({ DATA_DIR });
    const again = await second.ready;
    expect(second.out()).not.toContain('instal');
    const after = await (await fetch(`${again}/api/v1/tickets`, { headers: { cookie } })).json();
    expect(after).toEqual(before);
    second.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  });

  it('says in one sentence that the port is taken', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    const server = start({ DATA_DIR: folder(), PORT: port });
    expect(await server.ended).toBe(69);
    expect(server.err()).toMatch(oneSentence);
    expect(server.err()).toContain(`A porta ${port} já está em uso`);
    await new Promise((resolve) => blocker.close(resolve));
  });

  it('says in one sentence that another process has the data folder', async () => {
    const DATA_DIR = folder();
    const first = start({ DATA_DIR });
    await first.ready;
    const second = start({ DATA_DIR });
    expect(await second.ended).toBe(69);
    expect(second.err()).toMatch(oneSentence);
    expect(second.err()).toMatch(/em uso pelo processo \d+/);
  });

  it('says in one sentence that MONGODB_URI cannot be used', async () => {
    const server = start({ DATA_DIR: folder(), MONGODB_URI: 'mongodb://127.0.0.1:1/x' });
    expect(await server.ended).toBe(69);
    expect(server.err()).toMatch(oneSentence);
    expect(server.err()).toContain('MONGODB_URI');
  });

  it('names every wrong variable at once, and refuses what is not there yet', async () => {
    const server = start({ DATA_DIR: folder(), PORT: 'x', LOG_LEVEL: 'loud', MONGODB_URI: 'http://x' });
    expect(await server.ended).toBe(78);
    expect(server.err().trim().split('\n')).toHaveLength(3);
    const several = start({ DATA_DIR: folder(), REDIS_URL: 'redis://x' });
    expect(await several.ended).toBe(78);
    expect(several.err()).toMatch(/^REDIS_URL [^\n]+\n$/);
  });

  it('refuses production without a strong secret', async () => {
    const bare = start({ DATA_DIR: folder(), NODE_ENV: 'production' });
    expect(await bare.ended).toBe(78);
    expect(bare.err()).toMatch(/^NODE_ENV is production: set SECRET_KEY/);
    const weak = start({ DATA_DIR: folder(), NODE_ENV: 'production', SECRET_KEY: 'a'.repeat(40) });
    expect(await weak.ended).toBe(78);
  });
});

describe('a kill', () => {
  it('loses no message that was acknowledged and sends none twice', async () => {
    const DATA_DIR = folder();
    let server = start({ DATA_DIR, BALCAO_SETUP_CODE: setupBody.code });
    let origin = await server.ready;
    const done = await post(origin, '/setup', setupBody);
    const cookie = done.headers.get('set-cookie')?.split(';')[0] ?? '';
    const get = async (path: string) => (await fetch(`${origin}/api/v1${path}`, { headers: { cookie } })).json();
    const from = '+5511900000001';
    const taken: string[] = [];
    const answered: string[] = [];
    let n = 0;
    for (let round = 0; round < 3; round += 1) {
      const pid = server;
      const traffic = async (): Promise<void> => {
        for (;;) {
          const key = `k${n++}`;
          const reply = await post(
            origin,
            '/simulator/messages',
            { as: 'whatsapp', from, name: 'Rui', text: key, key },
            cookie,
          );
          if (reply.status === 201) taken.push(key);
          const { items } = await get('/tickets');
          const { id } = items.find((ticket: { address: string }) => ticket.address === from);
          const clientId = `c${n++}`;
          const sent = await post(origin, `/tickets/${id}/messages`, { clientId, text: clientId }, cookie);
          if (sent.status === 201) answered.push(clientId);
        }
      };
      const ends = traffic().catch(() => undefined);
      while (taken.length < (round + 1) * 8) await new Promise((resolve) => setTimeout(resolve, 20));
      pid.kill('SIGKILL');
      await Promise.all([pid.ended, ends]);
      server = start({ DATA_DIR });
      origin = await server.ready;
    }
    const { items } = await get('/tickets');
    const { id } = items.find((ticket: { address: string }) => ticket.address === from);
    const { events } = await get(`/tickets/${id}/events?after=0`);
    const texts: string[] = events.flatMap((event: { message?: { text: string } }) => event.message?.text ?? []);
    expect(taken.filter((key) => !texts.includes(key))).toEqual([]);
    expect(answered.filter((key) => !texts.includes(key))).toEqual([]);
    expect(texts.length).toBe(new Set(texts).size);
    await expect
      .poll(
        async () =>
          (await get(`/simulator/outbox?to=${encodeURIComponent(from)}`)).items.map(
            ({ text }: { text: string }) => text,
          ),
        { timeout: 30_000 },
      )
      .toEqual(texts.filter((text) => text.startsWith('c')));
  });
});
