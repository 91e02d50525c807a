/** Times of a mail channel in milliseconds; tests shorten them. */
export interface Timing {
  /** How often the mailbox is asked for a sign of life. */
  watchMs: number;
  /** How long a sign of life may take. */
  answerMs: number;
  /** First wait after a loss; doubles up to `backoffMostMs`. */
  backoffMs: number;
  backoffMostMs: number;
  connectMs: number;
  /** Longest silence of the SMTP server within a send; RFC 5321 4.5.3.2 grants the dot ten minutes. */
  sendMs: number;
  drainMs: number;
}

export const usualTiming: Timing = {
  watchMs: 300_000,
  answerMs: 30_000,
  backoffMs: 1_000,
  backoffMostMs: 60_000,
  connectMs: 30_000,
  sendMs: 600_000,
  drainMs: 10_000,
};

/** Wait before the next try: doubles with each, at most the cap, half of it left to chance so that nobody tries in step. */
export function backoff({ backoffMs, backoffMostMs }: Timing, tries: number): number {
  const full = Math.min(backoffMostMs, backoffMs * 2 ** Math.min(tries, 20));
  return Math.round(full / 2 + (Math.random() * full) / 2);
}

/** Resolves after the time, or at once when `signal` aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
