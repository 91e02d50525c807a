import { setTimeout as sleep } from 'node:timers/promises';

/** How long the channel waits for what. Tests run at another pace. */
export interface Pace {
  /** How long the Bot API may hold a poll. */
  pollSeconds: number;
  /** After a fault of the network, before the next try; up to a quarter more or less. */
  backoffMs: number;
  /** For the answer to a call without a file. */
  answerMs: number;
  /** For the next byte of a file. */
  idleMs: number;
  /** For a whole file. */
  transferMs: number;
  /** For what is under way, when the channel is told to leave. */
  leaveMs: number;
}

export const usualPace: Pace = {
  pollSeconds: 30,
  backoffMs: 3_000,
  answerMs: 30_000,
  idleMs: 60_000,
  transferMs: 15 * 60_000,
  leaveMs: 10_000,
};

/** Waits; ends early, without an error, when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await sleep(ms, null, { signal }).catch(() => null);
}

/** Spreads the tries of many channels that lost the same network. */
export const jittered = (ms: number): number => Math.round(ms * (0.75 + Math.random() / 2));

/**
 * Runs something with a signal that aborts after `ms`, or with `parent`. `AbortSignal.any` would leave a trace of every
 * call on a parent that lives as long as the channel (about 100 bytes each, measured with Node 20).
 */
export async function within<T>(ms: number, parent: AbortSignal, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const own = new AbortController();
  const abort = () => own.abort();
  const timer = setTimeout(abort, ms);
  parent.addEventListener('abort', abort, { once: true });
  if (parent.aborted) abort();
  try {
    return await run(own.signal);
  } finally {
    clearTimeout(timer);
    parent.removeEventListener('abort', abort);
  }
}
