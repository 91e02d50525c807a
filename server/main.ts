import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connection } from 'mongoose';
import pino, { type Logger } from 'pino';
import { sampleConversations } from '#channels/simulator/scripts.ts';
import { DataFolderBusy, start as startEmbedded } from '#embedded-mongodb/start.ts';
import { say } from '#shared/text/say.ts';
import { reportUnattended, unattended } from '#shared/unattended.ts';
import { type App, createApp } from './app.ts';
import { armFault } from './armed.ts';
import { diskBlobs } from './blobs/disk.ts';
import { gridFsBlobs } from './blobs/gridfs.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { operator } from './operator.ts';
import { paces } from './pace.ts';
import { createSeal } from './seal.ts';
import { keptSecretKey } from './secret-key.ts';
import { connect, UnusableDatabase } from './store/connect.ts';
import { channelKinds, makerOf } from './switchboard/kinds.ts';

/** Wrong settings (EX_CONFIG) and everything else that keeps the desk from starting. */
const exitConfig = 78;
const exitUnusable = 69;
const words = operator(process.env);

/** Ends a start that cannot succeed, with one sentence. */
class CannotStart extends Error {
  readonly exitCode: number;
  constructor(sentence: string, exitCode = exitUnusable) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

interface Database {
  uri: string;
  close(): Promise<void>;
}

async function openDatabase(config: Config, log: Logger, died: (reason: string) => void): Promise<Database> {
  if (config.mongodbUri !== null) return { uri: config.mongodbUri, close: async () => undefined };
  try {
    return await startEmbedded({
      dataDir: config.dataDir,
      log: (line) => log.info({ from: 'database' }, line),
      onDeath: died,
    });
  } catch (error) {
    if (error instanceof DataFolderBusy)
      throw new CannotStart(say(words.folderBusy, { folder: config.dataDir, pid: error.pid }));
    throw error;
  }
}

async function listen(app: App, { port, host }: Config): Promise<string> {
  try {
    return await app.listen(port, host);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new CannotStart(say(words.portTaken, { port }));
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new CannotStart(say(words.hostUnusable, { host, port }));
    throw error;
  }
}

function makeDataDir(config: Config): void {
  try {
    mkdirSync(config.dataDir, { recursive: true });
  } catch {
    throw new CannotStart(say(words.folderUnusable, { folder: config.dataDir }));
  }
}

/** Starts what the configuration names, says where it is, and answers how to stop it. */
async function run(config: Config, log: Logger, stop: (exitCode: number) => void): Promise<() => Promise<void>> {
  makeDataDir(config);
  const opened: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of opened.splice(0).reverse()) await end();
  };
  try {
    const database = await openDatabase(config, log, (reason) => {
      log.fatal({ reason }, 'the database has ended');
      stop(1);
    });
    opened.push(() => database.close());
    const connection = await connect(database.uri);
    opened.push(() => connection.close());
    const app = await createApp(meansOf(config, connection, log));
    opened.push(app.close);
    await announce(config, app, await listen(app, config));
    return close;
  } catch (error) {
    await close();
    if (error instanceof UnusableDatabase) {
      const { noAnswer, noReplicaSet } = words;
      throw new CannotStart(error.reason === 'no-answer' ? say(noAnswer, { cause: error.message }) : noReplicaSet);
    }
    throw error;
  }
}

function meansOf(config: Config, connection: Connection, log: Logger): Parameters<typeof createApp>[0] {
  return {
    connection,
    seal: createSeal(config.secretKey ?? keptSecretKey(config.dataDir)),
    makerOf,
    channelKinds,
    samples: (language, template) => sampleConversations[language][template],
    paces,
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    setupCode: config.setupCode,
    blobs: config.mediaStore === 'disk' ? diskBlobs(join(config.dataDir, 'media')) : gridFsBlobs(connection),
    endpoints: config.endpoints,
    alone: config.mongodbUri === null,
    dist: fileURLToPath(new URL('../dist', import.meta.url)),
    // The address is announced below, to people.
    logger: log.child({ from: 'http' }, { level: log.level === 'info' ? 'warn' : log.level }),
    clock: Date.now,
  };
}

/** One line with the address; before the first company also with the link that sets it up. */
async function announce(config: Config, app: App, origin: string): Promise<void> {
  const fresh = (await app.front.directory.companies()).length === 0;
  if (config.mongodbUri === null) tell(say(words.embedded, { folder: config.dataDir }));
  if (!fresh) tell(say(words.ready, { origin }));
  else tell(say(words.readyToSetUp, { origin, link: `${origin}/instalar#${app.front.setupCode.current()}` }));
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  armFault(process.env);
  const config = readConfig(process.env);
  const log = pino({ level: config.logLevel, redact: ['*.password', '*.token'] }, pino.destination(2));
  reportUnattended((what, error) => log.error({ err: error, what }, 'unattended work failed'));
  let closing: Promise<void> | null = null;
  let close: () => Promise<void> = async () => undefined;
  // A second signal, or the database's death while stopping, waits for the same end.
  const stop = (exitCode: number): void => {
    closing ??= close().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        log.fatal({ err: error }, 'stopping fails');
        process.exit(1);
      },
    );
    unattended(closing, 'stop');
  };
  process.on('SIGINT', () => stop(0));
  process.on('SIGTERM', () => stop(0));
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'unhandled rejection');
    process.exit(1);
  });
  close = await run(config, log, stop);
}

try {
  await main();
} catch (error) {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.faults.join('\n')}\n`);
    process.exit(exitConfig);
  }
  if (error instanceof CannotStart) {
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  }
  throw error;
}
