import type { Desk } from '../desk/desk.ts';

/** Watches the first events after an owner died: one of them may be what killed it. */
export interface Suspicion {
  /**
   * Does the work while counting durably that this event was begun; one event at a time, so that only the guilty one is
   * counted at a death. `guilty`: it was begun too often, the work is not done.
   */
  run<T>(key: string, work: () => Promise<T>, guilty: () => Promise<T>): Promise<T>;
}

/** Begun so often without an end, an event is not begun again. */
const deathsMost = 5;
/** After so many events the rest is trusted. */
const watchedMost = 500;

/** `unclean`: the owner before this one did not end properly. Otherwise nothing is watched. */
export function suspicionOf(desk: Desk, channelId: string, unclean: boolean): Suspicion {
  const { trials } = desk.store;
  let left = unclean ? watchedMost : 0;
  let last: Promise<unknown> = Promise.resolve();

  async function watched<T>(key: string, work: () => Promise<T>, guilty: () => Promise<T>): Promise<T> {
    const begun = await trials.begin(channelId, key, desk.now());
    const result = begun > deathsMost - 1 ? await guilty() : await work();
    await trials.end(channelId, key);
    return result;
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
