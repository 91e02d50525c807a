import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { ImapSide } from './imap-side.ts';
import { type SentMail, SmtpSide } from './smtp-side.ts';

/** What a mail is composed of: nodemailer's own options. */
export type MailDraft = ConstructorParameters<typeof MailComposer>[0];

/** The bytes of a composed mail. */
export function compose(draft: MailDraft): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    new MailComposer(draft).compile().build((error, raw) => (error ? reject(error) : resolve(raw)));
  });
}

/**
 * A mail provider with one account on loopback: IMAP and SMTP as they are spoken on the wire. What is sent to the
 * account's own address, or to a plus address of it, lands in its INBOX.
 */
export class PostOffice {
  readonly address: string;
  readonly password: string;
  readonly imap: ImapSide;
  readonly smtp: SmtpSide;
  /** Whether `user+anything@domain` is the account's too. */
  plusAddresses = true;
  /** What is sent to the account itself never arrives. */
  deaf = false;
  imapPort = 0;
  smtpPort = 0;
  /** Told of every mail that was sent; a second post office may take it from here. */
  onSent: (mail: SentMail) => void = () => undefined;

  private constructor(address: string, password: string) {
    this.address = address;
    this.password = password;
    const account = { user: address, password };
    this.imap = new ImapSide(account);
    this.smtp = new SmtpSide(account, (mail) => this.pass(mail));
  }

  static async open(address = 'suporte@acme.test', password = 'segredo-do-correio'): Promise<PostOffice> {
    const office = new PostOffice(address, password);
    office.imapPort = await office.imap.listen();
    office.smtpPort = await office.smtp.listen();
    return office;
  }

  /** Settings of a channel that uses this account. */
  settings(): Record<string, unknown> {
    const account = { host: '127.0.0.1', secure: false, user: this.address, password: this.password };
    return {
      address: this.address,
      name: 'Acme',
      imap: { ...account, port: this.imapPort },
      smtp: { ...account, port: this.smtpPort },
    };
  }

  /** Somebody writes to the account. Answers the UID. */
  async receive(draft: MailDraft): Promise<number> {
    return this.imap.deliver(await compose({ to: this.address, ...draft }));
  }

  /** Nothing of it can be reached. */
  away(away: boolean): void {
    this.imap.away = away;
    this.smtp.away = away;
    if (!away) return;
    this.imap.drop();
    this.smtp.cut();
  }

  /** The password is no longer the right one, for reading and for sending. */
  lock(): void {
    this.imap.refuseLogins();
    this.smtp.locked = true;
  }

  async close(): Promise<void> {
    await this.imap.close();
    await this.smtp.close();
  }

  private pass(mail: SentMail): void {
    for (const to of mail.to) {
      if (this.owns(to) && !this.deaf) {
        const trace = `Return-Path: <${mail.from}>\r\nDelivered-To: ${to}\r\n`;
        this.imap.deliver(Buffer.concat([Buffer.from(trace), mail.raw]));
      }
    }
    this.onSent(mail);
  }

  private owns(to: string): boolean {
    const [user, domain] = this.address.split('@');
    const [local, at] = to.toLowerCase().split('@');
    if (at !== domain || local === undefined) return false;
    return local === user || (this.plusAddresses && local.startsWith(`${user}+`));
  }
}
