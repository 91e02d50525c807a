import { type AuthenticationCreds, initAuthCreds, jidDecode } from '@whiskeysockets/baileys';
import type { Connection } from '#shared/channel.ts';
import { unattended } from '#shared/unattended.ts';
import { ChannelError, type ChannelHost } from '../../channel.ts';
import { tellConnection } from '../../support/connection.ts';
import { canonicalPhone } from '../phone-number.ts';
import type { Tuning } from '../tuning.ts';
import { backoffMs, type Closing, type Verdict, verdictOf } from './closing.ts';
import type { Link } from './link.ts';
import { encodeLinked, eraseLinked, type Linked, recordOf } from './records.ts';

export type State = 'off' | 'pairing' | 'linked' | 'logged-out';

/** What a socket tells its life. */
export interface LinkNews {
  qr(text: string): void;
  opened(): void;
}

export interface LifeMeans {
  host: ChannelHost;
  tuning: Tuning;
  /** Makes a socket; never two at once. */
  makeLink(creds: AuthenticationCreds, news: LinkNews): Link;
  /** Learns our own addresses, before the first message. */
  know(creds: AuthenticationCreds): void;
}

/** QR codes of one attempt live a minute and five times 20 s, and a pairing code as long as they. */
const firstQrMs = 60_000;
const laterQrMs = 20_000;
const codeMs = 160_000;
/** How long a device that was taken over elsewhere stays away, at least. */
const elsewhereMs = 30_000;
const loggedOutKeptMs = 24 * 60 * 60 * 1_000;
/** Restarts that the server may ask for in a row before they are taken for a loop. */
const restartsMost = 3;

/** The life of one number's connection: linking a phone, staying connected through losses, ending for good reasons. */
export class Life {
  state: State = 'off';
  /** The socket of now, in whatever phase. */
  link: Link | null = null;
  /** The socket of now once it is open. */
  online: Link | null = null;
  private readonly means: LifeMeans;
  private readonly stop = new AbortController();
  private running: Promise<void> = Promise.resolve();
  /** Attempts to pair, one after the other. */
  private turn: Promise<void> = Promise.resolve();
  /** Set when the number turned out to belong to another channel. */
  private foreign = false;

  constructor(means: LifeMeans) {
    this.means = means;
  }

  /** Lives on from what was kept. */
  async start(linked: Linked | null): Promise<void> {
    if (linked === null) await this.tell({ phase: 'off' });
    else if (linked.loggedOut !== undefined) await this.stayOut(linked.loggedOut);
    else {
      this.state = 'linked';
      this.running = this.stay(linked.creds, false);
    }
  }

  /** Begins to link a phone; `digits` asks for a pairing code instead of QR codes. A former attempt ends. */
  async pair(digits: string | null): Promise<void> {
    const turn = this.turn.then(() => this.begin(digits));
    this.turn = turn.catch(() => undefined);
    await turn;
  }

  private async begin(digits: string | null): Promise<void> {
    if (this.state === 'linked') throw new ChannelError('refused', 'whatsapp.already-linked');
    this.state = 'off';
    this.link?.kill();
    await this.running;
    if (this.stop.signal.aborted) throw new ChannelError('temporary', 'channel.inactive');
    this.state = 'pairing';
    this.running = this.attempt(digits);
  }

  /** Ends the socket and every try; resolves when nothing runs any more. */
  async halt(): Promise<void> {
    this.stop.abort();
    this.online = null;
    this.link?.kill();
    await this.running;
  }

  private get over(): boolean {
    return this.stop.signal.aborted;
  }

  /** Connects again and again, until there is a reason not to. `fresh`: the phone was linked just now. */
  private async stay(creds: AuthenticationCreds, fresh: boolean): Promise<void> {
    const { clock, backoff } = this.means.tuning;
    this.means.know(creds);
    let tries = 0;
    let badSession: number | null = null;
    while (!this.over) {
      await this.tell({ phase: 'connecting', attempt: tries + 1 });
      const { closing, wasOnline } = await this.once(creds, fresh);
      if (this.over) return;
      if (this.foreign) return await this.giveUp(fresh);
      if (wasOnline) tries = 0;
      tries += 1;
      const now = clock.now();
      const verdict = verdictOf(closing, now, badSession);
      if (closing.code === 500 && closing.from === 'server') badSession = now;
      if (await this.ends(verdict, creds)) return;
      if (verdict.next === 'at-once' && tries <= restartsMost) continue;
      const wait = backoffMs(tries, backoff, Math.random());
      const reason = verdict.next === 'later' ? verdict.reason : 'whatsapp.unavailable';
      await this.tell({ phase: 'waiting', retryAt: iso(now + wait), reason });
      await clock.sleep(wait, this.stop.signal);
    }
  }

