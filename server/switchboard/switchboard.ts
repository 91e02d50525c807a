import { type Channel, ChannelError, type ChannelEvent } from '#channels/channel.ts';
import type { Connection } from '#shared/channel.ts';
import { unattended } from '#shared/unattended.ts';
import type { Desk, KeptChannel, Records } from '../desk/desk.ts';
import { queues } from '../queues.ts';
import { connectionsOf } from './connections.ts';
import { type Line, openLine } from './line.ts';
import type { SwitchboardMeans } from './means.ts';

/** Keeps the channels of all companies connected, and takes in what they bring. */
export interface Switchboard {
  /** Connects the active channels of one company. */
  open(desk: Desk): Promise<void>;
  /** The running channel, null when it is off or another process runs it. */
  channel(channelId: string): Channel | null;
  desk(channelId: string): Desk | null;
  /** Throws unless this process may act for the channel now; for use inside a transaction. */
  fence(channelId: string): (records: Records) => Promise<void>;
  /** Ids of the running channels. */
  channelIds(): string[];
  /** The running channels of one company. */
  running(companyId: string): { row: KeptChannel; channel: Channel }[];
  connectionOf(channelId: string): Connection;
  /** When its phase began. */
  sinceOf(channelId: string): string | null;
  /** Resolves when what is being changed about a channel has ended. */
  ready(channelId: string): Promise<void>;
  /** Takes an event in as if the running channel had brought it. */
  take(channelId: string, event: ChannelEvent): Promise<'stored' | 'known' | 'dead'>;
  /** Lets go and connects again. */
  reconnect(channelId: string): Promise<void>;
  /** Disconnects all; what is being received is finished first. */
  close(): Promise<void>;
}

/** Makes the switchboard; it follows `channel.changed`. */
export function createSwitchboard(means: SwitchboardMeans): Switchboard {
  const lines = new Map<string, Line>();
  const connections = connectionsOf(means.bus);
  const inOrder = queues();

  async function connect(desk: Desk, row: KeptChannel): Promise<void> {
    const line = openLine({ means, desk, row, tell: (connection) => connections.tell(desk, row.id, connection) });
    lines.set(row.id, line);
    await line.settled();
  }

  async function disconnect(channelId: string): Promise<void> {
    const line = lines.get(channelId);
    lines.delete(channelId);
    await line?.close();
  }

  /**
   * Connects or disconnects as the stored row wants; one change of a channel at a time. What does not concern the
   * connection does not drop it, unless it is to be made `anew`.
   */
  async function follow(companyId: string, channelId: string, anew = false): Promise<void> {
    await inOrder.run(`connect ${channelId}`, async () => {
      const desk = await means.deskOf(companyId);
      const row = await desk.store.channels.byId(channelId);
      const line = lines.get(channelId);
      if (!anew && line !== undefined && row?.active === true && sameSettings(line.row, row)) return line.keep(row);
      await disconnect(channelId);
      if (row?.active === true) await connect(desk, row);
    });
  }

  means.bus.on('channel.changed', ({ companyId, channelId }) =>
    unattended(follow(companyId, channelId), 'channel change'),
  );

  return {
    async open(desk) {
      const rows = (await desk.store.channels.all()).filter((row) => row.active && !lines.has(row.id));
      await Promise.all(rows.map((row) => connect(desk, row)));
    },
    channel: (channelId) => lines.get(channelId)?.channel() ?? null,
    desk: (channelId) => lines.get(channelId)?.desk ?? null,
    fence: (channelId) => async (records) => {
      const line = lines.get(channelId);
      if (line === undefined) throw new Error('the channel is off');
      await line.fence(records);
    },
    channelIds: () => [...lines.keys()],
    running: (companyId) =>
      [...lines.values()].flatMap((line) => {
        const channel = line.desk.company.id === companyId ? line.channel() : null;
        return channel === null ? [] : [{ row: line.row, channel }];
      }),
    connectionOf: connections.connectionOf,
    sinceOf: connections.sinceOf,
    ready: (channelId) => inOrder.run(`connect ${channelId}`, async () => undefined),
    async take(channelId, event) {
      const line = lines.get(channelId);
      if (line === undefined) throw new ChannelError('temporary', 'channel.inactive');
      return await line.take(event);
    },
    async reconnect(channelId) {
      const line = lines.get(channelId);
      if (line !== undefined) await follow(line.desk.company.id, channelId, true);
    },
    async close() {
      await Promise.all([...lines.keys()].map(disconnect));
      await inOrder.drained();
    },
  };
}

const sameSettings = (a: KeptChannel, b: KeptChannel): boolean =>
  JSON.stringify(a.settings) === JSON.stringify(b.settings);
