import type { ChannelEvent } from '#channels/channel.ts';
import type { Desk } from '../desk/desk.ts';
import { amend } from '../desk/messages/amend.ts';
import { reaction } from '../desk/messages/reaction.ts';

/** Speaks of a message that may come later. */
export type Early = Extract<ChannelEvent, { type: 'change' | 'reaction' }>;

/** Changes and reactions of one channel, also those that overtook their message. */
export interface EarlyEvents {
  /** Applies it, or keeps it for a day when there is no such message yet. */
  take(event: Early): Promise<'stored' | 'known'>;
  /** This message is stored now: what had waited for it is applied. */
  arrived(externalId: string): Promise<void>;
}

const keptMs = 24 * 3_600_000;

/** Makes them for one channel. */
export function earlyEventsOf(desk: Desk, channelId: string): EarlyEvents {
  const { earlyEvents } = desk.store;
  // Whether anything may wait: unknown at first, so the first message looks.
  let any = true;

  const apply = async (event: Early): Promise<'stored' | 'known' | 'absent'> =>
    event.type === 'change' ? await amend(desk, channelId, event) : await reaction(desk, channelId, event);

  async function arrived(externalId: string): Promise<void> {
    if (!any) return;
    const waiting = await earlyEvents.waiting(channelId, externalId);
    for (const { id, event } of waiting) {
      if ((await apply(event as Early)) !== 'absent') await earlyEvents.remove(id);
    }
    if (waiting.length === 0) any = await earlyEvents.any(channelId);
  }

  return {
    arrived,
    async take(event) {
      const done = await apply(event);
      if (done !== 'absent') return done;
      const { raw: _raw, ...kept } = event;
      const expiresAt = new Date(Date.parse(desk.now()) + keptMs).toISOString();
      await earlyEvents.keep(channelId, event.target, event.key, kept, expiresAt);
      any = true;
      // The message may have come between the look and the keeping.
      await arrived(event.target);
      return 'stored';
    },
  };
}
