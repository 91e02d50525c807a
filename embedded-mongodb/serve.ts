import { parseArgs } from 'node:util';
import { runServer } from './server.ts';

// `npm run db`: serves a data folder alone and prints its URI; `-- --port N` listens on 127.0.0.1 instead of a socket.

const { values } = parseArgs({
  options: { port: { type: 'string' }, data: { type: 'string' }, 'break-lock': { type: 'boolean', default: false } },
});

/** The end of a process whose file could not be written (sysexits.h). */
const EX_IOERR = 74;

const dataDir = values.data ?? process.env.DATA_DIR ?? './data';
const port = values.port === undefined ? undefined : Number(values.port);

try {
  const server = await runServer({
    dataDir,
    port,
    testCommands: false,
    breakLock: values['break-lock'],
    log: (line) => process.stderr.write(`${line}\n`),
    onFailure: (reason) => {
      process.stderr.write(`${reason}\n`);
      process.exit(EX_IOERR);
    },
  });
  process.stdout.write(`${server.uri}\n`);
  const stop = (): void => {
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
