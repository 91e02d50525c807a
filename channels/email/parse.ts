import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ChannelError } from '../channel.ts';
import { mailLimits, type ParseAnswer, type ParseRequest } from './mail.ts';

/** Takes mails apart in a process of its own, one after the other. */
export interface Parser {
  /** Never rejects for what a mail holds: `ok: false` tells the reason's code. Rejects when it was closed meanwhile. */
  parse(raw: Uint8Array, headOnly?: boolean): Promise<ParseAnswer & { nonce: string }>;
  /** Ends the process, for good. */
  close(): Promise<void>;
}

export interface ParserOptions {
  parseMs: number;
  /** After how long without mails the process ends. */
  idleMs: number;
  /** Told of every process that is started. */
  started?: (child: ChildProcess) => void;
}

export const usualParser: ParserOptions = { parseMs: mailLimits.parseMs, idleMs: 20_000 };

/** How much a mail may take of the process before it is ended, in MiB; files of a mail lie outside of it. */
const heapMib = 256;

/** A parser whose process is started with the first mail, killed with SIGKILL by a mail that takes too long. */
export function parser({ parseMs, idleMs, started: tell }: ParserOptions = usualParser): Parser {
  let child: ChildProcess | null = null;
  let idle: NodeJS.Timeout | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  async function end(): Promise<void> {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill('SIGKILL');
    await gone;
  }

  async function ask(request: ParseRequest): Promise<ParseAnswer> {
    // A process may have been ended for a reason that is not the mail's: only the second death in a row is held against it.
    for (let tries = 1; tries <= 2; tries += 1) {
      if (closed) break;
      child ??= start();
      const answer = await answerOf(child, request, parseMs);
      if (typeof answer === 'object') return answer;
      await end();
      if (answer === 'late') break;
    }
    if (closed) throw new ChannelError('temporary', 'channel.inactive');
    return { ok: false, reason: 'mail.unreadable' };
  }

  return {
    async parse(raw, headOnly = false) {
      const nonce = randomBytes(12).toString('hex');
      if (idle !== null) clearTimeout(idle);
      const turn = last.then(() => ask({ raw, nonce, headOnly }));
      last = turn.catch(() => null);
      const answer = await turn;
      if (idle !== null) clearTimeout(idle);
      idle = setTimeout(() => {
        const rested = child;
        child = null;
        rested?.disconnect();
      }, idleMs);
      idle.unref();
      return { ...answer, nonce };
    },
    async close() {
      closed = true;
      if (idle !== null) clearTimeout(idle);
      await end();
    },
  };

  function start(): ChildProcess {
    const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
    const started = fork(fileURLToPath(new URL('./parser-child.ts', import.meta.url)), [], {
      execArgv: ['--import', loader, `--max-old-space-size=${heapMib}`],
      // Nothing of what this process knows is of use to a parser, nor to who takes it over.
      env: { PATH: process.env.PATH },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    started.once('exit', () => {
      if (child === started) child = null;
    });
    started.on('error', () => started.kill('SIGKILL'));
    tell?.(started);
    return started;
  }
}

/** The child's answer; or that it ended, or took too long. */
function answerOf(
  child: ChildProcess,
  request: ParseRequest,
  parseMs: number,
): Promise<ParseAnswer | 'ended' | 'late'> {
  return new Promise((resolve) => {
    const done = (answer: ParseAnswer | 'ended' | 'late') => {
      clearTimeout(late);
      child.off('message', taken);
      child.off('exit', ended);
      resolve(answer);
    };
    const taken = (answer: unknown) => done(answer as ParseAnswer);
    const ended = () => done('ended');
    const late = setTimeout(() => done('late'), parseMs);
    child.on('message', taken);
    child.on('exit', ended);
    child.send(request, (error) => {
      if (error !== null) done('ended');
    });
  });
}
