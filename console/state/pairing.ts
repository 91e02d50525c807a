import { signal } from '@preact/signals';
import type { Connection } from '#shared/channel.ts';

/** QR or code of the pairings that this agent asked for, by channel. Nobody else is told of them. */
export const pairings = signal<ReadonlyMap<string, Connection>>(new Map());

/** Takes in how a pairing goes; once it is over its QR and code are forgotten. */
export function pairingChanged({ channelId, connection }: { channelId: string; connection: Connection }): void {
  const next = new Map(pairings.value);
  if (connection.phase === 'pairing') next.set(channelId, connection);
  else next.delete(channelId);
  pairings.value = next;
}
