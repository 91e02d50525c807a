import type { Agent } from 'node:https';
import makeWASocket, {
  type AuthenticationCreds,
  type BaileysEventMap,
  type BinaryNode,
  type CacheStore,
  proto,
  type WAMessage,
} from '@whiskeysockets/baileys';
import { unattended } from '#shared/unattended.ts';
import { ChannelError, type ChannelHost } from '../../channel.ts';
import { Acks } from './acks.ts';
import { type Closing, closingOf } from './closing.ts';
import type { Journal } from './journal.ts';
import { KeyStore } from './key-store.ts';
import { quietLogger } from './quiet.ts';

/** What a socket needs, and whom it tells. */
export interface LinkMeans {
  url: URL;
  host: ChannelHost;
  creds: AuthenticationCreds;
  journal: Journal;
  agent: Agent;
  /** Outlives the socket: a fresh one would force new sessions. */
  devices: CacheStore;
  openMs: number;
  qrMs: number | null;
  /** The bytes of a message that we sent, for a phone that could not read it. */
  sentBytes(externalId: string): Promise<Uint8Array | null>;
  qr(text: string): void;
  opened(): void;
  messages(messages: WAMessage[]): void;
  updates(updates: BaileysEventMap['messages.update']): void;
  mapped(mapping: { lid: string; pn: string }): void;
  calls(calls: BaileysEventMap['call']): void;
}

/** Timeouts of the socket's own queries, and how often it must hear something. */
const queryMs = 10_000;
const keepAliveMs = 30_000;
const silenceMs = keepAliveMs + 7_000;
/** How long a polite close may take before the connection is cut. */
const politeMs = 1_000;
const farewellMs = 2_000;

/**
 * One socket of Baileys, from connecting to its end; single use. `closed` resolves once, whoever ended it. After that
 * nothing of it reaches the desk or the session, even if Baileys still works on something.
 */
export class Link {
  readonly socket: ReturnType<typeof makeWASocket>;
  readonly keys: KeyStore;
  readonly acks = new Acks();
  readonly closed: Promise<Closing>;
  private answered = false;
  private ended = false;
  private heard = Date.now();
  private readonly resolve: (closing: Closing) => void;
  private readonly watchdogs: NodeJS.Timeout[] = [];
  private readonly leaving = new Set<() => void>();

  constructor(means: LinkMeans) {
    let settle: (closing: Closing) => void = () => undefined;
    this.closed = new Promise((resolve) => {
      settle = resolve;
    });
    this.resolve = settle;
    this.keys = new KeyStore(means.host.session, means.creds, () => this.kill(500));
    this.socket = socketOf(means, this.keys);
    this.listen(means);
    this.watch(means.openMs);
  }

  get alive(): boolean {
    return !this.ended;
  }

  /** Ends the socket now; what Baileys still does with it is not waited for (a frozen peer holds `end` for 30 s). */
  kill(code = 428): void {
    this.finish({ code, from: 'here', answered: this.answered });
  }

  /** The network's answer; throws ChannelError `temporary` as soon as the link is gone, and for any fault of the library. */
  async reached<T>(work: () => Promise<T>): Promise<T> {
    let leave: () => void = () => undefined;
    const gone = new Promise<never>((_, reject) => {
      leave = () => reject(new ChannelError('temporary', 'whatsapp.offline'));
    });
    if (this.ended) leave();
    this.leaving.add(leave);
    try {
      return await Promise.race([gone, work()]);
    } catch (error) {
      throw error instanceof ChannelError ? error : new ChannelError('temporary', 'whatsapp.offline');
    } finally {
      this.leaving.delete(leave);
    }
  }

  /** Asks the server to remove this device from the account; ends the socket (`logout` of the library does not wait). */
  async unlink(): Promise<void> {
    const attrs = { to: 's.whatsapp.net', type: 'set', xmlns: 'md' };
    const device = { jid: this.keys.creds.me?.id ?? '', reason: 'user_initiated' };
    const removal = { tag: 'iq', attrs, content: [{ tag: 'remove-companion-device', attrs: device }] };
    const late = new Promise((resolve) => setTimeout(resolve, farewellMs).unref());
    await Promise.race([this.reached(() => this.socket.query(removal)).catch(() => undefined), late]);
    this.kill();
  }

