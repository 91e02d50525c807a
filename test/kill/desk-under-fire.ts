import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultPoint } from '#shared/fault.ts';
import { setupBody } from '../support/app.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';

/** A desk in a process of its own that dies at named points and is started again on the same data. */
export class DeskUnderFire {
  readonly folder = mkdtempSync(join(tmpdir(), 'balcao-kill-'));
  private readonly env: Record<string, string>;
  private server: ServerProcess | null = null;
  private origin = '';
  private cookie = '';
  private port = '0';

  constructor(env: Record<string, string>) {
    this.env = { NODE_ENV: 'test', DATA_DIR: this.folder, BALCAO_SETUP_CODE: setupBody.code, ...env };
  }

  /** Starts it, armed or not. */
  async start(point: FaultPoint | null = null, passage = 2): Promise<void> {
    const armed: Record<string, string> = point === null ? {} : { FAULT: `${point}:kill:${passage}` };
    this.server = startServer({ ...this.env, ...armed, PORT: this.port });
    // An armed one may die before it says where it is: it is where it was.
    const { ready, ended } = this.server;
    const origin = await Promise.race([ready, ended.then(() => null)]).catch(() => null);
    if (origin === null && point === null) throw new Error(`the desk does not start: ${this.server.err()}`);
    if (origin !== null) this.origin = origin;
    this.port = new URL(this.origin).port;
  }

  async setUp(): Promise<void> {
    const { headers } = await this.call('POST', '/setup', { ...setupBody, template: 'blank' });
    this.cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
  }

  /** True when it died by the armed point within `ms`; false: it was never passed, and the process is killed. */
  async died(ms: number): Promise<boolean> {
    const { server } = this;
    if (server === null) return false;
    const late = new Promise<false>((resolve) => setTimeout(resolve, ms, false).unref());
    const died = await Promise.race([server.ended.then(() => true), late]);
    if (!died) {
      server.kill('SIGKILL');
      await server.ended;
    }
    return died;
  }

  /** Ends it properly; answers its exit code. */
  async stop(): Promise<number | string> {
    const { server } = this;
    if (server === null) return 'not running';
    server.kill('SIGTERM');
    return await server.ended;
  }

  close(): void {
    this.server?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** One REST call; rejects while the desk is dead. */
  async call(method: string, path: string, body?: object) {
    const response = await fetch(`${this.origin}/api/v1${path}`, {
      method,
      headers: { cookie: this.cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: tests read what JSON brings and assert on it
    return { status: response.status, headers: response.headers, body: (await response.json()) as any };
  }

  /** The same call until it is answered, as a client with a client id does it. */
  async insist(method: string, path: string, body?: object) {
    for (;;) {
      try {
        const reply = await this.call(method, path, body);
        if (reply.status < 500) return reply;
      } catch {
        // Dead just now.
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
