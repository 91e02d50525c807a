import { Dovecot } from '../networks/mail/dovecot.ts';
import { compose, type MailDraft } from '../networks/mail/post-office.ts';
import { type SentMail, SmtpSide } from '../networks/mail/smtp-side.ts';

/** A mailbox as companies have one: a real Dovecot to read from, and a server that sends. */
export interface Mailbox {
  address: string;
  password: string;
  imapPort: number;
  smtpPort: number;
  /** What went out of it, to whomever. */
  sent: readonly SentMail[];
  /** Somebody writes to it. */
  receive(draft: MailDraft): Promise<unknown>;
  close(): Promise<void>;
}

/** Opens a mailbox; what it sends to itself comes in again, as everywhere. */
export async function mailboxOnDovecot(): Promise<Mailbox> {
  const dovecot = await Dovecot.start();
  const { address, password, imapPort } = dovecot;
  const [user, domain] = address.split('@');
  const own = (to: string) => to.endsWith(`@${domain}`) && /^[^+@]+/.exec(to)?.[0] === user;
  const deliveries: Promise<unknown>[] = [];
  const smtp = new SmtpSide({ user: address, password }, ({ to, raw }) => {
    for (const one of to) if (own(one)) deliveries.push(dovecot.deliver(raw));
  });
  return {
    ...{ address, password, imapPort },
    smtpPort: await smtp.listen(),
    sent: smtp.sent,
    receive: async (draft) => dovecot.deliver(await compose({ to: address, ...draft })),
    async close() {
      await smtp.close();
      await Promise.all(deliveries);
      await dovecot.stop();
    },
  };
}