  private listen(means: LinkMeans): void {
    const { ev, ws } = this.socket;
    const live =
      <T>(take: (value: T) => void) =>
      (value: T) => {
        if (!this.ended) take(value);
      };
    ev.on(
      'creds.update',
      live(() => this.keys.changed()),
    );
    ev.on(
      'connection.update',
      live(({ qr, connection, lastDisconnect }) => {
        if (qr !== undefined) {
          this.answered = true;
          means.qr(qr);
        }
        if (connection === 'open') {
          this.answered = true;
          means.opened();
        }
        if (connection === 'close') this.finish(closingOf(lastDisconnect?.error, this.answered));
      }),
    );
    ev.on(
      'messages.upsert',
      live(({ messages }) => means.messages(messages)),
    );
    ev.on(
      'messages.update',
      live((updates) => means.updates(updates)),
    );
    ev.on(
      'lid-mapping.update',
      live((mapping) => means.mapped(mapping)),
    );
    ev.on(
      'call',
      live((calls) => means.calls(calls)),
    );
    ws.prependListener(
      'CB:message',
      live((stanza: BinaryNode) => means.journal.announce(stanza)),
    );
    // Before the library's own listener, which tells of refusals too.
    ws.prependListener(
      'CB:ack,class:message',
      live((stanza: BinaryNode) => this.acks.settle(stanza.attrs)),
    );
    ws.on('frame', () => {
      this.heard = Date.now();
    });
    // An answer other than the upgrade: the library itself would never say that it is over.
    ws.on('unexpected-response', (request: { destroy(): void }, response: { statusCode?: number }) => {
      request.destroy();
      this.finish({ code: response.statusCode ?? 428, from: 'network', answered: false });
    });
  }

  /** A socket that shows nothing within `openMs`, or falls silent later, is over. */
  private watch(openMs: number): void {
    const first = setTimeout(() => {
      if (!this.answered) this.kill(408);
    }, openMs);
    const later = setInterval(() => {
      if (this.answered && Date.now() - this.heard > silenceMs) this.kill(408);
    }, 5_000);
    for (const timer of [first, later]) this.watchdogs.push(timer.unref());
  }

  private finish(closing: Closing): void {
    if (this.ended) return;
    this.ended = true;
    for (const timer of this.watchdogs) clearTimeout(timer);
    this.acks.abandon();
    for (const leave of this.leaving) leave();
    const { ws } = this.socket;
    const raw: unknown = Reflect.get(ws, 'socket');
    unattended(this.socket.end(undefined), 'end of a socket of WhatsApp');
    setTimeout(() => {
      if (typeof raw === 'object' && raw !== null && 'terminate' in raw && typeof raw.terminate === 'function') {
        raw.terminate();
      }
    }, politeMs).unref();
    this.resolve(closing);
  }
}

function socketOf(means: LinkMeans, keys: KeyStore): ReturnType<typeof makeWASocket> {
  return makeWASocket({
    auth: { creds: means.creds, keys },
    waWebSocketUrl: means.url,
    logger: quietLogger((line, about) => means.host.log(line, about)),
    makeSignalRepository: means.journal.repository,
    fetchAgent: means.agent,
    connectTimeoutMs: means.openMs,
    defaultQueryTimeoutMs: queryMs,
    keepAliveIntervalMs: keepAliveMs,
    ...(means.qrMs === null ? {} : { qrTimeout: means.qrMs }),
    markOnlineOnConnect: false,
    syncFullHistory: false,
    shouldSyncHistoryMessage: () => false,
    emitOwnEvents: false,
    // Our store waits by itself; a second try of the library would come after the socket was ended.
    transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 },
    userDevicesCache: means.devices,
    getMessage: async ({ id }) => {
      const bytes = id === null || id === undefined ? null : await means.sentBytes(id);
      return bytes === null ? undefined : proto.Message.decode(bytes);
    },
  });
}
