import type { Maker, Probe } from '#channels/channel.ts';
import { emailSettings } from '#channels/email/settings.ts';
import { simulator } from '#channels/simulator/simulator.ts';
import { telegramSettings } from '#channels/telegram/settings.ts';
import { webchatSettings } from '#channels/webchat/settings.ts';
import { webchat } from '#channels/webchat/webchat.ts';
import { whatsappSettings } from '#channels/whatsapp/settings.ts';
import type { ChannelKind } from '#shared/channel.ts';
import type { Company } from '#shared/company.ts';
import { customer as english } from '#shared/text/en/customer.ts';
import { customer as portuguese } from '#shared/text/pt-BR/customer.ts';
import type { ChannelKinds, KeptChannel } from '../desk/desk.ts';
import { lockSecrets, merged, openSecrets, withoutSecrets } from './secrets.ts';

type Settings = Record<string, unknown>;

/** All that the server knows of one kind of channel. */
interface Kind {
  /** Loaded when the first channel of its kind connects: network libraries cost a start time and memory. */
  maker(): Promise<Maker>;
  /** Checks and completes settings. Throws ChannelError naming the field. */
  settings(given: Settings, company: Company): object;
  /** Paths of what is locked at rest and never shown. */
  secrets: readonly string[];
  /** Null: there is nothing to try before the channel is made. */
  probe: (() => Promise<Probe>) | null;
}

/** Adding a kind of channel is one entry here. */
const kinds: Record<ChannelKind, Kind> = {
  whatsapp: {
    maker: async () => (await import('#channels/whatsapp/whatsapp.ts')).whatsapp,
    settings: whatsappSettings,
    secrets: [],
    probe: null,
  },
  telegram: {
    maker: async () => (await import('#channels/telegram/telegram.ts')).telegram,
    settings: telegramSettings,
    secrets: ['token'],
    probe: async () => (await import('#channels/telegram/probe.ts')).telegramProbe,
  },
  email: {
    maker: async () => (await import('#channels/email/email.ts')).email,
    settings: emailSettings,
    secrets: ['imap.password', 'smtp.password'],
    probe: async () => (await import('#channels/email/probe.ts')).emailProbe,
  },
  webchat: {
    maker: async () => webchat,
    settings(given, { language }) {
      const words = language === 'en' ? english : portuguese;
      const usual = { origins: [], title: words.webchatTitle, greeting: words.webchatGreeting };
      return webchatSettings({ ...usual, ...given, language });
    },
    secrets: [],
    probe: null,
  },
};

/** The maker of a stored channel. */
export async function makerOf(row: Pick<KeptChannel, 'kind' | 'simulated'>): Promise<Maker> {
  return row.simulated ? simulator : await kinds[row.kind].maker();
}

/** What the desk may ask about kinds of channels. */
export const channelKinds: ChannelKinds = {
  settle(desk, { id, kind, settings }, given) {
    const { secrets, settings: checked } = kinds[kind];
    const place = { seal: desk.seal, place: `${desk.company.id} ${id} settings` };
    const whole = merged(openSecrets(place, settings, secrets), given);
    return lockSecrets(place, { ...checked(whole, desk.company) }, secrets);
  },
  over: (desk, channel, given) => merged(channelKinds.opened(desk, channel), given),
  opened(desk, { id, kind, settings, simulated }) {
    const place = { seal: desk.seal, place: `${desk.company.id} ${id} settings` };
    return simulated ? settings : openSecrets(place, settings, kinds[kind].secrets);
  },
  shown: ({ kind, settings, simulated }) => (simulated ? null : withoutSecrets(settings, kinds[kind].secrets)),
  async probe(kind, settings, endpoints, tell) {
    const probe = await kinds[kind].probe?.();
    return probe === undefined ? null : await probe(settings, endpoints, tell);
  },
};
