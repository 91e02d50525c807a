import { available, Dovecot } from '../../test/networks/mail/dovecot.ts';
import { compose, PostOffice } from '../../test/networks/mail/post-office.ts';
import { openDesk } from './desk.ts';
import { type Kind, text } from './target.ts';

/** Where the mails lie. */
interface Box {
  address: string;
  settings: Record<string, unknown>;
  deliver(raw: Buffer): Promise<unknown>;
  close(): Promise<void>;
}

/** Dovecot where it is installed: hoodiecrow, in this process, needs 60 ms for a body. */
async function open(): Promise<Box> {
  const office = await PostOffice.open();
  const plain = {
    address: office.address,
    settings: office.settings(),
    deliver: async (raw: Buffer) => office.imap.deliver(raw),
    close: () => office.close(),
  };
  if (!available()) return plain;
  const dovecot = await Dovecot.start();
  const settings = office.settings();
  return {
    address: dovecot.address,
    settings: { ...settings, imap: { ...(settings.imap as object), port: dovecot.imapPort } },
    deliver: (raw) => dovecot.deliver(raw),
    close: async () => {
      await dovecot.stop();
      await office.close();
    },
  };
}

/** IMAP on loopback, one mail after the other through the parser's process, then as the simulator. */
export const email: Kind = {
  name: 'balcão: e-mail to console',
  n: 200,
  contacts: 50,
  async open(connection, contacts) {
    const box = await open();
    const desk = await openDesk(connection);
    const channelId = await desk.add({ kind: 'email', config: box.settings });
    await desk.until(channelId, ({ phase }) => phase === 'online');
    let written = 0;
    return {
      name: email.name,
      async write(i) {
        written += 1;
        const from = `cliente${i % contacts}@correio.example`;
        const root = `<inicio-${i % contacts}@correio.example>`;
        const raw = await compose({
          from: { name: 'Sérgio', address: from },
          to: box.address,
          subject: 'Internet',
          messageId: `<${written}@correio.example>`,
          inReplyTo: root,
          references: [root],
          text,
        });
        const heard = desk.hears();
        await Promise.all([box.deliver(raw), heard]);
      },
      heard: desk.heard,
      async close() {
        await desk.close();
        await box.close();
      },
    };
  },
};
