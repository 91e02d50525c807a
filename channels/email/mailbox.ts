import type { ImapFlow } from 'imapflow';
import { ChannelError, type ChannelHost } from '../channel.ts';
import { tellConnection } from '../support/connection.ts';
import { isLoggedOut, reasonOf } from './faults.ts';
import { imapClient, openFolder, timely } from './imap.ts';
import type { Arrived } from './inbound.ts';
import { type Line, openCursor, readNew, type Troubles } from './read-new.ts';
import type { EmailSettings } from './settings.ts';
import { backoff, pause, type Timing } from './timing.ts';

export interface MailboxMeans {
  settings: EmailSettings;
  insecure: boolean;
  timing: Timing;
  host: ChannelHost;
  /** Hands a mail to the desk; rejects when it was not taken. */
  deliver(arrived: Arrived): Promise<void>;
  /** Aborts when no further mail may be begun. */
  leaving: AbortSignal;
}

export interface Mailbox {
  /** Reads the folder, through losses of the network; resolves when `leaving` aborts or nothing can be done any more. */
  run(): Promise<void>;
  /** Throws ChannelError when the server gives no sign of life now. */
  test(): Promise<void>;
}

export function mailbox(means: MailboxMeans): Mailbox {
  const { host, timing, leaving } = means;
  const troubles: Troubles = { misses: new Map(), aloneTo: 0 };
  let client: ImapFlow | null = null;

  /** One connection, for as long as it lasts. Rejects when it is lost; true: there is no use in another one. */
  async function connection(attempt: number, online: () => void): Promise<boolean> {
    await tellConnection(host, { phase: 'connecting', attempt });
    const opened = imapClient(means.settings.imap, means.insecure, timing);
    client = opened;
    const life = lifeOf(opened, timing, leaving);
    try {
      return await attend(means, opened, life.next, troubles, online);
    } catch (error) {
      // What was thrown with a code is known better than by how the connection ended.
      throw error instanceof ChannelError ? error : (life.cause() ?? error);
    } finally {
      life.end();
      client = null;
    }
  }

  return {
    async run() {
      let tries = 0;
      for (let attempt = 1; !leaving.aborted; attempt += 1) {
        let since = Number.POSITIVE_INFINITY;
        try {
          const over = await connection(attempt, () => {
            since = performance.now();
            attempt = 0;
          });
          if (over) return;
        } catch (error) {
          if (leaving.aborted) return;
          const reason = reasonOf(error);
          if (isLoggedOut(reason)) return await tellConnection(host, { phase: 'logged-out', reason });
          // Who is let in and thrown out at once must not knock every second.
          tries = performance.now() - since > timing.backoffMostMs ? 0 : tries;
          const ms = backoff(timing, tries);
          tries += 1;
          const retryAt = new Date(Date.now() + ms).toISOString();
          await tellConnection(host, { phase: 'waiting', retryAt, reason });
          await pause(ms, leaving);
        }
      }
    },
    async test() {
      if (client === null || !client.usable) throw new ChannelError('temporary', 'mail.connection-lost');
      if (!(await answers(client, timing))) throw new ChannelError('temporary', 'mail.timeout');
    },
  };
}

/** Reads until the connection is lost. True when the account is another channel's. */
async function attend(
  { settings, host, timing, deliver, leaving }: MailboxMeans,
  client: ImapFlow,
  next: () => Promise<void>,
  troubles: Troubles,
  online: () => void,
): Promise<boolean> {
  await timely(client, timing.connectMs, () => client.connect());
  const box = await timely(client, timing.answerMs, () => openFolder(client, settings.imap.folder, true));
  if (!(await host.own(settings.address.toLowerCase()))) {
    await tellConnection(host, { phase: 'off', reason: 'channel.account-taken' });
    return true;
  }
  const { host: place, user, folder } = settings.imap;
  const line: Line = {
    client,
    host,
    deliver,
    of: `${user} ${place} ${folder}`,
    since: settings.since,
    backlogBelow: box.uidNext,
    leaving,
    troubles,
  };
  const cursor = await openCursor(line);
  online();
  await tellConnection(host, { phase: 'online', as: settings.address.toLowerCase(), name: settings.address });
  while (!leaving.aborted) {
    await readNew(line, cursor);
    await next();
  }
  return false;
}

interface Life {
  /** Resolves when the folder may hold something new; throws what ended the connection. */
  next(): Promise<void>;
  /** Why it was lost, as far as it was. */
  cause(): unknown;
  end(): void;
}

/** Watches over a connection: an idle one that died silently looks like one on which nothing happens. */
function lifeOf(client: ImapFlow, timing: Timing, leaving: AbortSignal): Life {
  let news = false;
  let cause: unknown = null;
  let wake: () => void = () => undefined;
  const lost = (error: unknown) => {
    cause ??= error;
    wake();
  };
  const close = () => client.close();
  leaving.addEventListener('abort', close, { once: true });
  client.on('error', lost);
  client.on('close', () => lost(new ChannelError('temporary', 'mail.connection-lost')));
  client.on('exists', () => {
    news = true;
    wake();
  });
  const watch = setInterval(() => {
    answers(client, timing).then((alive) => alive || client.close(), close);
  }, timing.watchMs);
  return {
    async next() {
      if (!news && cause === null) await new Promise<void>((resolve) => (wake = resolve));
      if (cause !== null) throw cause;
      news = false;
    },
    cause: () => cause,
    end() {
      clearInterval(watch);
      leaving.removeEventListener('abort', close);
      client.close();
    },
  };
}

/** Whether the server answers a NOOP in time, or says anything else meanwhile: a long answer may be under way. */
async function answers(client: ImapFlow, { answerMs }: Timing): Promise<boolean> {
  const before = client.stats().received;
  const silence = new AbortController();
  const late = pause(answerMs, silence.signal).then(() => client.stats().received > before);
  const answered = client.noop().then(
    () => true,
    () => false,
  );
  const alive = await Promise.race([answered, late]);
  silence.abort();
  return alive;
}
