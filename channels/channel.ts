import type { Ability, ChannelKind, Connection, ProbeCheck } from '#shared/channel.ts';
import type { Attachment, Content, FileKind } from '#shared/message.ts';
import type { Identity } from '#shared/people.ts';
import type { SocketServer } from './sockets.ts';

/**
 * One network, seen from the desk. All that comes in passes `host.receive`; the channel acknowledges to its network
 * only after that has resolved. Network faults are `connection` events, not throws.
 */
export interface Channel {
  readonly kind: ChannelKind;
  readonly can: ReadonlySet<Ability>;
  /** Stays connected, through losses of the network, until `disconnect` or until `host.signal` aborts. Throws ChannelError only for wrong settings. */
  connect(host: ChannelHost): Promise<void>;
  /** Finishes what is under way (at most 10 s), then lets go. After it nothing is received or sent. `forget`: also unlinks at the network. */
  disconnect(forget?: boolean): Promise<void>;
  /**
   * Resolves when the network took the message, or with `uncertain` when nobody can know; throws ChannelError otherwise.
   * Awaits `message.claim` last before bytes leave; its rejection stops the send. Never tries again by itself.
   * With `same-id`, sending an id again is harmless and no answer is `temporary` instead of `uncertain`.
   */
  send(to: string, message: OutboundMessage): Promise<Sent>;
  /** Best effort, may be lost. Throws ChannelError only for a reaction that did not go: it must not be shown as if. */
  gesture?(to: string, gesture: Gesture): Promise<void>;
  /** Begins to link an account; QR and code come as `connection` events of phase `pairing`. */
  pair?(how: Pairing): Promise<void>;
  /** Asks the network for a sign of life now. Throws ChannelError with what is wrong. */
  test?(): Promise<void>;
  /** Maps again what was kept as `raw` with a message or a dead letter: for "try again" on missing media and dead letters. */
  reread?(raw: Uint8Array): Promise<ChannelEvent[]>;
}

export type Pairing = { method: 'qr' } | { method: 'code'; phone: string };

export type Gesture =
  | { type: 'read'; targets: Target[] }
  | { type: 'react'; target: Target; emoji: string | null }
  | { type: 'typing'; on: boolean };

/** A message as its network knows it. `mine`: sent by us; else `author` is the address of who wrote it. */
export interface Target {
  externalId: string;
  mine: boolean;
  author: string;
}

/** Makes the channel of one stored row. Throws ChannelError with `field` for wrong settings. */
export type Maker = (row: ChannelRow, means: MakerMeans) => Channel;

export interface MakerMeans {
  sockets: SocketServer;
  endpoints: Endpoints;
}

/** Where networks are found, when not at their usual place; plain ws and http only with `insecure`. */
export interface Endpoints {
  whatsapp: string | null;
  telegram: string | null;
  insecure: boolean;
}

/** What a maker needs of the stored channel. Secrets in `settings` are open here. */
export interface ChannelRow {
  id: string;
  kind: ChannelKind;
  publicId: string | null;
  settings: unknown;
}

/**
 * Tries settings before a channel is made of them: tells each check as it ends, answers what was found. Throws
 * ChannelError with `field` for settings that cannot be tried. `settings` are additions worth keeping.
 */
export type Probe = (settings: unknown, endpoints: Endpoints, tell: (check: Check) => void) => Promise<Probed>;

/** One thing tried. */
export type Check = ProbeCheck;

export interface Probed {
  ok: boolean;
  /** The account: the same `as` as `Connection.online` tells. Empty when it could not be found out. */
  as: string;
  name: string | null;
  /** JPEG or PNG, at most 256 KiB. */
  photo: Uint8Array | null;
  settings: Record<string, unknown>;
}

/** The network's own id of the message (ours when it has none); `uncertain` = fate unknown, with the reason's code. */
export type Sent = { externalId: string } | { uncertain: string };

export interface OutboundMessage {
  id: string;
  /** Who speaks, as the customer may read it. */
  authorName: string;
  at: string;
  /** null deletes what `changes` names. */
  content: Content | null;
  /** The network's id of our own earlier message: this edits or deletes it. */
  changes?: string;
  replyTo?: Target & { text: string };
  /** Said by a machine: an automatic answer, a notice. */
  auto: boolean;
  mail?: MailOut;
  /** Fenced: marks the message as being sent, under the id that the network will know it by when that is known already. */
  claim(externalId?: string): Promise<void>;
}

/** What an e-mail needs beside its content. Ids are bare, without `<>`. */
export interface MailOut {
  subject: string;
  messageId: string;
  inReplyTo: string | null;
  references: string[];
  /** Goes into Reply-To as `user+token@domain`, where the mailbox takes such addresses. */
  replyToken: string | null;
  cc: string[];
}

