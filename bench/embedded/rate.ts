/** How many times a second something was done by so many at once, for about `ms` milliseconds. */
export async function rate(run: (i: number) => Promise<unknown>, lanes: number, ms: number): Promise<number> {
  const began = performance.now();
  const end = began + ms;
  let done = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < end) {
      const i = done;
      done += 1;
      await run(i);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return (done / (performance.now() - began)) * 1000;
}

/** Milliseconds that something takes. */
export async function took(run: () => unknown): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}

/** The middle one. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}
