/** How much is allowed in how long; one table, handed to the app, so that tests and load tools can choose their own. */
export interface Paces {
  /** Console socket events a second, one socket. */
  socketEvents: number;
  /** New visitor sockets a minute, one address. */
  visitorSockets: number;
  /** REST calls a minute, one sign-in (or one address before it). */
  rest: number;
  /** Files that one sign-in may upload in a minute. */
  uploads: number;
  /** Pretended messages a minute. */
  simulator: number;
  /** Sign-in tries a minute: one account, one address. */
  signInAccount: number;
  signInAddress: number;
}

export const paces: Paces = {
  socketEvents: 100,
  visitorSockets: 120,
  rest: 6_000,
  uploads: 120,
  simulator: 60_000,
  signInAccount: 10,
  signInAddress: 60,
};

/** Counts tries per key in windows of `windowMs`; `true` = still allowed. Bounded: at most 10,000 keys are remembered. */
export function pacer(most: number, windowMs: number): (key: string) => boolean {
  let counts = new Map<string, number>();
  let window = 0;
  return (key) => {
    const now = Math.floor(Date.now() / windowMs);
    if (now !== window || counts.size >= 10_000) {
      counts = new Map();
      window = now;
    }
    const n = (counts.get(key) ?? 0) + 1;
    counts.set(key, n);
    return n <= most;
  };
}
