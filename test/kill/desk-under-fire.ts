import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { FaultPoint } from '#shared/fault.ts';
import { setupBody } from '../support/app.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';

/** What happens at an armed point, and at which passage. */
export interface Armed {
  point: FaultPoint;
  action: 'kill' | 'freeze';
  passage: number;
}

/** A desk in a process of its own that dies at named points and is started again on the same data. */
export class DeskUnderFire {
  readonly folder = mkdtempSync(join(tmpdir(), 'balcao-kill-'));
  private readonly env: Record<string, string>;
  private server: ServerProcess | null = null;
  private before = '';
  private origin = '';
  private cookie = '';
  private port = '0';

  constructor(env: Record<string, string>) {
    this.env = { NODE_ENV: 'test', DATA_DIR: this.folder, BALCAO_SETUP_CODE: setupBody.code, ...env };
  }

  /** Starts it, armed or not. */
  async start(armed: Armed | null = null): Promise<void> {
    const fault: Record<string, string> =
      armed === null ? {} : { FAULT: `${armed.point}:${armed.action}:${armed.passage}` };
    this.before = this.printed();
    this.server = startServer({ ...this.env, ...fault, PORT: this.port });
    // An armed one may die or freeze before it says where it is: it is where it was.
    if (armed !== null) return;
    this.origin = await this.server.ready;
    this.port = new URL(this.origin).port;
  }

  /** Whether its process is stopped, as Linux tells it. */
  get frozen(): boolean {
    const stat = readFileSync(`/proc/${this.server?.child.pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
  }

  signal(signal: NodeJS.Signals): void {
    this.server?.kill(signal);
  }

  /** What its processes printed about faults so far. */
  printed(): string {
    return `${this.before}${this.server?.err() ?? ''}`;
  }

  /** Signed in as on another desk on the same database. */
  joins(other: DeskUnderFire): void {
    this.cookie = other.cookie;
  }

  async connectionOf(channelId: string): Promise<{ phase: string; reason?: string }> {
    return (await this.call('GET', `/channels/${channelId}`)).body.connection;
  }

  /** Resolves when the channel is in this phase here, for this reason if one is named. */
  async inPhase(channelId: string, phase: string, reason?: string): Promise<void> {
    const wanted = reason === undefined ? { phase } : { phase, reason };
    await expect.poll(() => this.connectionOf(channelId).catch(String), { timeout: 60_000 }).toMatchObject(wanted);
  }

  async setUp(): Promise<void> {
    const { status, headers, body } = await this.call('POST', '/setup', { ...setupBody, template: 'blank' });
    if (status !== 201) throw new Error(`no setup: ${status} ${JSON.stringify(body)} ${this.printed()}`);
    this.cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
  }

  /**
   * True when it died by the armed point within `ms`; false: it was never passed, and the process is killed. Throws when
   * it ended in another way: that is a fault of the desk.
   */
  async died(ms: number): Promise<boolean> {
    const { server } = this;
    if (server === null) return false;
    const late = new Promise<false>((resolve) => setTimeout(resolve, ms, false).unref());
    const how = await Promise.race([server.ended, late]);
    if (how === false) process.stderr.write(`${await this.state()}\n${server.err()}\n`);
    if (how !== false && how !== 'SIGKILL') throw new Error(`the desk ended with ${how}: ${server.err()}`);
    server.kill('SIGKILL');
    await server.ended;
    return how !== false;
  }

  /** How its channels are, for who has to find out why it is stuck. */
  private async state(): Promise<string> {
    const { body } = await this.call('GET', '/channels').catch((error: unknown) => ({ body: String(error) }));
    return JSON.stringify(body);
  }

  /** Ends it properly; answers its exit code. */
  async stop(): Promise<number | string> {
    const { server } = this;
    if (server === null) return 'not running';
    server.kill('SIGTERM');
    const code = await server.ended;
    if (code !== 0) process.stderr.write(`ended with ${code}: ${server.err()}\n`);
    return code;
  }

  close(): void {
    this.server?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** One REST call; rejects while the desk is dead, and after `ms` while it is frozen. */
  async call(method: string, path: string, body?: object, ms = 30_000) {
    const response = await fetch(`${this.origin}/api/v1${path}`, {
      method,
      signal: AbortSignal.timeout(ms),
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
