import { signal } from '@preact/signals';
import type { ChannelView } from '#shared/channel.ts';

/** How long a channel may be away before administrators are told. */
export const patienceMs = 30_000;

/** Channels that are away, each with since when (ms), as far as this console knows. */
export type Troubled = ReadonlyMap<string, number>;

/** How it is now. */
export const troubled = signal<Troubled>(new Map());

/** Those that have been away for long enough to be told of. */
export const awayLong = signal<readonly string[]>([]);

/** Since when a channel is away; null: it is not. */
export function outageOf(channelId: string): string | null {
  const since = troubled.value.get(channelId);
  return since === undefined ? null : new Date(since).toISOString();
}

/** Takes over how the channels are now. Trying again does not end an outage: only being online, off or paused does. */
export function troubledAfter(before: Troubled, channels: readonly ChannelView[], now: number): Troubled {
  const after = new Map<string, number>();
  for (const { id, active, connection, since } of channels) {
    if (!active) continue;
    const { phase } = connection;
    const known = before.get(id);
    if (phase === 'waiting' || phase === 'logged-out') {
      after.set(id, known ?? Math.min(now, since === null ? now : Date.parse(since)));
    } else if (phase === 'connecting' && known !== undefined) after.set(id, known);
  }
  return after;
}

/** The dismissed outages that last: one that is over is forgotten, so that the next is told. */
export function stillDismissed(dismissed: readonly string[], channels: readonly ChannelView[]): string[] {
  return dismissed.filter((id) => {
    const channel = channels.find((one) => one.id === id);
    if (channel === undefined) return true;
    return channel.active && ['waiting', 'connecting', 'logged-out'].includes(channel.connection.phase);
  });
}

/** The channels to speak of: away for long enough, the longest first. */
export function calledOut(away: Troubled, now: number): string[] {
  const late = [...away].filter(([, since]) => now - since >= patienceMs);
  return late.sort(([, a], [, b]) => a - b).map(([id]) => id);
}
