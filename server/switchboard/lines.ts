import type { Channel, ChannelEvent, Endpoints, Pairing } from '#channels/channel.ts';
import { ChannelError } from '#channels/channel.ts';
import type { Bus } from '../bus.ts';
import type { ChannelKinds, ChannelLines } from '../desk/desk.ts';
import { DeskError } from '../errors.ts';
import type { Switchboard } from './switchboard.ts';
import { followTraffic } from './traffic.ts';

interface Means {
  switchboard: Switchboard;
  bus: Bus;
  kinds: ChannelKinds;
  endpoints: Endpoints;
  now(): string;
}

/** What the desk may ask of the running channels. */
export function channelLines({ switchboard, bus, kinds, endpoints, now }: Means): ChannelLines {
  const askers = new Map<string, string>();
  const trafficOf = followTraffic({ bus, now, deskOf: switchboard.desk });
  /** A channel that was just added or changed is waited for. */
  async function running(channelId: string) {
    await switchboard.ready(channelId);
    const channel = switchboard.channel(channelId);
    if (channel === null) throw new ChannelError('temporary', 'channel.inactive');
    return channel;
  }

  async function takeAll(channelId: string, events: ChannelEvent[]): Promise<boolean> {
    let taken = true;
    for (const event of events) taken = (await switchboard.take(channelId, event)) !== 'dead' && taken;
    return taken;
  }

  return {
    connectionOf: switchboard.connectionOf,
    sinceOf: switchboard.sinceOf,
    askerOf: (channelId) => askers.get(channelId) ?? null,
    trafficOf,
    async pair(channelId: string, agentId: string, how: Pairing) {
      const channel = await running(channelId);
      if (channel.pair === undefined) throw new ChannelError('refused', 'channel.cannot');
      askers.set(channelId, agentId);
      await channel.pair(how);
    },
    async test(channelId) {
      const channel = await running(channelId);
      const { phase } = switchboard.connectionOf(channelId);
      if (phase !== 'online') throw new ChannelError('temporary', 'channel.not-online');
      await channel.test?.();
    },
    reconnect: switchboard.reconnect,
    probe: (kind, settings, tell) => kinds.probe(kind, settings, endpoints, tell),
    async guess(address) {
      const { guessServers } = await import('#channels/email/guess.ts');
      return { ...(await guessServers(address)) };
    },
    async reread(channelId, raw) {
      const events = (await (await running(channelId)).reread?.(raw)) ?? [];
      await takeAll(channelId, events);
    },
    async change({ id, at, author, address, channelId, externalId, content: before }, content) {
      const channel = await running(channelId ?? '');
      if (!channel.can.has(content === null ? 'delete' : 'edit') || externalId === null) {
        throw new ChannelError('refused', 'channel.cannot');
      }
      const claim = async (): Promise<void> => undefined;
      const changed = content === null ? null : { ...before, ...content };
      const sent = await channel.send(address ?? '', {
        ...{ id, at, claim, content: changed, changes: externalId },
        authorName: author.name,
        auto: false,
      });
      if ('uncertain' in sent) throw new ChannelError('temporary', sent.uncertain);
    },
    async retake(channelId, event, raw) {
      const channel = await running(channelId);
      const events = raw === null ? [] : await readAgain(channel, raw);
      const known = events.length > 0 ? events : event === null ? [] : [event as ChannelEvent];
      return known.length > 0 && (await takeAll(channelId, known));
    },
  };
}

/** What a channel makes of bytes that it once did not understand; nothing when it still does not. */
async function readAgain(channel: Channel, raw: Uint8Array): Promise<ChannelEvent[]> {
  try {
    return (await channel.reread?.(raw)) ?? [];
  } catch (error) {
    // Trouble with the network or the database says nothing about the bytes.
    if (error instanceof ChannelError || error instanceof DeskError) throw error;
    return [];
  }
}
