import { setTimeout as pause } from 'node:timers/promises';
import { isAway } from '../store/faults.ts';

const firstPause = 100;
const longestPause = 5_000;

/** Does it, again and again while the database is away, until `signal` aborts: then rejects with its reason. */
export async function patiently<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let wait = firstPause; ; wait = Math.min(wait * 2, longestPause)) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!isAway(error)) throw error;
    }
    // Woken by the abort, it throws at the next turn.
    await pause(wait, null, { signal }).catch(() => null);
  }
}
