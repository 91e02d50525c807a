import { Agent } from 'node:https';
import { rootCertificates } from 'node:tls';
import type { AuthenticationCreds } from '@whiskeysockets/baileys';
import { unattended } from '#shared/unattended.ts';
import {
  ChannelError,
  type ChannelEvent,
  type ChannelHost,
  type Gesture,
  type OutboundMessage,
  type Pairing,
  type Sent,
} from '../../channel.ts';
import { tellConnection } from '../../support/connection.ts';
import { underway } from '../../support/underway.ts';
import { Bucket } from '../pace.ts';
import type { WhatsAppSettings } from '../settings.ts';
import type { Tuning } from '../tuning.ts';
import { deviceCache } from './device-cache.ts';
import { eventsOf, type InboundMeans } from './inbound.ts';
import { Intake } from './intake.ts';
import { Journal, type OpenRow, openRows, type Row } from './journal.ts';
import { Life, type LinkNews } from './life.ts';
import { Link } from './link.ts';
import { mappingsOf } from './mappings.ts';
import { Marks } from './marks.ts';
import { fetchFile } from './media.ts';
import { deliver, gesture, type OutboundMeans, sentBytes } from './outbound.ts';
import { Pump } from './pump.ts';
import { silenceSignal } from './quiet.ts';
import { decode, eraseLinked, readLinked } from './records.ts';
import { sweepUploads } from './sweep.ts';

/** What one number is served with. */
export interface LineMeans {
  host: ChannelHost;
  url: URL;
  settings: WhatsAppSettings;
  tuning: Tuning;
}

/** How long leaving may take in all, and how much of that the sends may have. */
const leaveMs = 10_000;
const sendsMs = 6_000;

/** One WhatsApp number from `connect` to `disconnect`: its connection's life, and both directions of its messages. */
export class Line {
  private readonly means: LineMeans;
  private readonly agent: Agent;
  private readonly bucket: Bucket | null;
  private readonly sending = underway();
  private readonly life: Life;
  private readonly marks: Marks;
  private readonly pump: Pump;
  private readonly intake: Intake;
  private readonly inbound: InboundMeans;
  private readonly devices = deviceCache();
  private readonly me = { id: '', lid: '' };
  private journal: Journal;
  private leaving = false;

  constructor(means: LineMeans) {
    const { host, tuning, url } = means;
    const { authority, pace, clock } = tuning;
    silenceSignal();
    this.means = means;
    this.agent = new Agent({
      keepAlive: true,
      ...(authority === null ? {} : { ca: [...rootCertificates, authority] }),
    });
    this.bucket = pace === null ? null : new Bucket(pace, clock);
    this.life = new Life({
      host,
      tuning,
      makeLink: (creds, news) => this.makeLink(creds, news),
      know: (creds) => this.know(creds),
    });
    this.marks = new Marks(host.session, () => (this.life.link?.alive === true ? this.life.link.keys : null));
    // Where WhatsApp itself is, a file may be fetched from its usual host while there is no socket.
    const usualHosts = url.hostname.endsWith('.whatsapp.com') ? ['mmg.whatsapp.net'] : [];
    const media = { host, agent: this.agent, link: () => this.life.online, usualHosts };
    this.inbound = {
      me: this.me,
      mappings: mappingsOf(host.session),
      fetch: (file, key, message) => fetchFile(file, key, message, media),
      sentByDesk: async (id) => (await sentBytes(host, id)) !== null || (await host.sentContent(id)) !== null,
    };
    this.intake = new Intake(host, this.inbound, clock, (changes) => this.marks.add(changes));
    this.pump = new Pump(
      (row) => this.intake.deliver(row),
      () => this.marks.flush(),
    );
    this.journal = this.journalAfter([]);
  }

  /** Brings what the desk does not have yet, and connects when a phone is linked. */
  async start(): Promise<void> {
    const { host } = this.means;
    host.signal.addEventListener('abort', this.lost, { once: true });
    unattended(sweepUploads(), 'sweep of uploads');
    try {
      const linked = await readLinked(host.session);
      const rows = linked === null ? [] : await openRows(host.session);
      this.journal = this.journalAfter(rows);
      if (linked !== null) this.know(linked.creds);
      for (const row of rows) this.pump.add(row);
      await this.life.start(linked);
    } catch (error) {
      if (host.signal.aborted) return;
      host.log('the records of a WhatsApp device cannot be read', { fault: error instanceof Error ? error.name : '' });
      await tellConnection(host, { phase: 'off', reason: 'whatsapp.bad-session' });
    }
  }

  /** Links a phone: QR codes or one code come as connection events. Throws ChannelError when one is linked already. */
  async pair(how: Pairing): Promise<void> {
    const digits = how.method === 'code' ? how.phone.replace(/\D/g, '') : null;
    if (digits !== null && !/^[1-9]\d{7,14}$/.test(digits)) throw new ChannelError('refused', 'input.invalid', 'phone');
    await this.life.pair(digits);
  }

