import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FromHost, ToHost } from './host.ts';
import { FolderHeld } from './lock-file.ts';

/** How long a close waits for the child before it is killed. */
const CLOSE_WAIT_MS = 10_000;

/** The rest between two starts, so that a disk that fails at once does not keep a processor busy. */
const REST_MS = 100;

/**
 * How its memory is collected. What survives a young generation of 4 MB is copied in a millisecond or two; with the usual
 * 16 MB that takes longer than a slice of the work. A collector's helper threads save less than the waiting for them
 * costs when the processors have other things to do. Below 192 MB the old generation is left alone: sorts and index
 * builds fill and leave it many times over, and each of its collections holds up everybody else.
 */
const COLLECTOR = ['--max-semi-space-size=4', '--no-parallel-scavenge', '--initial-heap-size=192'];

/** What a child is started with, and who is told about it. */
export interface ChildOptions {
  readonly request: Extract<ToHost, { type: 'start' }>;
  readonly log: (line: string) => void;
  readonly onDeath: (reason: string) => void;
}

/** One forked child: `broken` says why it ends when its file could not be written. */
interface Child {
  readonly process: ChildProcess;
  readonly uri: string;
  broken: string | null;
}

/**
 * Keeps one child on a data folder. A child whose file could not be written ends itself and another one takes its
 * place at the same address: it reads the file as it was last committed. Any other end is told to `onDeath`, once.
 */
export class Supervisor {
  readonly uri: string;
  private readonly options: ChildOptions;
  private child: Child;
  private beginning: Promise<void> = Promise.resolve();
  private closing: Promise<void> | null = null;

  private constructor(child: Child, options: ChildOptions) {
    this.child = child;
    this.uri = child.uri;
    this.options = options;
    this.watch();
  }

  /** Resolves when the child serves. `FolderHeld` when another process holds the folder. */
  static async start(options: ChildOptions): Promise<Supervisor> {
    return new Supervisor(await forked(options), options);
  }

  /** Ends the child: what was acknowledged is on disk. May be called twice. */
  close(): Promise<void> {
    this.closing ??= this.beginning.then(() => closeChild(this.child.process));
    return this.closing;
  }

  private watch(): void {
    const { child } = this;
    child.process.once('exit', (code, signal) => {
      if (this.closing !== null) return;
      if (child.broken === null) this.options.onDeath(`the embedded database ended (${signal ?? `code ${code}`})`);
      else this.beginning = this.begin(child.broken);
    });
  }

  private async begin(reason: string): Promise<void> {
    this.options.log(`${reason}; the embedded database is started again`);
    try {
      await new Promise<void>((resolve) => setTimeout(resolve, REST_MS));
      this.child = await forked(this.options);
      this.watch();
      if (this.child.uri !== this.uri) this.options.onDeath('the embedded database has another address now');
    } catch (error) {
      this.options.onDeath(error instanceof Error ? error.message : String(error));
    }
  }
}

/** Waits for the child's first word; its log lines go on after it. */
async function forked(options: ChildOptions): Promise<Child> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const child = fork(fileURLToPath(new URL('./host.ts', import.meta.url)), [], {
    execArgv: [...COLLECTOR, '--import', loader],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.send(options.request);
  return await new Promise<Child>((resolve, reject) => {
    let started: Child | null = null;
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`the embedded database did not start (${signal ?? `code ${code}`})`)),
    );
    child.on('message', (message: FromHost) => {
      if (message.type === 'ready') {
        started = { process: child, uri: message.uri, broken: null };
        resolve(started);
      } else if (message.type === 'broken') {
        if (started !== null) started.broken = message.reason;
      } else if (message.type === 'log') options.log(message.line);
      else if (message.type === 'busy') reject(new FolderHeld(message.message, message.pid, message.since));
      else if (message.type === 'failed') reject(new Error(message.message));
    });
  });
}

async function closeChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_WAIT_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    const request: ToHost = { type: 'close' };
    if (child.connected) child.send(request);
  });
}
