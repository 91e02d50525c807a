import { FakeWhatsApp } from '../../test/networks/whatsapp/server.ts';
import { openDesk } from './desk.ts';
import { type Kind, text } from './target.ts';

/** Noise and Signal on loopback, the journal's commit, then as the simulator. The phones' ciphers are counted too. */
export const whatsapp: Kind = {
  name: 'balcão: WhatsApp to console',
  n: 300,
  contacts: 20,
  async open(connection, contacts) {
    const fake = await new FakeWhatsApp().start();
    const desk = await openDesk(connection, { whatsapp: fake.url });
    const channelId = await desk.add({ kind: 'whatsapp', config: {} });
    await desk.call('POST', `/channels/${channelId}/pair`, { method: 'qr' });
    const { qr = '' } = await desk.until(channelId, (now) => now.qr !== undefined);
    fake.scan(qr, fake.phone('5511900001111', '11223344556677', 'Acme'));
    await desk.until(channelId, ({ phase }) => phase === 'online');
    const [device] = fake.devices.values();
    if (device === undefined) throw new Error('nothing was linked');
    const phones = Array.from({ length: contacts }, (_, i) =>
      fake.phone(`55119888${String(i).padStart(5, '0')}`, `998877665${String(i).padStart(5, '0')}`, 'Sérgio'),
    );
    // A phone's ratchet is one: it says one thing after the other.
    const turns = new Map<number, Promise<unknown>>();
    return {
      name: whatsapp.name,
      async write(i) {
        const heard = desk.hears();
        const turn = i % contacts;
        const said = (turns.get(turn) ?? Promise.resolve()).then(() =>
          phones[turn]?.say(device, { conversation: text }),
        );
        turns.set(turn, said);
        await Promise.all([said, heard]);
      },
      heard: desk.heard,
      async close() {
        await desk.close();
        await fake.stop();
      },
    };
  },
};
