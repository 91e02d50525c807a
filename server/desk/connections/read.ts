import * as z from 'zod/mini';
import { DeskError } from '../../errors.ts';
import * as input from '../input.ts';
import { look } from '../verb.ts';
import * as views from '../views.ts';
import { viewOf } from './view.ts';

const logShown = 50;
const letterCount = 100;

/** One channel with its health. Refuses: channel.not-found. */
export const readChannel = look({
  name: 'channel.read',
  action: 'channel.manage',
  input: z.strictObject({ channelId: input.id }),
  output: z.extend(views.channel, { health: views.channelHealth, removable: z.boolean() }),
  async run(desk, by, { channelId }) {
    const { store, lines } = desk;
    const channel = await store.channels.byId(channelId);
    if (channel === null) throw new DeskError('channel.not-found');
    const [queue, uncertain, failed, deadLetters, lease, log, used] = await Promise.all([
      store.messages.queueOf(channelId),
      store.messages.inState(channelId, 'uncertain', letterCount),
      store.messages.inState(channelId, 'failed', letterCount),
      store.deadLetters.count(channelId),
      store.leases.byId(channelId),
      store.channelLog.newest(channelId, logShown),
      store.tickets.anyOf(channelId),
    ]);
    const dayAgo = new Date(Date.parse(desk.now()) - 86_400_000).toISOString();
    const today = log.filter(({ at }) => at > dayAgo);
    // What lasts since longer than a day began no outage today, and is one.
    const eve = log.find(({ at }) => at <= dayAgo);
    const down = [...today, ...(eve === undefined ? [] : [eve])].filter(isDown).length;
    const traffic = lines.trafficOf(channelId);
    return {
      ...viewOf(desk, channel, by),
      removable: !channel.simulated && !used,
      health: {
        lastIn: later(channel.lastIn, traffic.lastIn),
        lastOut: later(channel.lastOut, traffic.lastOut),
        queue,
        uncertain: uncertain.length,
        failed: failed.length,
        deadLetters,
        reconnects: Math.max(0, today.filter(({ phase }) => phase === 'online').length - 1),
        outages: down,
        epoch: lease?.epoch ?? 0,
        log: log.map(({ at, phase, reason, recovered }) => ({ at, phase, reason, recovered })),
      },
    };
  },
});

const isDown = ({ phase }: { phase: string }): boolean => phase === 'waiting' || phase === 'logged-out';

/** The later one of two times. */
const later = (a: string | null, b: string | null): string | null => ((a ?? '') > (b ?? '') ? a : b);
