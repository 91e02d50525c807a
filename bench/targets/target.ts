import type { Connection } from 'mongoose';
import type { Socket } from 'socket.io-client';

/** A way from a customer's message to a console's socket. */
export interface Target {
  name: string;
  /** Takes a message in; resolves when it is durable. */
  write(n: number): Promise<unknown>;
  /** Messages that the console has heard. */
  heard(): number;
  close(): Promise<void>;
}

/** One kind of target. `contacts`: how many customers write in turn. */
export interface Kind {
  name: string;
  /** Messages of one measurement: what the network carries in a bearable time. */
  n: number;
  /** How many customers at most: some networks have costly first meetings. */
  contacts: number;
  open(connection: Connection, contacts: number): Promise<Target>;
}

export const text = 'Bom dia, minha internet continua sem funcionar desde ontem à noite, podem verificar?';

export function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('connect_error', reject);
  });
}
