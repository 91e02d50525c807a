import type { Namespace, Server, Socket } from 'socket.io';
import { type Handshake, type Peer, Refused, type ServedSockets, type SocketServer } from '#channels/sockets.ts';
import { pacer } from '../pace.ts';
import type { Listen } from './listen.ts';

type Enter = (handshake: Handshake) => Promise<Peer | null>;

/** Sockets of visitors, one namespace a kind of channel, kept apart from the consoles' and without cookies. */
export function visitorSockets(io: Server, listen: Listen, newSocketsAMinute: number): SocketServer {
  const gates = new Map<string, Map<string, Enter>>();
  const mayEnter = pacer(newSocketsAMinute, 60_000);

  function open(name: string): { namespace: Namespace; keys: Map<string, Enter> } {
    const namespace = io.of(name);
    const known = gates.get(name);
    if (known !== undefined) return { namespace, keys: known };
    const keys = new Map<string, Enter>();
    gates.set(name, keys);
    namespace.use((socket, next) => {
      admit(socket, keys, mayEnter).then(
        () => next(),
        (error: unknown) => next(new Error(error instanceof Refused ? error.code : 'internal')),
      );
    });
    listen.connections(namespace, (socket) => {
      const { peer, key } = socket.data as Admitted;
      for (const [event, handle] of Object.entries(peer.handlers))
        listen.command(socket, event, (input) => handle(input));
      return [keyRoom(key), groupRoom(key, peer.group)];
    });
    return { namespace, keys };
  }

  return {
    serve(name, key, enter): ServedSockets {
      const { namespace, keys } = open(name);
      keys.set(key, enter);
      return {
        emit: (group, event, payload) => {
          namespace.to(groupRoom(key, group)).emit(event, payload);
        },
        size: (group) => namespace.adapter.rooms.get(groupRoom(key, group))?.size ?? 0,
        close() {
          keys.delete(key);
          namespace.in(keyRoom(key)).disconnectSockets(true);
        },
      };
    },
  };
}

interface Admitted {
  peer: Peer;
  key: string;
}

async function admit(socket: Socket, keys: Map<string, Enter>, mayEnter: (address: string) => boolean): Promise<void> {
  const auth: Record<string, unknown> = { ...socket.handshake.auth };
  const address = socket.handshake.address;
  if (!mayEnter(address)) throw new Refused('rate.limited');
  const enter = typeof auth.channel === 'string' ? keys.get(auth.channel) : undefined;
  const peer = (await enter?.({ auth, address })) ?? null;
  if (peer === null) throw new Refused('visitor.refused');
  socket.data = { peer, key: String(auth.channel) } satisfies Admitted;
}

const keyRoom = (key: string): string => `key:${key}`;
const groupRoom = (key: string, group: string): string => `group:${key}:${group}`;
