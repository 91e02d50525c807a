import { afterAll, onTestFinished } from 'vitest';

/** Runs when the test is over that asks for it; asked for outside of any test, at the file's end. The last one goes first. */
export function afterwards(act: () => void | Promise<void>): void {
  try {
    onTestFinished(act);
  } catch {
    // There is no test, as vitest says by throwing.
    afterAll(act);
  }
}
