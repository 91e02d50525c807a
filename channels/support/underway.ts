/** Work that a channel has begun, so that `disconnect` can wait for it. */
export interface Underway {
  /** Counts the work until it is settled; the caller still gets its outcome. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is under way any more. */
  drained(): Promise<void>;
}

/** A fresh, empty count of work under way. */
export function underway(): Underway {
  const running = new Set<Promise<unknown>>();
  return {
    async run(work) {
      const promise = work();
      running.add(promise);
      try {
        return await promise;
      } finally {
        running.delete(promise);
      }
    },
    async drained() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}
