import type { ChannelView } from '#shared/channel.ts';

/** How long a channel may be away before administrators are told. */
export const patienceMs = 30_000;

/** Channels that are away, each with when this console first heard of it. */
export type Troubled = ReadonlyMap<string, number>;

/** Takes over how the channels are now. Trying again does not end an outage: only being online, off or paused does. */
export function troubledAfter(before: Troubled, channels: readonly ChannelView[], now: number): Troubled {
  const after = new Map<string, number>();
  for (const { id, active, connection } of channels) {
    if (!active) continue;
    const { phase } = connection;
    const known = before.get(id);
    if (phase === 'waiting' || phase === 'logged-out') after.set(id, known ?? now);
    else if (phase === 'connecting' && known !== undefined) after.set(id, known);
  }
  return after;
}

/** The channel to speak of: the one that is away the longest, and long enough, and was not dismissed. */
export function calledOut(troubled: Troubled, dismissed: Troubled, now: number): string | null {
  const waiting = [...troubled].filter(([id, since]) => now - since >= patienceMs && dismissed.get(id) !== since);
  return waiting.sort(([, a], [, b]) => a - b)[0]?.[0] ?? null;
}
