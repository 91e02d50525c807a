import { thisConnection } from './live.ts';
import { Unanswered } from './refused.ts';

const againAfterMs = 2_000;

/**
 * Asks again and again while nobody answers and the connection stands: what it tells from now on would have a gap
 * before it. Without a connection it answers undefined, since the next one has everything asked for. Throws what
 * `ask` throws otherwise.
 */
export async function insist<T>(ask: () => Promise<T>): Promise<T | undefined> {
  const stands = thisConnection();
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
    }
    if (stands()) await new Promise((resolve) => setTimeout(resolve, againAfterMs));
    if (!stands()) return undefined;
  }
}
