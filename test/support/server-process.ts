import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The real server as a process of its own, started as `npm start` starts it. */
export interface ServerProcess {
  child: ChildProcess;
  /** Everything printed so far. */
  out(): string;
  err(): string;
  /** Resolves with the address once it answers; rejects with what was printed when it ends before. */
  ready: Promise<string>;
  /** Exit code, or the signal's name. */
  ended: Promise<number | string>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts the server with these variables; PORT 0 takes a free one. */
export function startServer(env: Record<string, string>): ServerProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts'], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', PORT: '0', LOG_LEVEL: 'warn', LANG: 'pt_BR.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stderr.on('data', (data: Buffer) => {
    err += data.toString();
  });
  const ended = new Promise<number | string>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal ?? '')),
  );
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString();
      const address = /Balcão em (http:\/\/\S+)/.exec(out)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('close', (code) => reject(new Error(`ended with ${code}: ${out}${err}`)));
  });
  // Whoever only waits for the end does not care that it never was ready.
  ready.catch(() => undefined);
  return { child, out: () => out, err: () => err, ready, ended, kill: (signal) => child.kill(signal) };
}
