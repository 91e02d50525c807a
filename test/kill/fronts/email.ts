import { expect } from 'vitest';
import { PostOffice } from '../../networks/mail/post-office.ts';
import type { Front } from './front.ts';

/** A mailbox whose provider lives on, whatever becomes of the desk. */
export async function emailFront(): Promise<Front> {
  const office = await PostOffice.open();
  const addressOf = (chat: string): string => `${chat}@correio.example`;
  let written = 0;
  return {
    kind: 'email',
    // The post office speaks without encryption.
    env: { BALCAO_ALLOW_INSECURE_NETWORKS: '1' },
    async connect(desk) {
      const config = office.settings();
      const { status, body } = await desk.call('POST', '/channels', { kind: 'email', name: 'Correio', config });
      expect(status).toBe(201);
      await desk.inPhase(body.id, 'online');
      return body.id;
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
