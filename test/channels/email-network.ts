import { simpleParser } from 'mailparser';
import type { Channel, ChannelRow, MakerMeans } from '#channels/channel.ts';
import { emailChannel } from '#channels/email/email.ts';
import { mailKey } from '#channels/email/key.ts';
import { type Timing, usualTiming } from '#channels/email/timing.ts';
import { compose, type MailDraft, PostOffice } from '../networks/mail/post-office.ts';
import type { HostDouble } from './host-double.ts';
import type { Got, Network, Written } from './network.ts';
import { SocketsDouble } from './sockets-double.ts';

export const customer = 'ana@correio.example';

/** The mail that began the conversation of the suite: all that the customer writes refers to it. */
export const thread = 'inicio@correio.example';

export const means: MakerMeans = {
  sockets: new SocketsDouble(),
  endpoints: { whatsapp: null, telegram: null, insecure: true },
};

/** Short enough for tests, long enough for a busy machine. */
export const quick: Timing = { ...usualTiming, backoffMs: 100, backoffMostMs: 400, drainMs: 5_000 };

export function rowOf(settings: unknown): ChannelRow {
  return { id: '0123456789abcdef01234567', kind: 'email', publicId: null, settings };
}

/** Resolves once it holds; rejects with `gone` when that says so. */
export async function until(holds: () => boolean, gone: () => boolean = () => false): Promise<void> {
  while (!holds()) {
    if (gone()) throw new Error('the post office closed before');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** How far the channel has read, as it keeps it. */
export function lastUid(host: HostDouble): number {
  const value = host.stored.get('cursor');
  return value === undefined ? -1 : JSON.parse(Buffer.from(value).toString()).lastUid;
}

function draftOf({ name, text, key, file, replyTo }: Written, to: string): MailDraft {
  return {
    from: { name, address: customer },
    to,
    subject: 'Pedido',
    messageId: `<${key}@correio.example>`,
    inReplyTo: `<${replyTo ?? thread}>`,
    references: [`<${thread}>`, ...(replyTo === undefined ? [] : [`<${replyTo}>`])],
    date: new Date(0),
    text,
    textEncoding: 'quoted-printable',
    attachments: file === undefined ? [] : [{ filename: file.name, contentType: file.mime, content: file.bytes }],
  };
}

/** A mail with nothing but size: more than is ever taken apart. */
function hugeMail(draft: MailDraft): Promise<Buffer> {
  return compose({ ...draft, attachments: [{ filename: 'x.bin', content: Buffer.alloc(20 * 1024 * 1024) }] });
}

async function gotOf(raw: Buffer): Promise<Got> {
  const mail = await simpleParser(raw, { skipTextToHtml: true });
  const bare = (id: string | undefined) => id?.replace(/^<|>$/g, '') ?? null;
  return {
    externalId: bare(mail.messageId) ?? '',
    text: (mail.text ?? '').replace(/\n$/, ''),
    files: mail.attachments.map(({ filename, contentType, content }) => ({
      name: filename ?? '',
      mime: contentType,
      bytes: content,
    })),
    replyTo: bare(mail.inReplyTo),
  };
}

/** Where mails lie: the post office's own IMAP side, or another server beside it. */
export interface MailSide {
  imapPort: number;
  /** Answers the UID. */
  deliver(raw: Buffer): Promise<number>;
  away(away: boolean): Promise<void>;
  /** The password is no longer the right one, and who is connected is thrown out. */
  logOut(): Promise<void>;
  close(): Promise<void>;
}

async function ownSide(office: PostOffice): Promise<MailSide> {
  return {
    imapPort: office.imapPort,
    deliver: async (raw) => office.imap.deliver(raw),
    away: async (away) => office.away(away),
    logOut: async () => office.imap.drop(),
    close: async () => undefined,
  };
}

/** A channel that reads `side` and sends through a post office. */
export async function mailNetwork(
  host: HostDouble,
  sideOf: (office: PostOffice) => Promise<MailSide> = ownSide,
): Promise<Network> {
  const office = await PostOffice.open();
  const side = await sideOf(office);
  const settings = office.settings();
  const row = rowOf({ ...settings, imap: { ...(settings.imap as object), port: side.imapPort } });
  const make = (): Channel => emailChannel(row, means, quick);
  const known = new Set<string>();
  let closed = false;
  return {
    channel: make(),
    customer,
    conversation: thread,
    enter: () => until(() => host.connections.some(({ phase }) => phase === 'online') && lastUid(host) >= 0),
    async write(message) {
      const draft = draftOf(message, office.address);
      const raw = await (message.strange ? hugeMail(draft) : compose(draft));
      const before = known.has(mailKey(raw));
      known.add(mailKey(raw));
      const uid = await side.deliver(raw);
      await until(
        () => lastUid(host) >= uid,
        () => closed,
      );
      return before ? 'known' : 'stored';
    },
    got: () => Promise.all(office.smtp.sent.map(({ raw }) => gotOf(raw))),
    acknowledge: async () => undefined,
    again: make,
    faults: {
      refuse: () => office.smtp.fail({ at: 'rcpt', code: 550, text: '5.1.1 no such user' }),
      silence: () => office.smtp.fail({ at: 'dot' }),
      cut: () => side.away(true),
      mend: () => side.away(false),
      async logOut() {
        office.lock();
        await side.logOut();
      },
    },
    async close() {
      closed = true;
      await side.close();
      await office.close();
    },
  };
}
