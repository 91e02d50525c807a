import type { Connection } from '#shared/channel.ts';
import { unattended } from '#shared/unattended.ts';
import type { Desk, KeptChannel } from '../desk/desk.ts';

/** Follows the state of a channel and writes it down, with how much came in late after each time it came back. */
export interface Downtime {
  follow(connection: Connection): void;
  /** A message was stored that had waited at the network. */
  recovered(): void;
}

/** The connection's history of one channel. Steps of one try (`connecting`, a fresh QR) are not told twice. */
export function downtimeOf(desk: Desk, row: KeptChannel): Downtime {
  const { channelLog } = desk.store;
  let last: Connection['phase'] | null = null;
  let onlineId: string | null = null;
  let late = 0;

  return {
    follow(connection) {
      const { phase } = connection;
      if (phase === last || phase === 'connecting') return;
      last = phase;
      const reason = 'reason' in connection ? (connection.reason ?? null) : null;
      const entry = { id: desk.newId(), channelId: row.id, at: desk.now(), phase, reason, recovered: late };
      onlineId = phase === 'online' ? entry.id : null;
      late = 0;
      unattended(channelLog.add(entry), 'history of a connection');
    },
    recovered() {
      if (onlineId === null) late += 1;
      else unattended(channelLog.recovered(onlineId, 1), 'messages that had waited');
    },
  };
}
