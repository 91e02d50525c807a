import { type Channel, ChannelError, type Maker, type SocketServer } from '#channels/channel.ts';
import type { Connection } from '#shared/channel.ts';
import { unattended } from '#shared/unattended.ts';
import type { Bus } from './bus.ts';
import { channelHost } from './channel-host.ts';
import type { Desk, KeptChannel } from './desk/desk.ts';
import { queues } from './queues.ts';

export type MakerOf = (row: KeptChannel) => Maker;

/** One channel as it runs in this process. */
interface Running {
  desk: Desk;
  row: KeptChannel;
  channel: Channel;
}

/** Keeps the channels of all companies connected, and takes in what they bring. */
export interface Switchboard {
  /** Connects the active channels of one company. */
  open(desk: Desk): Promise<void>;
  /** The running channel, null when it is off. */
  channel(channelId: string): Channel | null;
  desk(channelId: string): Desk | null;
  /** Ids of the running channels. */
  channelIds(): string[];
  /** The running channels of one company. */
  running(companyId: string): { row: KeptChannel; channel: Channel }[];
  connectionOf(channelId: string): Connection;
  /** Disconnects all; what is being received is finished first. */
  close(): Promise<void>;
}

interface Means {
  makerOf: MakerOf;
  sockets: SocketServer;
  bus: Bus;
  deskOf(companyId: string): Promise<Desk>;
  log(line: string, about: Record<string, unknown>): void;
}

/** Makes the switchboard; it follows `channel.changed`. */
export function createSwitchboard(means: Means): Switchboard {
  const running = new Map<string, Running>();
  const connections = new Map<string, Connection>();
  const inOrder = queues();

  async function connect(desk: Desk, row: KeptChannel): Promise<void> {
    try {
      const channel = means.makerOf(row)(row, { sockets: means.sockets });
      running.set(row.id, { desk, row, channel });
      await channel.connect(channelHost({ desk, row, tell: (now) => tell(desk, row.id, now), log: means.log }));
    } catch (error) {
      running.delete(row.id);
      const reason = error instanceof ChannelError ? error.code : 'internal';
      tell(desk, row.id, { phase: 'waiting', retryAt: desk.now(), reason });
      means.log('channel does not connect', { channelId: row.id, reason, error: String(error) });
    }
  }

  async function disconnect(channelId: string): Promise<void> {
    const now = running.get(channelId);
    running.delete(channelId);
    await now?.channel.disconnect();
  }

  function tell(desk: Desk, channelId: string, connection: Connection): void {
    connections.set(channelId, connection);
    means.bus.say({ event: 'connection.changed', payload: { companyId: desk.company.id, channelId, connection } });
  }

  /** Connects or disconnects as the stored row wants; one change of a channel at a time. */
  async function follow(companyId: string, channelId: string): Promise<void> {
    await inOrder.run(`connect ${channelId}`, async () => {
      await disconnect(channelId);
      const desk = await means.deskOf(companyId);
      const row = await desk.store.channels.byId(channelId);
      if (row?.active === true) await connect(desk, row);
    });
  }

  means.bus.on('channel.changed', ({ companyId, channelId }) =>
    unattended(follow(companyId, channelId), 'channel change'),
  );

  return {
    async open(desk) {
      const rows = (await desk.store.channels.all()).filter((row) => row.active && !running.has(row.id));
      await Promise.all(rows.map((row) => connect(desk, row)));
    },
    channel: (channelId) => running.get(channelId)?.channel ?? null,
    desk: (channelId) => running.get(channelId)?.desk ?? null,
    channelIds: () => [...running.keys()],
    running: (companyId) => [...running.values()].filter(({ desk }) => desk.company.id === companyId),
    connectionOf: (channelId) => connections.get(channelId) ?? { phase: 'off' },
    async close() {
      await Promise.all([...running.keys()].map(disconnect));
      await inOrder.drained();
    },
  };
}
