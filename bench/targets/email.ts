import { compose, PostOffice } from '../../test/networks/mail/post-office.ts';
import { openDesk } from './desk.ts';
import { type Kind, text } from './target.ts';

/** IMAP on loopback, one mail after the other through the parser's process, then as the simulator. */
export const email: Kind = {
  name: 'balcão: e-mail to console',
  n: 200,
  contacts: 50,
  async open(connection, contacts) {
    const office = await PostOffice.open();
    const desk = await openDesk(connection);
    const channelId = await desk.add({ kind: 'email', config: office.settings() });
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
          to: office.address,
          subject: 'Internet',
          messageId: `<${written}@correio.example>`,
          inReplyTo: root,
          references: [root],
          text,
        });
        const heard = desk.hears();
        office.imap.deliver(raw);
        await heard;
      },
      heard: desk.heard,
      async close() {
        await desk.close();
        await office.close();
      },
    };
  },
};
