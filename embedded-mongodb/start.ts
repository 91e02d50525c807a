import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FromHost, ToHost } from './host.ts';
import { DataFolderBusy as Busy } from './lock-file.ts';
import { runServer } from './server.ts';

/** How long a start waits for an owner that is just ending. */
const LOCK_WAIT_MS = 5000;

/** How long a close waits for the child before it is killed. */
const CLOSE_WAIT_MS = 10_000;

/** Another living process holds the data folder; `pid` and `since` say which. The message is one sentence for a person. */
export class DataFolderBusy extends Error {
  readonly pid: number;
  readonly since: string;

  constructor(message: string, pid: number, since: string) {
    super(message);
    this.name = 'DataFolderBusy';
    this.pid = pid;
    this.since = since;
  }
}

/** How to start the embedded database. */
export interface StartOptions {
  /** The folder that holds `db/`; made when it is not there. */
  readonly dataDir: string;
  /** A forked child (the default), or this very process, for unit tests. */
  readonly host?: 'fork' | 'inline';
  readonly log?: (line: string) => void;
  /** Told once when the child ends without having been closed. */
  readonly onDeath?: (reason: string) => void;
  /** Allows fail points, for conformance tests. */
  readonly testCommands?: boolean;
  /** Takes the folder even from another host. */
  readonly breakLock?: boolean;
}

/** A started database. */
export interface Started {
  readonly uri: string;
  /** Ends it: what was acknowledged is on disk. May be called twice. */
  close(): Promise<void>;
}

/** Starts the embedded database on a data folder. `DataFolderBusy` when another living process holds it. */
export async function start(options: StartOptions): Promise<Started> {
  const begin = options.host === 'inline' ? startInline : startForked;
  const until = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      return await begin(options);
    } catch (error) {
      // The child of a killed server needs a moment to see it and to end.
      if (!(error instanceof DataFolderBusy) || Date.now() > until) throw error;
      await new Promise<void>((resolve) => setTimeout(resolve, 250));
    }
  }
}

async function startInline(options: StartOptions): Promise<Started> {
  const { dataDir, testCommands = false, breakLock = false, log = () => undefined } = options;
  try {
    const server = await runServer({ dataDir, testCommands, breakLock, log });
    let closing: Promise<void> | null = null;
    const close = (): Promise<void> => {
      closing ??= server.close();
      return closing;
    };
    return { uri: server.uri, close };
  } catch (error) {
    if (error instanceof Busy) throw new DataFolderBusy(error.message, error.pid, error.since);
    throw error;
  }
}

async function startForked(options: StartOptions): Promise<Started> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const child = fork(fileURLToPath(new URL('./host.ts', import.meta.url)), [], {
    execArgv: ['--import', loader],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { dataDir, testCommands = false, breakLock = false } = options;
  const request: ToHost = { type: 'start', dataDir, testCommands, breakLock };
  child.send(request);
  const uri = await ready(child, options);
  let closing: Promise<void> | null = null;
  child.once('exit', (code, signal) => {
    if (closing === null) options.onDeath?.(`the embedded database ended (${signal ?? `code ${code}`})`);
  });
  const close = (): Promise<void> => {
    closing ??= closeChild(child);
    return closing;
  };
  return { uri, close };
}

/** Waits for the child's first word; its log lines go on after it. */
async function ready(child: ChildProcess, options: StartOptions): Promise<string> {
  return await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`the embedded database did not start (${signal ?? `code ${code}`})`)),
    );
    child.on('message', (message: FromHost) => {
      if (message.type === 'ready') resolve(message.uri);
      else if (message.type === 'log') options.log?.(message.line);
      else if (message.type === 'busy') reject(new DataFolderBusy(message.message, message.pid, message.since));
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
