import type { Connection } from '#shared/channel.ts';
import type { Bus } from '../bus.ts';
import type { Desk } from '../desk/desk.ts';

/** How the channels of this process stand, and since when. */
export interface Connections {
  tell(desk: Desk, channelId: string, connection: Connection): void;
  connectionOf(channelId: string): Connection;
  /** When its state began; null: not since this process started. */
  sinceOf(channelId: string): string | null;
}

/** Keeps the states and tells the bus of each change. */
export function connectionsOf(bus: Bus): Connections {
  const known = new Map<string, { connection: Connection; since: string }>();
  return {
    tell(desk, channelId, connection) {
      const before = known.get(channelId);
      const goesOn = before !== undefined && stateOf(before.connection) === stateOf(connection);
      known.set(channelId, { connection, since: goesOn ? before.since : desk.now() });
      bus.say({ event: 'connection.changed', payload: { companyId: desk.company.id, channelId, connection } });
    },
    connectionOf: (channelId) => known.get(channelId)?.connection ?? { phase: 'off' },
    sinceOf: (channelId) => known.get(channelId)?.since ?? null,
  };
}

/** Trying and waiting for the next try are one state: a channel that is down is down since it went down. */
const stateOf = ({ phase }: Connection): Connection['phase'] => (phase === 'connecting' ? 'waiting' : phase);
