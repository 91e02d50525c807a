import { DeskError } from '../../errors.ts';
import type { Seal } from '../../seal.ts';

/** The one-time code that opens the setup, kept in memory only. */
export interface SetupCode {
  /** The code to show; a new one when the old has expired. */
  current(): string;
  /** Throws `setup.code-wrong`, or `rate.limited` after five tries in a minute. */
  check(code: string): void;
}

const lives = 30 * 60_000;
const minute = 60_000;
const triesAMinute = 5;

/** A fresh code lives for 30 minutes; one that is fixed by the environment does not expire. */
export function createSetupCode(seal: Seal, clock: () => number, fixed: string | null): SetupCode {
  let value = fixed ?? seal.code();
  let made = clock();
  let tries: number[] = [];
  const expired = (): boolean => fixed === null && clock() - made > lives;
  return {
    current() {
      if (expired()) {
        value = seal.code();
        made = clock();
      }
      return value;
    },
    check(code) {
      tries = tries.filter((at) => clock() - at < minute);
      if (tries.length >= triesAMinute) throw new DeskError('rate.limited', { seconds: 60 });
      tries.push(clock());
      if (expired() || !seal.same(code.trim().toUpperCase(), value.toUpperCase()))
        throw new DeskError('setup.code-wrong');
    },
  };
}
