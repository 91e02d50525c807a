import { type Handshake, type Peer, Refused, type ServedSockets, type SocketServer } from '#channels/sockets.ts';
import type { Answer } from '#shared/live.ts';

type Enter = (handshake: Handshake) => Promise<Peer | null>;

/** One admitted socket as its client sees it. */
export interface VisitorDouble {
  /** What a client's emit is answered with; rejects once the socket is gone. */
  call(event: string, input: unknown): Promise<Answer<unknown>>;
  readonly events: { event: string; payload: unknown }[];
  readonly open: boolean;
}

/** Test double of the network's edge: sockets in one process, no transport. Keeps to the contract of SocketServer. */
export class SocketsDouble implements SocketServer {
  private readonly served = new Map<string, { enter: Enter; sockets: Set<SocketDouble> }>();

  serve(namespace: string, key: string, enter: Enter): ServedSockets {
    const place = `${namespace} ${key}`;
    const sockets = new Set<SocketDouble>();
    this.served.set(place, { enter, sockets });
    const within = (group: string) => [...sockets].filter((socket) => socket.peer.group === group);
    return {
      // Through JSON, as a transport would carry it.
      emit: (group, event, payload) => {
        for (const socket of within(group)) socket.events.push({ event, payload: JSON.parse(JSON.stringify(payload)) });
      },
      size: (group) => within(group).length,
      close: () => {
        for (const socket of sockets) socket.open = false;
        sockets.clear();
        this.served.delete(place);
      },
    };
  }

  /** Connects as a client does; null when it is not let in. */
  async visit(namespace: string, key: string, auth: Record<string, unknown>): Promise<VisitorDouble | null> {
    const place = this.served.get(`${namespace} ${key}`);
    const peer = (await place?.enter({ auth, address: '203.0.113.7' })) ?? null;
    if (place === undefined || peer === null) return null;
    const socket = new SocketDouble(peer);
    place.sockets.add(socket);
    return socket;
  }
}

class SocketDouble implements VisitorDouble {
  readonly events: { event: string; payload: unknown }[] = [];
  open = true;
  readonly peer: Peer;
  constructor(peer: Peer) {
    this.peer = peer;
  }

  async call(event: string, input: unknown): Promise<Answer<unknown>> {
    const handle = this.peer.handlers[event];
    if (!this.open || handle === undefined) throw new Error('the socket is gone');
    try {
      return { ok: true, value: await handle(input) };
    } catch (error) {
      return { ok: false, code: error instanceof Refused ? error.code : 'internal' };
    }
  }
}
