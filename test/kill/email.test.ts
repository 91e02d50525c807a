import { describe, expect, it } from 'vitest';
import { PostOffice } from '../networks/mail/post-office.ts';
import { type Front, underFire } from './story.ts';

const rounds = Number(process.env.KILL_ROUNDS ?? 1);

async function mailFront(): Promise<Front> {
  const office = await PostOffice.open();
  const addressOf = (chat: string): string => `${chat}@correio.example`;
  let written = 0;
  return {
    kind: 'email',
    // The post office speaks without encryption.
    env: { BALCAO_ALLOW_INSECURE_NETWORKS: '1' },
    async connect(desk) {
      const body = { kind: 'email', name: 'Correio', config: office.settings() };
      const { status, body: channel } = await desk.call('POST', '/channels', body);
      expect(status).toBe(201);
      await expect
        .poll(async () => (await desk.call('GET', `/channels/${channel.id}`)).body.connection.phase, {
          timeout: 20_000,
        })
        .toBe('online');
    },
    async write(chat, text) {
      written += 1;
      const root = `<inicio-${chat}@correio.example>`;
      await office.receive({
        from: { name: chat, address: addressOf(chat) },
        subject: 'Pedido',
        messageId: `<${written}.${chat}@correio.example>`,
        inReplyTo: root,
        references: [root],
        text,
      });
    },
    // A mailbox shows one mail of one Message-ID.
    got(chat) {
      const mails = office.smtp.sent.filter(({ to }) => to.includes(addressOf(chat))).map(({ raw }) => raw.toString());
      const byId = new Map(mails.map((raw) => [/^Message-ID:\s+<(.+)>/im.exec(raw)?.[1], raw]));
      return [...byId.values()].map((raw) => /d:[a-z]+:\d+/.exec(raw)?.[0] ?? '');
    },
    // Only bounces are receipts here.
    everyMs: 800,
    agentEveryMs: 600,
    never: ['O8'],
    close: () => office.close(),
  };
}

describe('E-mail under fire', () => {
  it('loses and doubles nothing', { timeout: 3_600_000 }, async () => {
    const report = await underFire(await mailFront(), rounds);
    console.log(JSON.stringify(report));
    expect(report).toMatchObject({ kills: 15 * rounds, uncertain: 0 });
  });
});
