import { placeOf } from '#channels/telegram/address.ts';
import { telegram } from '#channels/telegram/telegram.ts';
import type { Seen } from '../networks/telegram/chats.ts';
import { FakeTelegram } from '../networks/telegram/fake-telegram.ts';
import { faults } from '../networks/telegram/faults.ts';
import { ana, channelAt, meansAt } from '../networks/telegram/world.ts';
import { channelContract } from './channel.contract.ts';
import type { Got, Network, Written } from './network.ts';

function wrong(settings: unknown, field: string) {
  const row = { id: '0123456789abcdef01234567', kind: 'telegram' as const, publicId: null, settings };
  return { make: () => telegram(row, meansAt(null)), field };
}

const shown = ({ messageId, text, file, replyTo }: Seen): Got => ({
  externalId: `${ana}:${messageId}`,
  text,
  files: file === null ? [] : [file],
  replyTo: replyTo === null ? null : `${ana}:${replyTo}`,
});

channelContract('telegram', {
  kind: 'telegram',
  longest: 4_096,
  resends: false,
  wrong: [
    wrong(null, 'token'),
    wrong({}, 'token'),
    wrong({ token: '' }, 'token'),
    wrong({ token: 'not a token' }, 'token'),
    wrong({ token: '123:short' }, 'token'),
    wrong({ token: `123:${'A'.repeat(35)}`, groups: 'all' }, 'groups'),
  ],
  async open(host): Promise<Network> {
    const fake = await FakeTelegram.start();
    const customer = fake.customer(ana, 'Ana');
    const placed = new Map<string, number>();

    function say({ name, text, key, file, replyTo, strange }: Written): { updateId: number; messageId: number } {
      customer.chat.name = name;
      const known = placed.get(key);
      if (known !== undefined) return customer.repeat(known);
      if (strange === true) return customer.say({ hologram: { depth: 3 } });
      const extra = replyTo === undefined ? {} : { replyTo: placeOf(replyTo)!.message };
      if (file !== undefined) return customer.send('document', { ...file, caption: text }, extra);
      return customer.write(text, extra);
    }

    return {
      channel: channelAt(fake),
      customer: String(ana),
      conversation: String(ana),
      enter: async () => undefined,
      async write(message) {
        const { updateId, messageId } = say(message);
        placed.set(message.key, messageId);
        const before = host.messages.some(({ key }) => key === `${ana}:${messageId}`);
        await fake.updates.outcome(updateId);
        return before ? 'known' : 'stored';
      },
      got: async () =>
        fake
          .chat(ana)
          .messages.filter(({ from }) => from === 'bot')
          .map(shown),
      acknowledge: async () => undefined,
      again: () => channelAt(fake),
      faults: {
        refuse: () => fake.faults.plan('sendMessage', faults.blocked),
        silence: () => fake.faults.plan('sendMessage', { type: 'hang', taken: true }),
        cut: () => fake.stop(),
        mend: () => fake.listen(),
        async logOut() {
          fake.faults.plan('getUpdates', faults.unauthorized, 1_000);
          customer.write('oi');
        },
      },
      close: () => fake.stop(),
    };
  },
});
