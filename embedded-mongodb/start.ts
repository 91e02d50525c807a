import { Supervisor } from './child.ts';
import { FolderHeld } from './lock-file.ts';
import { runServer } from './server.ts';

const ignored = (): void => undefined;

/** How long a start waits for an owner that is just ending. */
const LOCK_WAIT_MS = 5000;

/** Another living process holds the data folder; `pid` and `since` say which. */
export class DataFolderBusy extends FolderHeld {}

/** How to start the embedded database. */
export interface StartOptions {
  /** The folder that holds `db/`; made when it is not there. */
  readonly dataDir: string;
  /** A forked child (the default), or this very process, for unit tests. */
  readonly host?: 'fork' | 'inline';
  readonly log?: (line: string) => void;
  /** Told once when the child ends without having been closed and no other takes its place. */
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
      if (!(error instanceof FolderHeld)) throw error;
      if (Date.now() > until) throw new DataFolderBusy(error.message, error.pid, error.since);
      await new Promise<void>((resolve) => setTimeout(resolve, 250));
    }
  }
}

async function startForked(options: StartOptions): Promise<Started> {
  const { dataDir, testCommands = false, breakLock = false, log, onDeath } = options;
  return await Supervisor.start({
    request: { type: 'start', dataDir, testCommands, breakLock },
    log: log ?? ignored,
    onDeath: onDeath ?? ignored,
  });
}

async function startInline(options: StartOptions): Promise<Started> {
  const { dataDir, testCommands = false, breakLock = false, log = ignored } = options;
  const server = await runServer({ dataDir, testCommands, breakLock, log });
  let closing: Promise<void> | null = null;
  return {
    uri: server.uri,
    close: () => {
      closing ??= server.close();
      return closing;
    },
  };
}
