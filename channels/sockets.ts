import type { Code } from '#shared/errors.ts';

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
