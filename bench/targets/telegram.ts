import { FakeTelegram } from '../../test/networks/telegram/fake-telegram.ts';
import { openDesk } from './desk.ts';
import { type Kind, text } from './target.ts';

/** A Bot API on loopback, long polls, then as the simulator; the next message of a lane waits for the console. */
export const telegram: Kind = {
  name: 'balcão: Telegram to console',
  n: 1_000,
  contacts: 500,
  async open(connection, contacts) {
    const fake = await FakeTelegram.start();
    const desk = await openDesk(connection, { telegram: fake.url });
    const channelId = await desk.add({ kind: 'telegram', config: { token: fake.token } });
    await desk.until(channelId, ({ phase }) => phase === 'online');
    const customers = Array.from({ length: contacts }, (_, i) => fake.customer(10_000 + i, 'Sérgio'));
    return {
      name: telegram.name,
      async write(i) {
        const heard = desk.hears();
        customers[i % contacts]?.write(text);
        await heard;
      },
      heard: desk.heard,
      async close() {
        await desk.close();
        await fake.stop();
      },
    };
  },
};
