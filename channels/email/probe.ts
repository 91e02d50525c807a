import { randomBytes } from 'node:crypto';
import type { ImapFlow } from 'imapflow';
import { ChannelError, type Check, type Endpoints, type Probe, type Probed } from '../channel.ts';
import { domainOf, plusAddress } from './address.ts';
import { compose } from './compose.ts';
import { reasonOf, sendFault, wordOf } from './faults.ts';
import { imapClient, openFolder, timely } from './imap.ts';
import { type EmailSettings, emailSettings } from './settings.ts';
import { openSmtp } from './smtp.ts';
import { type Timing, usualTiming } from './timing.ts';

/** How long a letter to oneself may take, and how long the one to the plus address longer than that. */
export interface ProbeTiming extends Timing {
  arriveMs: number;
  plusMs: number;
  pollMs: number;
}

export const usualProbeTiming: ProbeTiming = {
  ...usualTiming,
  connectMs: 15_000,
  sendMs: 60_000,
  arriveMs: 60_000,
  plusMs: 20_000,
  pollMs: 1_000,
};

/**
 * Tries a mailbox live. Steps: `mail.imap-login`, `mail.folder`, `mail.smtp-login`, `mail.round-trip` (writes to itself
 * and waits; its letters are removed where the server can remove just them). Settings worth keeping: `plusAddressing`,
 * whether the letter to `user+token@domain` came as well.
 */
export const emailProbe: Probe = (settings, endpoints, tell) =>
  probeMailbox(settings, endpoints, tell, usualProbeTiming);

interface Trying {
  settings: EmailSettings;
  insecure: boolean;
  tell: (check: Check) => void;
  timing: ProbeTiming;
}

/** The same with other times. */
export async function probeMailbox(
  given: unknown,
  { insecure }: Pick<Endpoints, 'insecure'>,
  tell: (check: Check) => void,
  timing: ProbeTiming,
): Promise<Probed> {
  const settings = emailSettings(given);
  const trying: Trying = { settings, insecure, tell, timing };
  const client = imapClient(settings.imap, insecure, timing);
  client.on('error', () => undefined);
  try {
    const reads = await checked(trying, 'mail.imap-login', () =>
      timely(client, timing.connectMs, () => client.connect()),
    );
    const opens =
      reads &&
      (await checked(trying, 'mail.folder', () =>
        timely(client, timing.answerMs, () => openFolder(client, settings.imap.folder, false)),
      ));
    const sends = await checked(trying, 'mail.smtp-login', async () => {
      const session = await openSmtp(trying, new AbortController().signal);
      session.close();
    });
    let plusAddressing = false;
    const arrives =
      opens &&
      sends &&
      (await checked(trying, 'mail.round-trip', async () => {
        plusAddressing = await roundTrip(trying, client);
      }));
    const as = settings.address.toLowerCase();
    return { ok: arrives, as, name: settings.name || null, photo: null, settings: { plusAddressing } };
  } finally {
    client.close();
  }
}

/** Runs one step and tells how it ended. */
async function checked({ tell, settings }: Trying, step: string, run: () => Promise<unknown>): Promise<boolean> {
  const began = performance.now();
  const ended = (ok: boolean, code: string | null, detail: string | null) =>
    tell({ step, ok, ms: Math.round(performance.now() - began), code, detail });
  try {
    await run();
    ended(true, null, null);
    return true;
  } catch (error) {
    const code = step === 'mail.round-trip' ? sendFault(error).code : reasonOf(error);
    ended(false, code, wordOf(error, [settings.imap.user, settings.smtp.user, settings.address]));
    return false;
  }
}

/** Whether a letter to the plus address arrives too. Throws when the one to the address itself does not. */
async function roundTrip(trying: Trying, client: ImapFlow): Promise<boolean> {
  const { settings, timing } = trying;
  const from = client.mailbox === false ? 1 : client.mailbox.uidNext;
  const token = randomBytes(8).toString('hex');
  const own = `probe.${token}@${domainOf(settings.address)}`;
  await send(trying, settings.address, own);
  // Who knows no plus addresses refuses them at once, or loses them.
  const tagged = plusAddress(settings.address, `p${token}`);
  const plus = `probe.${token}.plus@${domainOf(settings.address)}`;
  const taken = await send(trying, tagged, plus).then(
    () => true,
    () => false,
  );
  const found = new Map<string, number>();
  const arrived = async (id: string, ms: number) => {
    const end = performance.now() + ms;
    while (!found.has(id)) {
      for (const [name, uid] of await timely(client, timing.answerMs, () => idsFrom(client, from)))
        found.set(name, uid);
      if (found.has(id)) break;
      if (performance.now() > end) return false;
      await new Promise((resolve) => setTimeout(resolve, timing.pollMs));
    }
    return true;
  };
  try {
    if (!(await arrived(own, timing.arriveMs))) throw new ChannelError('temporary', 'mail.not-arrived');
    return taken && (await arrived(plus, timing.plusMs));
  } finally {
    const uids = [own, plus].map((id) => found.get(id)).filter((uid) => uid !== undefined);
    // Without UIDPLUS an expunge would also remove what somebody else has marked.
    if (uids.length > 0 && client.usable && client.capabilities.has('UIDPLUS')) {
      await client.messageDelete(uids, { uid: true }).catch(() => false);
    }
  }
}

async function send(trying: Trying, to: string, messageId: string): Promise<void> {
  const mail = await compose(trying.settings, noFiles, to, {
    id: messageId,
    authorName: '',
    at: new Date().toISOString(),
    content: { text: 'Balcão: teste do canal de e-mail. / Test of the e-mail channel.' },
    auto: false,
    mail: { subject: 'Balcão: teste / test', messageId, inReplyTo: null, references: [], replyToken: null, cc: [] },
    claim: async () => undefined,
  });
  const session = await openSmtp(trying, new AbortController().signal);
  try {
    await session.send(mail);
  } finally {
    session.close();
    mail.release();
  }
}

const noFiles = {
  media: {
    save: () => Promise.reject(new ChannelError('refused', 'media.empty')),
    open: () => Promise.reject(new ChannelError('refused', 'media.not-found')),
  },
};

/** Message-IDs of the mails from a UID on. */
async function idsFrom(client: ImapFlow, from: number): Promise<[string, number][]> {
  await client.noop();
  if (client.mailbox === false || client.mailbox.exists === 0) return [];
  const found = await client.fetchAll(`${from}:*`, { uid: true, envelope: true }, { uid: true });
  return found
    .filter(({ uid }) => uid >= from)
    .map(({ uid, envelope }) => [envelope?.messageId?.replace(/^<|>$/g, '') ?? '', uid]);
}
