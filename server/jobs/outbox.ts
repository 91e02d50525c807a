import type { Bus } from '../bus.ts';
import { type ChannelOutbox, channelOutbox, type OutboxMeans } from './channel-outbox.ts';

/** Sends what the desk has queued. The messages themselves are the outbox: a lost wake-up costs a look, never a message. */
export interface Outbox {
  /** Resolves when what is being sent has ended; nothing is begun after it. */
  close(): Promise<void>;
}

const lookEvery = 1_000;

/** Starts the sender: on `outbox.wake`, when a channel comes online, and by a look of its own every second. */
export function startOutbox(bus: Bus, means: OutboxMeans): Outbox {
  const channels = new Map<string, ChannelOutbox>();

  function outboxOf(channelId: string): ChannelOutbox {
    const known = channels.get(channelId);
    if (known !== undefined) return known;
    const fresh = channelOutbox(channelId, means);
    channels.set(channelId, fresh);
    return fresh;
  }

  bus.on('outbox.wake', ({ channelId }) => outboxOf(channelId).wake());
  bus.on('connection.changed', ({ channelId, connection }) => {
    if (connection.phase === 'online') outboxOf(channelId).release();
  });
  const timer = setInterval(() => {
    for (const channelId of means.lines.channelIds()) outboxOf(channelId).wake();
  }, lookEvery);
  return {
    async close() {
      clearInterval(timer);
      await Promise.all([...channels.values()].map((one) => one.close()));
    },
  };
}
