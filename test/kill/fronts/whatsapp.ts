import { expect } from 'vitest';
import type { FakeConnection } from '../../networks/whatsapp/connection.ts';
import type { LinkedDevice } from '../../networks/whatsapp/device.ts';
import { FakeWhatsApp } from '../../networks/whatsapp/server.ts';
import type { Front } from './front.ts';

/** Counts who comes while the same account is still connected: the server then throws the former one out (440). */
export class CountingWhatsApp extends FakeWhatsApp {
  logins = 0;
  /** Logins of a device that had a live socket. */
  doubles = 0;

  override login(...[connection, payload]: Parameters<FakeWhatsApp['login']>): void {
    const before = this.device?.connection ?? null;
    super.login(connection, payload);
    if (connection.device === null) return;
    this.logins += 1;
    if (isOther(before, connection)) this.doubles += 1;
  }

  /** The device that was linked last; null before. */
  get device(): LinkedDevice | null {
    return [...this.devices.values()].at(-1) ?? null;
  }
}

const isOther = (before: FakeConnection | null, now: FakeConnection): boolean => before !== null && before !== now;

/** A linked number whose server and phones live on, whatever becomes of the desk. */
export async function whatsappFront(): Promise<Front & { fake: CountingWhatsApp }> {
  const fake = new CountingWhatsApp();
  await fake.start();
  const owner = fake.phone('5511900001111', '11223344556677', 'Acme');
  const numbers: Record<string, number> = { um: 1, dois: 2, tres: 3 };
  const phones = new Map(
    Object.entries(numbers).map(([chat, n]) => [chat, fake.phone(`551198888000${n}`, `9988776655443${n}`, chat)]),
  );
  const phoneOf = (chat: string) => phones.get(chat)!;
  const device = () => fake.device!;
  return {
    fake,
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
      await desk.inPhase(body.id, 'online');
      await expect.poll(() => device().active, { timeout: 20_000 }).toBe(true);
      return body.id;
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
    // A number writes less than one message a second, so that it is not restricted.
    agentEveryMs: 8000,
    never: [],
    close: () => fake.stop(),
  };
}