  /** One socket of a linked device, until its end and the end of all that it was writing. */
  private async once(creds: AuthenticationCreds, fresh: boolean): Promise<{ closing: Closing; wasOnline: boolean }> {
    let wasOnline = false;
    const link = this.means.makeLink(creds, {
      qr: () => undefined,
      opened: () => {
        this.enter(link, creds, fresh).then(
          (entered) => {
            wasOnline = entered;
          },
          // The desk takes nothing more.
          () => link.kill(),
        );
      },
    });
    const closing = await this.until(link);
    return { closing, wasOnline };
  }

  private async until(link: Link): Promise<Closing> {
    this.link = link;
    if (this.over) link.kill();
    const closing = await link.closed;
    this.online = null;
    await link.keys.close();
    return closing;
  }

  /** A socket is open: it counts once the desk has agreed that the number is this channel's. */
  private async enter(link: Link, creds: AuthenticationCreds, fresh: boolean): Promise<boolean> {
    const as = canonicalPhone(jidDecode(creds.me?.id)?.user ?? '');
    this.foreign = !(await this.means.host.own(as));
    if (!link.alive) return false;
    if (this.foreign) {
      // A device that was linked just now is of no use.
      if (fresh) await link.unlink();
      link.kill();
      return false;
    }
    this.online = link;
    const name = creds.me?.name;
    await this.tell({ phase: 'online', as, ...(name ? { name } : {}) });
    return true;
  }

  /** Whether the end of a socket is the end of all tries; tells why. */
  private async ends(verdict: Verdict, creds: AuthenticationCreds): Promise<boolean> {
    if (verdict.next === 'elsewhere') {
      const retryAt = iso(this.means.tuning.clock.now() + elsewhereMs);
      await this.tell({ phase: 'waiting', reason: 'used-elsewhere', retryAt });
    } else if (verdict.next === 'logged-out') {
      const loggedOut = { at: iso(this.means.tuning.clock.now()), reason: verdict.reason };
      await this.means.host.session
        .set({ [recordOf.creds]: encodeLinked({ creds, loggedOut }) })
        .catch(() => undefined);
      await this.stayOut(loggedOut);
    } else if (verdict.next === 'off') {
      // After bad sessions only a new pairing helps; a version that is refused is mended by an update.
      if (verdict.reason === 'whatsapp.bad-session') this.state = 'off';
      await this.tell({ phase: 'off', reason: verdict.reason });
    } else return false;
    return true;
  }

  /** The number is another channel's. */
  private async giveUp(fresh: boolean): Promise<void> {
    this.state = 'off';
    if (fresh) await eraseLinked(this.means.host.session).catch(() => undefined);
    await this.tell({ phase: 'off', reason: 'whatsapp.number-in-use' });
  }

  /** Thrown out: what is kept stays a day, in case somebody wants to look; a new attempt to pair erases it too. */
  private async stayOut({ at, reason }: { at: string; reason: string }): Promise<void> {
    this.state = 'logged-out';
    const { host, tuning } = this.means;
    if (tuning.clock.now() - Date.parse(at) > loggedOutKeptMs) await eraseLinked(host.session).catch(() => undefined);
    await this.tell({ phase: 'logged-out', reason });
  }

  /** One attempt to link a phone: until it is linked, or the codes have ended. */
  private async attempt(digits: string | null): Promise<void> {
    const { host, tuning } = this.means;
    const creds = initAuthCreds();
    await this.tell({ phase: 'connecting', attempt: 1 });
    try {
      await eraseLinked(host.session);
    } catch {
      // The desk takes nothing more.
      return;
    }
    let shown = 0;
    const link = this.means.makeLink(creds, {
      qr: (qr) => {
        const life = tuning.qrMs ?? (shown === 0 ? firstQrMs : laterQrMs);
        shown += 1;
        if (digits === null) this.show({ qr }, life);
        else if (shown === 1) this.ask(link, digits);
      },
      opened: () => undefined,
    });
    const closing = await this.until(link);
    if (this.over) return;
    if (creds.account !== undefined) {
      this.state = 'linked';
      await this.stay(creds, true);
    } else if (this.state === 'pairing') {
      this.state = 'off';
      await this.tell({ phase: 'off', reason: reasonOf(closing) });
    }
  }

  /** Asks for a pairing code, which replaces the QR codes. */
  private ask(link: Link, digits: string): void {
    link
      .reached(() => link.socket.requestPairingCode(digits))
      .then(
        (code) => this.show({ code }, codeMs),
        () => link.kill(),
      );
  }

  private show(what: { qr: string } | { code: string }, life: number): void {
    if (this.state !== 'pairing') return;
    const expiresAt = iso(this.means.tuning.clock.now() + life);
    unattended(this.tell({ phase: 'pairing', expiresAt, ...what }), 'a code of WhatsApp');
  }

  private async tell(connection: Connection): Promise<void> {
    await tellConnection(this.means.host, connection);
  }
}

/** Why nobody was linked. 408 after a code was shown: all of them have ended. */
function reasonOf({ code, answered, from }: Closing): string {
  if (code === 408 && answered) return 'whatsapp.pairing-expired';
  return code === 405 && from === 'server' ? 'whatsapp.version-refused' : 'whatsapp.pairing-failed';
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
