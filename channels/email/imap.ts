import { ImapFlow, type MailboxObject } from 'imapflow';
import { ChannelError } from '../channel.ts';
import type { MailServer } from './settings.ts';
import type { Timing } from './timing.ts';

/** No answer of a server is larger than the largest mail and a little. */
const answerBytes = 32 * 1024 * 1024;

/** A client that has not connected yet. Without `insecure` nothing is said before TLS. */
export function imapClient(server: MailServer, insecure: boolean, timing: Timing): ImapFlow {
  return new ImapFlow({
    host: server.host,
    port: server.port,
    secure: server.secure,
    ...(server.secure || insecure ? {} : { doSTARTTLS: true }),
    auth: { user: server.user, pass: server.password },
    clientInfo: { name: 'Balcao' },
    logger: false,
    autoIdleDelay: 0,
    maxIdleTime: timing.watchMs,
    connectionTimeout: timing.connectMs,
    greetingTimeout: timing.connectMs,
    socketTimeout: timing.watchMs + timing.answerMs,
    maxLiteralSize: answerBytes,
    disableAutoEnable: true,
    tls: { minVersion: 'TLSv1.2' },
  });
}

/** The outcome of something that the client does. Closes the client and throws ChannelError `mail.timeout` when it takes longer. */
export async function timely<T>(client: ImapFlow, ms: number, work: () => Promise<T>): Promise<T> {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    client.close();
  }, ms);
  try {
    return await work();
  } catch (error) {
    throw late ? new ChannelError('temporary', 'mail.timeout') : error;
  } finally {
    clearTimeout(timer);
  }
}

/** Opens the folder. Throws ChannelError `mail.folder-missing` when the server says no. */
export async function openFolder(client: ImapFlow, folder: string, readOnly: boolean): Promise<MailboxObject> {
  try {
    return await client.mailboxOpen(folder, { readOnly });
  } catch (error) {
    const answered = typeof error === 'object' && error !== null && 'responseStatus' in error;
    throw answered ? new ChannelError('temporary', 'mail.folder-missing') : error;
  }
}
