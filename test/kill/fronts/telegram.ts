import { expect } from 'vitest';
import { FakeTelegram } from '../../networks/telegram/fake-telegram.ts';
import type { Front } from './front.ts';

/** A bot whose Bot API lives on, whatever becomes of the desk. */
export async function telegramFront(): Promise<Front & { fake: FakeTelegram }> {
  const fake = await FakeTelegram.start();
  const idOf = (chat: string): number => 9_000 + chat.length * 100 + (chat.codePointAt(0) ?? 0);
  return {
    fake,
    kind: 'telegram',
    env: { TELEGRAM_API_URL: fake.url, BALCAO_ALLOW_INSECURE_NETWORKS: '1' },
    async connect(desk) {
      const config = { token: fake.token };
      const { status, body } = await desk.call('POST', '/channels', { kind: 'telegram', name: 'Bot', config });
      expect(status).toBe(201);
      await desk.inPhase(body.id, 'online');
      return body.id;
    },
    async write(chat, text) {
      fake.customer(idOf(chat), chat).write(text);
    },
    got: (chat) =>
      fake
        .chat(idOf(chat))
        .messages.filter(({ from }) => from === 'bot')
        .map(({ text }) => text),
    // The loop keeps no records of its own, and the network sends no receipts.
    everyMs: 120,
    agentEveryMs: 400,
    never: ['I2', 'O8'],
    close: () => fake.stop(),
  };
}
