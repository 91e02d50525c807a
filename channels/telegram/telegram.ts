import { abilitiesOf } from '#shared/channel.ts';
import { type Channel, ChannelError, type Maker } from '../channel.ts';
import { apiOf } from './api.ts';
import { ApiFault, channelErrorOf } from './fault.ts';
import { deliver, gestureTo } from './outbound.ts';
import { type Pace, usualPace } from './pace.ts';
import { type Bot, botOf } from './settings.ts';
import { begin, eventsWithFiles, type Stay } from './stay.ts';
import type { WireUpdate } from './wire.ts';

/** A bot of Telegram by the Bot API. Throws ChannelError naming the field for wrong settings: `token`, `groups`. */
export const telegram: Maker = (row, means) => channelOf(botOf(row.settings, means.endpoints), usualPace);

/** The same at another pace. */
export function telegramAt(pace: Pace): Maker {
  return (row, means) => channelOf(botOf(row.settings, means.endpoints), pace);
}

function channelOf(bot: Bot, pace: Pace): Channel {
  const api = apiOf(bot);
  let stay: Stay | null = null;

  function open(): Stay {
    if (stay?.ending() === 'logged-out') throw new ChannelError('logged-out', 'telegram.token', 'token');
    if (stay === null || !stay.open()) throw new ChannelError('temporary', 'channel.inactive');
    return stay;
  }

  return {
    kind: 'telegram',
    can: new Set(abilitiesOf.telegram),
    async connect(host) {
      stay = begin({ api, bot, pace }, host);
      await stay.tried;
    },
    async disconnect() {
      const last = stay;
      stay = null;
      await last?.leave();
    },
    async send(to, message) {
      const { means, work } = open();
      return await work.run(() => deliver(means, to, message));
    },
    async gesture(to, gesture) {
      const now = stay;
      if (now?.open() === true) await now.work.run(() => gestureTo(now.means, to, gesture));
    },
    async test() {
      try {
        await api.call('getMe', {}, pace.answerMs, new AbortController().signal);
      } catch (error) {
        throw error instanceof ApiFault ? channelErrorOf(error) : error;
      }
    },
    async reread(raw) {
      const { means, work } = open();
      const update: WireUpdate = JSON.parse(new TextDecoder().decode(raw));
      return await work.run(() => eventsWithFiles(means, update, 0));
    },
  };
}
