import { FolderHeld } from './lock-file.ts';
import { type RunningServer, runServer } from './server.ts';

// The forked child that serves the data folder: flushes and scans stay off the application's loop. It ends when its
// parent is gone, and does not end by the signals of the parent's terminal: the parent closes it.

/** What the parent sends. */
export type ToHost =
  | { readonly type: 'start'; readonly dataDir: string; readonly testCommands: boolean; readonly breakLock: boolean }
  | { readonly type: 'close' };

/** What the child answers. */
export type FromHost =
  | { readonly type: 'ready'; readonly uri: string }
  | { readonly type: 'log'; readonly line: string }
  | { readonly type: 'busy'; readonly message: string; readonly pid: number; readonly since: string }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'broken'; readonly reason: string }
  | { readonly type: 'closed' };

/** How long the answers to what failed have to reach their clients. */
const FAREWELL_MS = 50;

let server: RunningServer | null = null;

function tell(message: FromHost): void {
  if (process.connected) process.send?.(message);
}

async function begin(options: Extract<ToHost, { type: 'start' }>): Promise<void> {
  try {
    server = await runServer({ ...options, log: (line) => tell({ type: 'log', line }), onFailure: broken });
    tell({ type: 'ready', uri: server.uri });
  } catch (error) {
    if (error instanceof FolderHeld) tell({ type: 'busy', message: error.message, pid: error.pid, since: error.since });
    else tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    process.disconnect();
  }
}

/** After a failed write nothing of this process is to be trusted but the file: it ends as if it had been killed. */
function broken(reason: string): void {
  tell({ type: 'broken', reason });
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), FAREWELL_MS);
}

async function end(): Promise<void> {
  const running = server;
  server = null;
  await running?.close();
  tell({ type: 'closed' });
  if (process.connected) process.disconnect();
  process.exit(0);
}

function fatal(error: unknown): void {
  tell({
    type: 'log',
    line: `the embedded database failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  });
  process.exit(1);
}

process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('uncaughtException', fatal);
process.on('unhandledRejection', fatal);
process.on('disconnect', () => {
  end().catch(fatal);
});
process.on('message', (message: ToHost) => {
  (message.type === 'start' ? begin(message) : end()).catch(fatal);
});
