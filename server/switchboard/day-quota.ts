import { ChannelError } from '#channels/channel.ts';

/** How much each of many may bring in a day. Kept in memory: a restart or a new connection of the channel forgives. */
export interface DayQuota {
  /** Passes the bytes on and counts them; throws ChannelError `media.quota` once `who` has brought too many. */
  counted(who: string, bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** `most`: bytes of one in a day of `now`'s clock (ISO, UTC). */
export function dayQuota(most: number, now: () => string): DayQuota {
  let day = '';
  let brought = new Map<string, number>();

  function of(who: string): number {
    const today = now().slice(0, 10);
    if (today !== day) brought = new Map();
    day = today;
    return brought.get(who) ?? 0;
  }

  return {
    async *counted(who, bytes) {
      for await (const chunk of bytes) {
        const sum = of(who) + chunk.length;
        if (sum > most) throw new ChannelError('refused', 'media.quota');
        brought.set(who, sum);
        yield chunk;
      }
    },
  };
}
