import { signal } from '@preact/signals';
import { io, type Socket } from 'socket.io-client';
import type { Me } from '#shared/api.ts';
import type { Answer, ToConsole, ToServer } from '#shared/live.ts';
import { unattended } from '#shared/unattended.ts';
import { get } from './http.ts';
import { Refused, Unanswered } from './refused.ts';
import { me } from './state/me.ts';

/** Since when there has been no connection (ms), null while there is one. */
export const offlineSince = signal<number | null>(Date.now());

const answerWithin = 10_000;

/** How often a connection was made. */
let connections = 0;

/** Answers, each time it is asked, whether the connection of this moment still stands. */
export function thisConnection(): () => boolean {
  const mine = connections;
  return () => mine === connections && offlineSince.value === null;
}

type Input<Name extends keyof ToServer> = Parameters<ToServer[Name]>[0];
type Value<Name extends keyof ToServer> = Parameters<ToServer[Name]>[1] extends (answer: Answer<infer Given>) => void
  ? Given
  : never;

/** What the rest of the console does with the connection. */
export interface Listeners {
  events: ToConsole;
  /** A connection stands; `after` is how long it was away in ms. What was missed has to be asked for. */
  onConnect: (after: number) => void;
}

let socket: Socket<ToConsole, ToServer> | null = null;

/** Connects, and stays connected until the answered function is called: unlimited attempts, 0.5 to 8 s apart with jitter. */
export function connect({ events, onConnect }: Listeners): () => void {
  const mine: Socket<ToConsole, ToServer> = io({
    transports: ['websocket'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 8_000,
    randomizationFactor: 0.5,
    forceNew: true,
  });
  socket = mine;
  offlineSince.value = Date.now();
  mine.on('connect', () => {
    const after = Date.now() - (offlineSince.value ?? Date.now());
    offlineSince.value = null;
    connections += 1;
    onConnect(after);
  });
  mine.on('disconnect', (reason) => {
    offlineSince.value = Date.now();
    if (reason === 'io server disconnect') unattended(knock(mine), 'knock');
  });
  // A refused handshake is not tried again by the library.
  mine.on('connect_error', () => {
    if (!mine.active) unattended(knock(mine), 'knock');
  });
  listen(mine, events);
  return () => {
    mine.close();
    if (socket === mine) socket = null;
  };
}

function listen(mine: Socket<ToConsole, ToServer>, events: ToConsole): void {
  mine.on('ticket:changed', events['ticket:changed']);
  mine.on('ticket:left', events['ticket:left']);
  mine.on('entry:added', events['entry:added']);
  mine.on('message:changed', events['message:changed']);
  mine.on('catalog:changed', events['catalog:changed']);
  mine.on('customer:typing', events['customer:typing']);
  mine.on('pairing:changed', events['pairing:changed']);
  mine.on('probe:checked', events['probe:checked']);
  mine.on('connection:changed', events['connection:changed']);
}

/** The server sent us away: signed out (`get` then shows the door), or only busy starting again. */
async function knock(mine: Socket): Promise<void> {
  try {
    const now = await get<Me>('/me');
    if (socket !== mine) return;
    me.value = now;
    mine.connect();
  } catch (error) {
    if (error instanceof Refused && error.code === 'session.required') return;
    const pause = 1_000 + Math.random() * 2_000;
    setTimeout(() => {
      if (socket === mine) unattended(knock(mine), 'knock');
    }, pause);
  }
}

/** Does an act by socket. Throws Refused with the server's code, or Unanswered after 10 s, on a lost connection or without one. */
export async function command<Name extends keyof ToServer>(name: Name, input: Input<Name>): Promise<Value<Name>> {
  // Without this the library would keep the act and send it minutes later, when nobody waits for it any more.
  if (!socket?.connected) throw new Unanswered('offline');
  const asked = socket as unknown as Pick<Socket, 'timeout'>;
  let answer: Answer<Value<Name>>;
  try {
    answer = await asked.timeout(answerWithin).emitWithAck(name, input);
  } catch (error) {
    throw new Unanswered(name, { cause: error });
  }
  if (answer.ok) return answer.value;
  if (answer.code === 'session.required') me.value = null;
  throw new Refused(answer);
}
