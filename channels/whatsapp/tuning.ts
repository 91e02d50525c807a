import { setTimeout as wait } from 'node:timers/promises';

/** Time as the channel sees it. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** How fast a number may write, so that it looks like a person at a phone. */
export interface Pace {
  perSecond: number;
  burst: number;
  /** Bounds of the random pause with "typing…" before a text, in ms. */
  composing: [number, number];
}

/** Everything about time and trust that trials set otherwise. All times in ms. */
export interface Tuning {
  clock: Clock;
  /** null: nothing is held back. */
  pace: Pace | null;
  /** How long the server may take to acknowledge a message. */
  ackMs: number;
  /** How long a socket may take to show a QR code or to be open. */
  openMs: number;
  /** Life of each QR code; null: a minute for the first and 20 s for each later one. */
  qrMs: number | null;
  backoff: { firstMs: number; mostMs: number };
  /** PEM of one more authority for media servers. */
  authority: string | null;
}

export const realClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    await wait(ms, undefined, { ref: false, ...(signal === undefined ? {} : { signal }) }).catch((error: unknown) => {
      if (signal?.aborted !== true) throw error;
    });
  },
};

/** What a number is served with: about the speed of a fast typist, far below what got numbers restricted. */
export const usualTuning: Tuning = {
  clock: realClock,
  pace: { perSecond: 1, burst: 3, composing: [500, 2_000] },
  ackMs: 20_000,
  openMs: 25_000,
  qrMs: null,
  backoff: { firstMs: 1_000, mostMs: 60_000 },
  authority: null,
};
