import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js';
import { ChannelError } from '../channel.ts';
import { domainOf } from './address.ts';
import type { Outgoing } from './compose.ts';
import { sendFault } from './faults.ts';
import type { EmailSettings } from './settings.ts';
import type { Timing } from './timing.ts';

export interface SmtpMeans {
  settings: EmailSettings;
  insecure: boolean;
  timing: Timing;
}

/** What became of the recipients beside the first. */
export interface Submitted {
  refusedCc: number;
}

type Info = { rejected?: string[] | undefined; rejectedErrors?: unknown[] | undefined } | undefined;

/** A session at the submission server that is logged in. */
export interface SmtpSession {
  send(mail: Outgoing): Promise<Submitted>;
  /** Ends it without a word when the mail is under way, else politely. */
  close(): void;
}

/**
 * Connects and logs in: each send has a connection of its own, so no retry is hidden in a pool. Throws what nodemailer
 * throws; `signal` cuts it at any time.
 */
export async function openSmtp({ settings, insecure, timing }: SmtpMeans, signal: AbortSignal): Promise<SmtpSession> {
  const { host, port, secure, user, password } = settings.smtp;
  const connection = new SMTPConnection({
    host,
    port,
    secure,
    ...(secure || insecure ? {} : { requireTLS: true }),
    name: domainOf(settings.address),
    connectionTimeout: timing.connectMs,
    greetingTimeout: timing.connectMs,
    dnsTimeout: timing.connectMs,
    socketTimeout: timing.sendMs,
    logger: false,
    tls: { minVersion: 'TLSv1.2' },
  });
  const cut = () => connection.close();
  signal.addEventListener('abort', cut, { once: true });
  const close = () => {
    signal.removeEventListener('abort', cut);
    connection.close();
  };
  // Losses are told by this event; within a call they also reject it.
  const lost = new Promise<never>((_resolve, reject) => {
    connection.on('error', reject);
    connection.on('end', () => reject(new ChannelError('temporary', 'mail.connection-lost')));
  });
  lost.catch(() => undefined);
  const within = <T>(start: (done: (error: unknown, value: T) => void) => void): Promise<T> =>
    Promise.race([
      lost,
      new Promise<T>((resolve, reject) => {
        start((error, value) => (error ? reject(error) : resolve(value)));
      }),
    ]);
  try {
    if (signal.aborted) throw new ChannelError('temporary', 'channel.inactive');
    await within<void>((done) => connection.connect((error) => done(error, undefined)));
    await within<void>((done) =>
      connection.login({ credentials: { user, pass: password } }, (error) => done(error, undefined)),
    );
  } catch (error) {
    close();
    throw error;
  }
  return {
    async send({ sender, to, cc, size, stream }) {
      const envelope = { from: sender, to: [to, ...cc], size };
      const info = await within<Info>((done) =>
        connection.send(envelope, stream, (error, value) => done(error, value)),
      );
      const refused = info?.rejected ?? [];
      // The copies went out, the letter itself did not.
      if (refused.includes(to)) throw sendFault(info?.rejectedErrors?.[refused.indexOf(to)]);
      connection.quit();
      return { refusedCc: refused.length };
    },
    close,
  };
}
