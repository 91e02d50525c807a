import { abilitiesOf } from '#shared/channel.ts';
import { unattended } from '#shared/unattended.ts';
import {
  type Channel,
  ChannelError,
  type ChannelHost,
  type ChannelRow,
  type Maker,
  type MakerMeans,
} from '../channel.ts';
import { tellConnection } from '../support/connection.ts';
import { underway } from '../support/underway.ts';
import { compose } from './compose.ts';
import { deliver } from './deliver.ts';
import { sendFault } from './faults.ts';
import { eventsOf } from './inbound.ts';
import { type Mailbox, mailbox } from './mailbox.ts';
import { type Parser, parser } from './parse.ts';
import { emailSettings } from './settings.ts';
import { openSmtp, type SmtpMeans } from './smtp.ts';
import { pause, type Timing, usualTiming } from './timing.ts';

/** From connecting until letting go. */
interface Connected {
  host: ChannelHost;
  box: Mailbox;
  reading: Promise<void>;
  /** Takes mails apart while reading; ends with it. */
  parser: Parser;
  /** Aborts: no further mail is begun. */
  leaving: AbortController;
  /** Aborts: what is under way is cut. */
  cut: AbortController;
}

/** A mailbox: read by IMAP, answered by SMTP. Throws ChannelError naming the field for wrong settings. */
export const email: Maker = (row, means) => emailChannel(row, means, usualTiming);

/** The same with other times. */
export function emailChannel(row: ChannelRow, { endpoints }: Pick<MakerMeans, 'endpoints'>, timing: Timing): Channel {
  const settings = emailSettings(row.settings);
  const { insecure } = endpoints;
  const smtp: SmtpMeans = { settings, insecure, timing };
  const work = underway();
  let connected: Connected | null = null;

  function now(): Connected {
    if (connected === null || connected.host.signal.aborted) throw new ChannelError('temporary', 'channel.inactive');
    return connected;
  }

  return {
    kind: 'email',
    can: new Set(abilitiesOf.email),
    async connect(host) {
      if (connected !== null || host.signal.aborted) return;
      connected = begin(smtp, host);
    },
    async disconnect() {
      const last = connected;
      connected = null;
      if (last === null) return;
      last.leaving.abort();
      const done = Promise.all([last.reading, work.drained()]);
      await Promise.race([done, pause(timing.drainMs, last.cut.signal)]);
      last.cut.abort();
      await last.parser.close();
      if (!last.host.signal.aborted) await tellConnection(last.host, { phase: 'off' });
    },
    async send(to, message) {
      const { host, cut } = now();
      return await work.run(() => sendMail({ smtp, host, signal: cut.signal }, to, message));
    },
    async test() {
      const { box, cut } = now();
      await box.test();
      const session = await openSmtp(smtp, cut.signal).catch((error: unknown) => {
        throw sendFault(error);
      });
      session.close();
    },
    async reread(raw) {
      const { host, parser: taking } = now();
      const arrived = { raw, complete: true, at: null, backlog: true };
      return await work.run(() => eventsOf({ host, parser: taking, own: settings.address }, arrived));
    },
  };
}

function begin(smtp: SmtpMeans, host: ChannelHost): Connected {
  const { settings, insecure, timing } = smtp;
  const leaving = new AbortController();
  const cut = new AbortController();
  const taking = parser();
  const intake = { host, parser: taking, own: settings.address };
  const box = mailbox({
    settings,
    insecure,
    timing,
    host,
    deliver: (arrived) => deliver(intake, arrived, timing, leaving.signal),
    leaving: leaving.signal,
  });
  const letGo = () => {
    leaving.abort();
    cut.abort();
    unattended(taking.close(), 'end of the mail parser');
  };
  host.signal.addEventListener('abort', letGo, { once: true });
  const reading = box.run();
  unattended(reading, 'reading a mailbox');
  return { host, box, reading: reading.catch(() => undefined), parser: taking, leaving, cut };
}

interface Sending {
  smtp: SmtpMeans;
  host: ChannelHost;
  signal: AbortSignal;
}

async function sendMail({ smtp, host, signal }: Sending, to: string, message: Parameters<Channel['send']>[1]) {
  const mail = await compose(smtp.settings, host, to, message);
  try {
    const session = await openSmtp(smtp, signal).catch((error: unknown) => {
      throw sendFault(error);
    });
    try {
      await message.claim(mail.messageId);
      if (signal.aborted) throw new ChannelError('temporary', 'channel.inactive');
      const { refusedCc } = await session.send(mail).catch((error: unknown) => {
        throw sendFault(error);
      });
      if (refusedCc > 0) host.log('copies of a mail were refused', { count: refusedCc });
      return { externalId: mail.messageId };
    } finally {
      session.close();
    }
  } finally {
    mail.release();
  }
}
