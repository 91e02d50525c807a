import type { Ability, ChannelKind, Connection } from '#shared/channel.ts';
import type { Code } from '#shared/errors.ts';
import type { Content } from '#shared/message.ts';
import type { Identity } from '#shared/people.ts';

/**
 * One network, seen from the desk. All that comes in passes `host.receive`; the channel acknowledges to its network
 * only after that has resolved. Network faults are `connection` events, not throws.
 */
export interface Channel {
  readonly kind: ChannelKind;
  readonly can: ReadonlySet<Ability>;
  /** Stays connected until `disconnect`. Throws ChannelError only for wrong settings. */
  connect(host: ChannelHost): Promise<void>;
  /** Finishes what is under way, then lets go. After it nothing is received or sent. */
  disconnect(): Promise<void>;
  /** Resolves when the network took the message; throws ChannelError. With `same-id`, sending an id again is harmless. */
  send(to: string, message: OutboundMessage): Promise<Sent>;
}

/** Makes the channel of one stored row. Throws ChannelError with `field` for wrong settings. */
export type Maker = (row: ChannelRow, means: { sockets: SocketServer }) => Channel;

/** What a maker needs of the stored channel. */
export interface ChannelRow {
  id: string;
  kind: ChannelKind;
  publicId: string | null;
  settings: unknown;
}

/** The network's own id of the message; ours when the network has none. */
export interface Sent {
  externalId: string;
}

export interface OutboundMessage {
  id: string;
  /** Who speaks, as the customer may read it. */
  authorName: string;
  at: string;
  content: Content;
}

/** What the desk offers to one channel. */
export interface ChannelHost {
  readonly channelId: string;
  /** Resolves when the event is durably stored (`known`: it was already). Rejects when it is not: then acknowledge nothing. */
  receive(event: ChannelEvent): Promise<'stored' | 'known'>;
  /**
   * What the customer may see of a conversation, across closed tickets, ordered by message id.
   * `after === null`: the newest `limit` ones; else the first `limit` after that id. Never notes or history.
   */
  transcript(conversation: string, after: string | null, limit: number): Promise<TranscriptLine[]>;
  /** Small records that the channel keeps for itself; `set` is all or nothing, null removes. */
  session: {
    set(changes: Record<string, Uint8Array | null>): Promise<void>;
    /** Ordered by key, ascending. */
    list(prefix: string, limit: number): Promise<{ key: string; value: Uint8Array }[]>;
  };
  /** One line for the operator; never bodies, tokens or whole addresses. */
  log(line: string, about?: Record<string, unknown>): void;
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

/** Who wrote: identities prove the person, `address` is the opaque `to` of `send`. */
export interface Person {
  identities: Identity[];
  name: string;
  address: string;
}

export type ChannelEvent =
  | {
      type: 'message';
      /** The network's key of the message: a second delivery of it is `known`. */
      key: string;
      /** What one open ticket of this channel hangs on. */
      conversation: string;
      from: Person;
      at: string;
      content: Content;
    }
  | { type: 'receipt'; messageId: string; status: 'sent' | 'delivered' | 'read'; at: string }
  | { type: 'connection'; connection: Connection };

/** The only error that a channel throws. `temporary` is tried again by the outbox, `refused` is shown on the message. */
export class ChannelError extends Error {
  readonly fault: 'temporary' | 'refused';
  readonly code: string;
  readonly field: string | null;
  constructor(fault: 'temporary' | 'refused', code: string, field: string | null = null) {
    super(code);
    this.fault = fault;
    this.code = code;
    this.field = field;
  }
}

/** Sockets for the visitors of a channel, kept apart from the console's. Implemented by the server. */
export interface SocketServer {
  /** Serves sockets of `namespace` whose handshake names `key`; `enter` decides who the socket speaks for. */
  serve(namespace: string, key: string, enter: (handshake: Handshake) => Promise<Peer | null>): ServedSockets;
}

export interface Handshake {
  /** What the client sent along; nothing in it is trusted. */
  auth: Record<string, unknown>;
  /** The client's network address, for limits. */
  address: string;
}

/** One admitted socket. `group` is where `emit` reaches it; a handler throws Refused to answer with a code. */
export interface Peer {
  group: string;
  handlers: Record<string, (input: unknown) => Promise<unknown>>;
}

export interface ServedSockets {
  /** Sends to every socket of the group; nobody there is no fault. */
  emit(group: string, event: string, payload: unknown): void;
  /** How many sockets the group has now. */
  size(group: string): number;
  /** Disconnects the key's sockets and stops serving it. */
  close(): void;
}

/** Thrown by a peer's handler: answered as `{ ok: false, code }`. */
export class Refused extends Error {
  readonly code: Code;
  constructor(code: Code) {
    super(code);
    this.code = code;
  }
}
