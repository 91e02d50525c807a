import type { Maker } from '#channels/channel.ts';
import { simulator } from '#channels/simulator/simulator.ts';
import { webchatSettings } from '#channels/webchat/settings.ts';
import { webchat } from '#channels/webchat/webchat.ts';
import { customer as english } from '#shared/text/en/customer.ts';
import { customer as portuguese } from '#shared/text/pt-BR/customer.ts';
import type { ChannelKinds, KeptChannel } from './desk/desk.ts';

/** The maker of a stored channel. Adding a kind of channel is one line here. */
export function makerOf(row: KeptChannel): Maker {
  return row.simulated ? simulator : webchat;
}

/** What the desk may ask about kinds of channels. */
export const channelKinds: ChannelKinds = {
  available: (kind) => kind === 'webchat',
  settle(_kind, settings, { language }) {
    const words = language === 'en' ? english : portuguese;
    const given = { origins: [], title: words.webchatTitle, greeting: words.webchatGreeting, ...settings, language };
    return { ...webchatSettings(given) };
  },
};
