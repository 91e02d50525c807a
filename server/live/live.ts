import type { Server as HttpServer } from 'node:http';
import { type Namespace, Server, type Socket } from 'socket.io';
import type { SocketServer } from '#channels/sockets.ts';
import { withoutPairing } from '#shared/channel.ts';
import { messageView } from '#shared/message.ts';
import { ticketView } from '#shared/ticket.ts';
import { unattended } from '#shared/unattended.ts';
import type { Bus } from '../bus.ts';
import { callerOf, type Desk } from '../desk/desk.ts';
import type { SignedIn } from '../desk/front/front.ts';
import { perform } from '../desk/perform.ts';
import { read } from '../desk/tickets/read.ts';
import { cookieName, cookieOf, isOwnOrigin } from '../origin.ts';
import type { Paces } from '../pace.ts';
import { audienceOf, ownRooms, ticketRoom } from './audience.ts';
import { commands } from './commands.ts';
import { listenOf } from './listen.ts';
import { visitorSockets } from './visitors.ts';

/** What the live edge is handed. */
export interface LiveMeans {
  bus: Bus;
  publicUrl: string | null;
  paces: Paces;
  deskOf(companyId: string): Promise<Desk>;
  /** The agent who asked for a channel's pairing. */
  askerOf(channelId: string): string | null;
  whoIs(token: string): Promise<SignedIn | null>;
  fault(what: string, error: unknown): void;
}

export interface Live {
  /** Visitors' sockets, for channels. */
  sockets: SocketServer;
  attach(server: HttpServer): void;
  close(): Promise<void>;
}

const lookEvery = 60_000;
const frameMost = 256 * 1024;

/** Consoles' and visitors' sockets. What it sends are hints: a console that missed one asks again. */
export function createLive(means: LiveMeans): Live {
  const io = new Server({
    transports: ['websocket'],
    maxHttpBufferSize: frameMost,
    perMessageDeflate: false,
    serveClient: false,
    allowRequest: (request, done) => done(null, isOwnOrigin(request.headers, means.publicUrl)),
  });
  const listen = listenOf(means.paces.socketEvents, means.fault);
  const consoles = io.of('/');
  const cookie = cookieName(means.publicUrl);
  consoles.use((socket, next) => {
    const token = cookieOf(socket.handshake.headers.cookie, cookie);
    const asked = token === null ? Promise.resolve(null) : means.whoIs(token);
    asked.then(
      (signedIn) => {
        socket.data = { signedIn, token };
        next(signedIn === null ? new Error('session.required') : undefined);
      },
      (error: unknown) => {
        means.fault('console handshake', error);
        next(new Error('service.unavailable'));
      },
    );
  });
  listen.connections(consoles, (socket) => {
    const { agent, company } = signedInOf(socket);
    for (const event of Object.keys(commands))
      listen.command(socket, event, (input) => run(means, socket, event, input));
    return ownRooms(company.id, callerOf(agent));
  });
  follow(means, consoles);
  const timer = setInterval(() => unattended(endExpired(means, consoles), 'expired sign-ins'), lookEvery);
  return {
    sockets: visitorSockets(io, listen, means.paces.visitorSockets),
    attach: (server) => {
      io.attach(server);
    },
    async close() {
      clearInterval(timer);
      io.disconnectSockets(true);
      await io.close();
    },
  };
}

const signedInOf = (socket: { data: { signedIn?: SignedIn } }): SignedIn => {
  const { signedIn } = socket.data;
  if (signedIn === undefined) throw new Error('a console socket without a sign-in');
  return signedIn;
};

/** One command: its client id goes beside the verb's input. Watching also lets the socket into the ticket's room. */
async function run(means: LiveMeans, socket: Socket, event: string, raw: unknown): Promise<unknown> {
  const { agent, company } = signedInOf(socket);
  const desk = await means.deskOf(company.id);
  const by = callerOf(agent);
  const verb = commands[event as keyof typeof commands];
  const { clientId, ...input } = isObject(raw) ? raw : { clientId: undefined };
  const whole = isObject(raw) ? input : raw;
  if (event !== 'ticket:watch') return (await perform(desk, by, verb as never, whole, clientId)).value;
  await perform(desk, by, read, { ticketId: input.ticketId });
  const room = ticketRoom(String(input.ticketId));
  for (const other of socket.rooms) if (other.startsWith('ticket:') && other !== room) await socket.leave(other);
  // First into the room, then the catch-up: between the two nothing can fall through; the other way round it could.
  await socket.join(room);
  try {
    return (await perform(desk, by, verb as never, whole)).value;
  } catch (error) {
    await socket.leave(room);
    throw error;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Turns what the bus tells into what consoles hear. */
function follow(means: LiveMeans, consoles: Namespace): void {
  const { bus } = means;
  bus.on('ticket.changed', ({ companyId, before, after, entries }) => {
    const { now, gone } = audienceOf(companyId, before, after);
    const room = ticketRoom(after.id);
    for (const entry of entries) consoles.to(room).emit('entry:added', entry);
    consoles.to(now).emit('ticket:changed', ticketView(after));
    if (gone.length === 0) return;
    consoles.to(gone).except(now).emit('ticket:left', { ticketId: after.id });
    consoles.in(gone).except(now).socketsLeave(room);
  });
  bus.on('message.changed', ({ message }) => {
    consoles.to(ticketRoom(message.ticketId)).emit('message:changed', messageView(message));
  });
  bus.on('probe.checked', ({ agentId, probeId, check }) => {
    consoles.to(`agent:${agentId}`).emit('probe:checked', { probeId, check });
  });
  bus.on('customer.typing', ({ ticketId, on }) => {
    consoles.to(ticketRoom(ticketId)).emit('customer:typing', { ticketId, on });
  });
  bus.on('catalog.changed', ({ companyId }) => {
    consoles.to(`company:${companyId}`).emit('catalog:changed');
  });
  bus.on('connection.changed', ({ companyId, channelId, connection }) => {
    const open = withoutPairing(connection);
    consoles.to(`company:${companyId}`).emit('connection:changed', { channelId, connection: open });
    const asker = means.askerOf(channelId);
    if (connection.phase === 'pairing' && asker !== null) {
      consoles.to(`agent:${asker}`).emit('pairing:changed', { channelId, connection });
    }
  });
  // Rights are read at the handshake: a console whose rights changed comes in anew and sees what it may see now.
  bus.on('agent.changed', ({ agentId }) => consoles.in(`agent:${agentId}`).disconnectSockets(true));
  bus.on('sessions.ended', ({ sessionIds }) => {
    const ended = new Set(sessionIds);
    for (const socket of consoles.sockets.values()) {
      if (ended.has(signedInOf(socket).sessionId)) socket.disconnect(true);
    }
  });
}

/** An open console keeps its sign-in in use; one whose sign-in has ended is closed. */
async function endExpired({ whoIs }: LiveMeans, consoles: Namespace): Promise<void> {
  for (const socket of [...consoles.sockets.values()]) {
    if ((await whoIs(String(socket.data.token))) === null) socket.disconnect(true);
  }
}
