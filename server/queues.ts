/** Work in order per key, different keys beside each other. */
export interface Queues {
  /** Runs `work` after all earlier work of this key has ended, well or badly. */
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is under way. */
  drained(): Promise<void>;
}

/** Makes a set of queues; a key without work takes no memory. */
export function queues(): Queues {
  const tails = new Map<string, Promise<unknown>>();
  return {
    async run(key, work) {
      const before = tails.get(key) ?? Promise.resolve();
      const mine = before.then(work, work);
      // The next one waits for the end of this one, whatever it was; the caller gets the result itself.
      const end = mine.then(
        () => undefined,
        () => undefined,
      );
      tails.set(key, end);
      try {
        return await mine;
      } finally {
        if (tails.get(key) === end) tails.delete(key);
      }
    },
    async drained() {
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
}
