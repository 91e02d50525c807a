import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { runServer } from './server.ts';

// `npm run db`: serves a data folder alone and prints its URI; `-- --port N` listens on 127.0.0.1 instead of a socket.
// With `--run FILE -- ARGUMENTS` it serves that program alone, with its URI in MONGODB_URI, and ends with it.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    port: { type: 'string' },
    data: { type: 'string' },
    run: { type: 'string' },
    'break-lock': { type: 'boolean', default: false },
  },
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
  const stop = (exitCode: number): void => {
    server.close().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', () => stop(0));
  process.once('SIGTERM', () => stop(0));
  if (values.run === undefined) process.stdout.write(`${server.uri}\n`);
  else {
    const command = ['--import', 'tsx', values.run, ...positionals];
    const program = spawn(process.execPath, command, {
      stdio: 'inherit',
      env: { ...process.env, MONGODB_URI: server.uri },
    });
    program.once('exit', (code) => stop(code ?? 1));
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
