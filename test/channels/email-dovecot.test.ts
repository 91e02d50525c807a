import { describe, it } from 'vitest';
import { available, Dovecot } from '../networks/mail/dovecot.ts';
import { channelContract } from './channel.contract.ts';
import { type MailSide, mailNetwork } from './email-network.ts';

async function dovecotSide(): Promise<MailSide> {
  const server = await Dovecot.start();
  return {
    imapPort: server.imapPort,
    deliver: (raw) => server.deliver(raw),
    away: (away) => (away ? server.cease() : server.serve()),
    async logOut() {
      await server.setPassword('outra');
      await server.cease();
      await server.serve();
    },
    close: () => server.stop(),
  };
}

if (available()) {
  channelContract('email on Dovecot', {
    kind: 'email',
    open: (host) => mailNetwork(host, dovecotSide),
    longest: 1_000_000,
    resends: false,
    wrong: [],
  });
} else {
  describe('channel email on Dovecot', () => {
    it.skip('needs dovecot-imapd and dovecot-lmtpd, which are not installed here', () => undefined);
  });
}