  async send(to: string, message: OutboundMessage): Promise<Sent> {
    const means = this.outbound();
    return await this.sending.run(() => deliver(to, message, means));
  }

  /** Reactions, read marks, "typing…"; what cannot be shown now is lost. */
  async gesture(to: string, made: Gesture): Promise<void> {
    if (made.type === 'read' && !this.means.settings.readReceipts) return;
    const gone = this.life.online !== null && (await this.gestured(to, made));
    if (!gone && made.type === 'react') throw new ChannelError('refused', 'channel.gesture-refused');
  }

  private async gestured(to: string, made: Gesture): Promise<boolean> {
    const means = this.outbound();
    const done = means.link.reached(() => gesture(to, made, means));
    return await done.then(
      () => true,
      () => false,
    );
  }

  /** Asks the server for a sign of life. */
  async test(): Promise<void> {
    const { link } = this.outbound();
    const attrs = { to: 's.whatsapp.net', type: 'get', xmlns: 'w:p' };
    const ping = { tag: 'iq', attrs, content: [{ tag: 'ping', attrs: {} }] };
    const answer: unknown = await link.reached(() => link.socket.query(ping));
    if (answer === undefined) throw new ChannelError('temporary', 'whatsapp.no-answer');
  }

  /** The events of a journal row that was kept as `raw`. */
  async reread(raw: Uint8Array): Promise<ChannelEvent[]> {
    return await eventsOf(decode(raw) as Row, this.inbound);
  }

  /** Finishes what is under way, 10 s at most, then lets go; `forget` also unlinks the device at the phone. */
  async end(forget: boolean): Promise<void> {
    const { host } = this.means;
    const link = this.life.online;
    const begun = this.means.tuning.clock.now();
    this.leaving = true;
    await this.within(this.sending.drained(), begun + sendsMs);
    if (forget && link !== null) await link.unlink();
    await this.within(this.life.halt(), begun + leaveMs);
    const told = Promise.all([this.pump.drained(), this.intake.drained()]).then(() => this.marks.flush());
    await this.within(told, begun + leaveMs);
    this.pump.stop();
    host.signal.removeEventListener('abort', this.lost);
    if (forget && !host.signal.aborted) await eraseLinked(host.session);
    this.agent.destroy();
    await tellConnection(host, { phase: 'off' });
  }

  /** The lease is lost: nothing more is said or heard. */
  private readonly lost = (): void => {
    this.leaving = true;
    this.pump.stop();
    unattended(this.life.halt(), 'end of a connection of WhatsApp');
  };

  /** What a send needs; throws ChannelError when there is no open socket. */
  private outbound(): OutboundMeans {
    const { online, state } = this.life;
    const { host, tuning } = this.means;
    if (this.leaving) throw new ChannelError('temporary', 'channel.inactive');
    if (state === 'logged-out') throw new ChannelError('logged-out', 'whatsapp.logged-out');
    if (state !== 'linked') throw new ChannelError('logged-out', 'whatsapp.not-linked');
    if (online === null) throw new ChannelError('temporary', 'whatsapp.offline');
    return { link: online, host, tuning, bucket: this.bucket };
  }

  private makeLink(creds: AuthenticationCreds, news: LinkNews): Link {
    const { host, url, tuning } = this.means;
    const { agent, journal, intake, devices } = this;
    journal.begin();
    const link: Link = new Link({
      url,
      host,
      creds,
      journal,
      agent,
      devices,
      openMs: tuning.openMs,
      qrMs: tuning.qrMs,
      sentBytes: (id) => sentBytes(host, id),
      ...news,
      messages: (messages) => intake.messages(messages),
      updates: (updates) => intake.updates(updates, (id) => link.acks.toldBySend(id)),
      mapped: (mapping) => intake.mapped(mapping),
      calls: (calls) => intake.calls(calls),
    });
    return link;
  }

  private know({ me }: AuthenticationCreds): void {
    this.me.id = me?.id ?? '';
    this.me.lid = me?.lid ?? '';
  }

  private journalAfter(rows: OpenRow[]): Journal {
    const last = rows.at(-1)?.order ?? null;
    return new Journal(
      last,
      (row) => this.pump.add(row),
      () => this.pump.room(),
    );
  }

  /** Waits no longer than `until`, in ms since 1970; not at all when the lease is lost. */
  private async within(work: Promise<unknown>, until: number): Promise<void> {
    const { clock } = this.means.tuning;
    const done = work.catch(() => undefined);
    if (this.means.host.signal.aborted) return;
    const patience = new AbortController();
    const signal = AbortSignal.any([patience.signal, this.means.host.signal]);
    await Promise.race([done, clock.sleep(Math.max(0, until - clock.now()), signal)]);
    patience.abort();
  }
}
