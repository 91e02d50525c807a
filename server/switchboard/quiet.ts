import { setTimeout as pause } from 'node:timers/promises';

/** Lets one event of this process be handled while nothing else is begun: if the process dies then, it did it. */
export interface Quiet {
  /** Waits until what is under way has come to rest, does the work, and lets the others go on. One work at a time. */
  alone<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is being done alone. */
  over(): Promise<void>;
}

/** What is under way may still kill the process in this time, and is not taken for the suspect. */
const restMs = 1_000;

/** Makes the quiet of one process. */
export function createQuiet(): Quiet {
  let last: Promise<unknown> = Promise.resolve();

  async function atRest<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await pause(restMs, null, { signal });
    return await work();
  }

  return {
    alone(signal, work) {
      const mine = last.then(() => atRest(signal, work));
      last = mine.catch(() => null);
      return mine;
    },
    async over() {
      let seen: Promise<unknown> | null = null;
      while (seen !== last) {
        seen = last;
        await seen;
      }
    },
  };
}
