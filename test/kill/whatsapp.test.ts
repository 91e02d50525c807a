import { describe, expect, it } from 'vitest';
import { FakeWhatsApp } from '../networks/whatsapp/server.ts';
import { type Front, underFire } from './story.ts';

const rounds = Number(process.env.KILL_ROUNDS ?? 1);

async function whatsappFront(): Promise<Front> {
  const fake = new FakeWhatsApp();
  await fake.start();
  const owner = fake.phone('5511900001111', '11223344556677', 'Acme');
  const numbers: Record<string, number> = { um: 1, dois: 2, tres: 3 };
  const phones = new Map(
    Object.entries(numbers).map(([chat, n]) => [chat, fake.phone(`551198888000${n}`, `9988776655443${n}`, chat)]),
  );
  const phoneOf = (chat: string) => phones.get(chat)!;
  const device = () => [...fake.devices.values()].at(-1)!;
  return {
    kind: 'whatsapp',
    env: { WHATSAPP_SOCKET_URL: fake.url, BALCAO_ALLOW_INSECURE_NETWORKS: '1' },
    async connect(desk) {
      const { status, body } = await desk.call('POST', '/channels', { kind: 'whatsapp', name: 'Celular', config: {} });
      expect(status).toBe(201);
      const path = `/channels/${body.id}`;
      expect((await desk.call('POST', `${path}/pair`, { method: 'qr' })).status).toBe(200);
      const connection = async () => (await desk.call('GET', path)).body.connection;
      await expect.poll(async () => (await connection()).qr ?? '', { timeout: 20_000 }).not.toBe('');
      fake.scan((await connection()).qr, owner);
      await expect.poll(async () => (await connection()).phase, { timeout: 20_000 }).toBe('online');
      await expect.poll(() => device().active, { timeout: 20_000 }).toBe(true);
    },
    async write(chat, text) {
      const phone = phoneOf(chat);
      await phone.say(device(), { conversation: text });
      // A phone that is on says what it has got.
      for (const { id } of phone.inbox.slice(-2)) phone.acknowledge(device(), id);
    },
    // The app shows one message of one id.
    got(chat) {
      const byId = new Map(phoneOf(chat).inbox.map(({ id, message }) => [id, message]));
      return [...byId.values()].map((message) => message.conversation ?? message.extendedTextMessage?.text ?? '');
    },
    everyMs: 300,
    // A number writes about one message a second, so that it is not restricted.
    agentEveryMs: 2500,
    never: [],
    close: () => fake.stop(),
  };
}

describe('WhatsApp under fire', () => {
  it('loses and doubles nothing', { timeout: 3_600_000 }, async () => {
    const front = await whatsappFront();
    const report = await underFire(front, rounds);
    console.log(JSON.stringify(report));
    expect(report).toMatchObject({ kills: 16 * rounds, uncertain: 0 });
  });
});
