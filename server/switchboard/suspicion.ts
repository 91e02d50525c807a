import type { Desk } from '../desk/desk.ts';
import type { Quiet } from './quiet.ts';

/** Watches the first events after an owner died: one of them may be what killed it. */
export interface Suspicion {
  /**
   * Does the work while counting durably that this event was begun; one event at a time, so that only the guilty one is
   * counted at a death. An event that was under way at a death is begun again alone. `guilty`: it was begun too often,
   * the work is not done.
   */
  run<T>(key: string, work: () => Promise<T>, guilty: () => Promise<T>): Promise<T>;
}

/** Begun so often without an end, all but the first time alone, an event is not begun again. */
const deathsMost = 3;
/** After so many events the rest is trusted. */
const watchedMost = 500;

interface Means {
  desk: Desk;
  channelId: string;
  /** The owner before this one did not end properly. Otherwise nothing is watched. */
  unclean: boolean;
  quiet: Quiet;
  signal: AbortSignal;
}

/** Makes the suspicion of one channel. */
export function suspicionOf({ desk, channelId, unclean, quiet, signal }: Means): Suspicion {
  const { trials } = desk.store;
  let left = unclean ? watchedMost : 0;
  let last: Promise<unknown> = Promise.resolve();

  async function counted<T>(key: string, work: () => Promise<T>): Promise<T> {
    await trials.begin(channelId, key, desk.now());
    const result = await work();
    await trials.end(channelId, key);
    return result;
  }

  async function watched<T>(key: string, work: () => Promise<T>, guilty: () => Promise<T>): Promise<T> {
    const deaths = await trials.begun(channelId, key);
    if (deaths >= deathsMost) return await counted(key, guilty);
    if (deaths > 0) return await quiet.alone(signal, () => counted(key, work));
    return await counted(key, work);
  }

  return {
    async run(key, work, guilty) {
      if (left <= 0) return await work();
      left -= 1;
      const mine = last.then(() => watched(key, work, guilty));
      // The next one waits for the end of this one, whatever it was.
      last = mine.catch(() => null);
      return await mine;
    },
  };
}
