import { describe, expect, it } from 'vitest';
import { FakeTelegram } from '../networks/telegram/fake-telegram.ts';
import { type Front, underFire } from './story.ts';

const rounds = Number(process.env.KILL_ROUNDS ?? 1);

async function telegramFront(): Promise<Front> {
  const fake = await FakeTelegram.start();
  const idOf = (chat: string): number => 9_000 + chat.length * 100 + (chat.codePointAt(0) ?? 0);
  return {
    kind: 'telegram',
    env: { TELEGRAM_API_URL: fake.url, BALCAO_ALLOW_INSECURE_NETWORKS: '1' },
    async connect(desk) {
      const { status } = await desk.call('POST', '/channels', {
        kind: 'telegram',
        name: 'Bot',
        config: { token: fake.token },
      });
      expect(status).toBe(201);
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

describe('Telegram under fire', () => {
  it('loses and doubles nothing, and shows every send of unknown fate', { timeout: 3_600_000 }, async () => {
    const report = await underFire(await telegramFront(), rounds);
    console.log(JSON.stringify(report));
    expect(report.kills).toBe(14 * rounds);
  });
});
