import { unattended } from '#shared/unattended.ts';
import type { Bus } from '../bus.ts';
import type { ChannelLines, Desk } from '../desk/desk.ts';

interface Means {
  bus: Bus;
  now(): string;
  deskOf(channelId: string): Desk | null;
}

/** A channel's row learns of its traffic so often, in milliseconds. */
const keepEvery = 60_000;

/** Follows when something last came in and went out of each channel, and writes it down now and then. */
export function followTraffic({ bus, now, deskOf }: Means): ChannelLines['trafficOf'] {
  const traffic = new Map<string, ReturnType<ChannelLines['trafficOf']>>();
  const kept = new Map<string, number>();
  const trafficOf = (channelId: string) => traffic.get(channelId) ?? { lastIn: null, lastOut: null };

  function saw(channelId: string, which: 'lastIn' | 'lastOut', at: string): void {
    traffic.set(channelId, { ...trafficOf(channelId), [which]: at });
    const key = `${channelId} ${which}`;
    const desk = deskOf(channelId);
    if (desk === null || Date.now() - (kept.get(key) ?? 0) < keepEvery) return;
    kept.set(key, Date.now());
    unattended(desk.store.channels.change(channelId, { [which]: at }), 'traffic of a channel');
  }

  bus.on('ticket.changed', ({ after, entries }) => {
    const isIn = entries.some((entry) => entry.act === 'message.added' && entry.message.direction === 'in');
    if (isIn && after.channelId !== null) saw(after.channelId, 'lastIn', now());
  });
  bus.on('message.changed', ({ message: { channelId, delivery, at } }) => {
    if (channelId === null || delivery === null) return;
    const { state } = delivery;
    if (state === 'sent') saw(channelId, 'lastOut', now());
    // A receipt may overtake the network's own answer; it may also come days later.
    const arrived = state === 'delivered' || state === 'read';
    if (arrived && (trafficOf(channelId).lastOut ?? '') < at) saw(channelId, 'lastOut', at);
  });
  return trafficOf;
}
