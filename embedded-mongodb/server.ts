import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from './engine.ts';
import { type FolderLock, lockFolder } from './lock-file.ts';
import { Upkeep } from './storage/ttl.ts';
import { serveConnection } from './wire/connection.ts';
import { Dispatcher, type Observer } from './wire/dispatch.ts';

/** Bytes of a socket path that every system takes; longer ones are cut without a word. */
const MOST_PATH = 100;

/** The database that a URI names when the client names none. */
const DEFAULT_DB = 'balcao';

/** How to serve a data folder. */
export interface ServerOptions {
  readonly dataDir: string;
  readonly log: (line: string) => void;
  readonly testCommands: boolean;
  readonly breakLock: boolean;
  /** A TCP port on 127.0.0.1 instead of the socket; 0 takes a free one. */
  readonly port?: number | undefined;
  /** The file could not be written: nothing more is, and the process should begin anew. */
  readonly onFailure?: (reason: string) => void;
  /** For tests that watch what a program sends. */
  readonly observe?: Observer;
}

/** A server that is up. */
export interface RunningServer {
  readonly uri: string;
  close(): Promise<void>;
}

/** Locks the folder, opens the file and listens. */
export async function runServer(options: ServerOptions): Promise<RunningServer> {
  const folder = join(options.dataDir, 'db');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const lock = lockFolder(folder, options.breakLock);
  try {
    const engine = new Engine(folder, options.log, options.onFailure);
    await engine.resume();
    return await listen(engine, folder, lock, options);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function listen(
  engine: Engine,
  folder: string,
  lock: FolderLock,
  options: ServerOptions,
): Promise<RunningServer> {
  const dispatcher = new Dispatcher(engine, options.testCommands, options.observe);
  const upkeep = new Upkeep(engine);
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    connections += 1;
    const connection = { id: connections, address, appName: null, closing: false };
    serveConnection(socket, {
      answer: (request) => dispatcher.answer(request, connection),
      refuse: (error) => dispatcher.refuse(error),
      log: options.log,
    });
  });
  const address = await bind(server, folder, options.port);
  upkeep.start();
  return {
    uri: `mongodb://${encodeURIComponent(address).replace('%3A', ':')}/${DEFAULT_DB}?directConnection=true`,
    close: async () => {
      upkeep.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await engine.close();
      for (const socket of sockets) socket.destroy();
      await closed;
      lock.release();
    },
  };
}

async function bind(server: Server, folder: string, port: number | undefined): Promise<string> {
  if (port !== undefined || process.platform === 'win32') {
    await listening(server, () => server.listen({ port: port ?? 0, host: '127.0.0.1' }));
    const bound = server.address();
    return `127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
  }
  const path = socketPath(folder);
  // The folder's lock is ours, so a socket that is still there belongs to nobody.
  rmSync(path, { force: true });
  const mask = process.umask(0o177);
  try {
    await listening(server, () => server.listen({ path }));
  } finally {
    process.umask(mask);
  }
  chmodSync(path, 0o600);
  return path;
}

async function listening(server: Server, begin: () => void): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', resolve);
    begin();
  });
}

/** The socket inside the folder, or in a private folder of the system's when its path is too long or has a `%`. */
function socketPath(folder: string): string {
  const path = join(folder, 's.sock');
  if (Buffer.byteLength(path) <= MOST_PATH && !path.includes('%')) return path;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const runtime = join(tmpdir(), `embedded-mongodb-${process.getuid?.() ?? 0}-${name}`);
  mkdirSync(runtime, { recursive: true, mode: 0o700 });
  chmodSync(runtime, 0o700);
  return join(runtime, 's.sock');
}
