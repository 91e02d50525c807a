import type { Namespace, Socket } from 'socket.io';
import type { Answer } from '#shared/live.ts';
import { unattended } from '#shared/unattended.ts';
import { pacer } from '../pace.ts';
import { refusal } from './answering.ts';

/** The only places where sockets are listened to; every listener answers, and no fault escapes it. */
export interface Listen {
  /** `enter` answers the rooms that a new socket stands in. */
  connections(namespace: Namespace, enter: (socket: Socket) => string[]): void;
  command(socket: Socket, event: string, handle: (input: unknown) => Promise<unknown>): void;
}

/** Listens to sockets, each at most so many events a second. */
export function listenOf(eventsASecond: number, fault: (what: string, error: unknown) => void): Listen {
  return {
    connections(namespace, enter) {
      namespace.on('connection', (socket) => {
        for (const room of enter(socket)) unattended(Promise.resolve(socket.join(room)), 'join');
        socket.data.mayAsk = pacer(eventsASecond, 1_000);
      });
    },
    command(socket, event, handle) {
      socket.on(event, (input: unknown, done: unknown) => {
        // Without a callback nobody hears the answer; a client of ours always has one.
        const answer = typeof done === 'function' ? (given: Answer<unknown>) => done(given) : () => undefined;
        if (!socket.data.mayAsk('')) {
          answer({ ok: false, code: 'rate.limited' });
          return;
        }
        handle(input).then(
          (value) => answer({ ok: true, value }),
          (error: unknown) => answer(refusal(error, (unknown_) => fault(`socket ${event}`, unknown_))),
        );
      });
    },
  };
}