/** What the desk offers to one channel. */
export interface ChannelHost {
  readonly channelId: string;
  /** Aborts when this process must let go at once (the lease is lost): close the network, send and receive nothing more. */
  readonly signal: AbortSignal;
  /**
   * Resolves when the event is durably dealt with (`known`: it was already; `dead`: it cannot be taken and lies with the
   * dead letters). Waits while the database is away. Rejects only when `signal` aborts: then acknowledge nothing.
   */
  receive(event: ChannelEvent): Promise<'stored' | 'known' | 'dead'>;
  /** Says which account of the network this is (`Connection.as`), before going online. False: another channel has it. */
  own(account: string): Promise<boolean>;
  /**
   * What the customer may see of a conversation, across closed tickets, ordered by message id.
   * `after === null`: the newest `limit` ones; else the first `limit` after that id. Never notes or history.
   */
  transcript(conversation: string, after: string | null, limit: number): Promise<TranscriptLine[]>;
  /** Small records that the channel keeps for itself, sealed at rest. Rejects when the lease is lost. */
  session: {
    get(keys: string[]): Promise<Record<string, Uint8Array>>;
    /** All or nothing, in the order of the calls, fenced; null removes. */
    set(changes: Record<string, Uint8Array | { value: Uint8Array; expiresAt: string } | null>): Promise<void>;
    /** Ordered by key, ascending. */
    list(prefix: string, limit: number): Promise<{ key: string; value: Uint8Array }[]>;
  };
  media: {
    /**
     * Streams a file to the blob store; the type is told by its bytes, the name is made harmless. Throws ChannelError
     * `media.too-big`, `media.empty`, `media.quota`. What no message names dies within a day.
     */
    save(bytes: AsyncIterable<Uint8Array>, about: MediaAbout): Promise<Attachment>;
    /** Throws ChannelError `media.not-found`. */
    open(id: string): Promise<{ about: Attachment; bytes: AsyncIterable<Uint8Array> }>;
  };
  /** What a message of ours said, by the network's id; null when it is not ours. */
  sentContent(externalId: string): Promise<Content | null>;
  /** One line for the operator; never bodies, tokens or whole addresses. */
  log(line: string, about?: Record<string, unknown>): void;
}

/** What the network says of a file. `kind` decides how it is shown; absent: by its type. */
export interface MediaAbout {
  name: string;
  mime: string;
  kind?: FileKind;
  seconds?: number;
  /** The customer who sent it, in the network's words: files of one customer are limited a day. */
  from?: string;
  /** Sanitised HTML of a mail: may be shown as a page. */
  page?: true;
}

export interface TranscriptLine {
  id: string;
  /** The network's key of a customer's message. */
  key: string | null;
  at: string;
  from: 'customer' | 'desk';
  name: string;
  text: string;
}

/** Who wrote: identities prove the person, `address` is the opaque `to` of `send`. `name` may be empty. */
export interface Person {
  identities: Identity[];
  name: string;
  address: string;
}

/** What came in. `raw` is kept with a dead letter, and with a message whose content is missing. */
export type ChannelEvent = { raw?: Uint8Array } & (
  | MessageEvent
  /** A message edited by its author, or deleted (null). `key` makes it happen once. */
  | { type: 'change'; key: string; target: string; from: Person; at: string; content: Content | null }
  | { type: 'reaction'; key: string; target: string; from: Person; emoji: string | null; at: string }
  /** `externalId` as `send` or `claim` named it. `error` with `failed` only. */
  | {
      type: 'receipt';
      externalId: string;
      status: 'sent' | 'delivered' | 'read' | 'failed';
      at: string;
      error?: { code: string; permanent: boolean };
    }
  | { type: 'typing'; from: Person; conversation: string; on: boolean }
  /** Two identities proved to be one person. */
  | { type: 'identity'; same: [Identity, Identity] }
  /** Our own mapping failed. */
  | { type: 'unreadable'; key: string; at: string; reason: string; raw: Uint8Array }
  | { type: 'connection'; connection: Connection }
);

export interface MessageEvent {
  type: 'message';
  /** The network's key of the message: a second delivery of it is `known`, a later content replaces a `missing` one. */
  key: string;
  /** By which quotes, changes, reactions and read marks name it. */
  externalId: string;
  /** What one open ticket of this channel hangs on. */
  conversation: string;
  /** Always the customer, also for `fromDevice`. */
  from: Person;
  at: string;
  content: Content;
  replyTo?: { externalId: string; text?: string };
  /** Data of a button that was pressed. */
  choice?: string;
  /** What a deep link carried. */
  start?: string;
  /** Not written by a person: never gets an automatic answer. */
  auto?: 'reply' | 'list' | 'bulk';
  /** Typed on the company's own phone: stored as the company's message. */
  fromDevice?: true;
  /** Waited at the network while we were away. */
  backlog?: true;
  thread?: MailThread;
}

/** By what a mail may belong to an earlier ticket; the desk decides. Ids are bare, without `<>`. */
export interface MailThread {
  /** Tails of our own plus addresses among the recipients. */
  tokens: string[];
  /** In-Reply-To first, then References from the newest. */
  references: string[];
  /** Number of a protocol in the subject, such as `2026-000123`. */
  protocol: string | null;
  /** Who else was addressed, ours left out. */
  others: Person[];
}

/**
 * The only error that a channel throws. `temporary` is tried again by the outbox after `retryAfterMs` or its own
 * backoff, `refused` is shown on the message, `logged-out` parks the channel's queue.
 */
export class ChannelError extends Error {
  readonly fault: 'temporary' | 'refused' | 'logged-out';
  readonly code: string;
  readonly field: string | null;
  readonly retryAfterMs: number | null;
  constructor(
    fault: 'temporary' | 'refused' | 'logged-out',
    code: string,
    field: string | null = null,
    retryAfterMs: number | null = null,
  ) {
    super(code);
    this.fault = fault;
    this.code = code;
    this.field = field;
    this.retryAfterMs = retryAfterMs;
  }
}
