import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { connected, type Kind, text } from './target.ts';

/** The floor: one document inserted, one event emitted, nothing else. */
export const floor: Kind = {
  name: 'floor: insert + emit',
  n: 1_000,
  contacts: 500,
  async open(connection, contacts) {
    const server = createServer();
    const sockets = new Server(server, { transports: ['websocket'], perMessageDeflate: false });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const socket = io(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { transports: ['websocket'] });
    await connected(socket);
    let heard = 0;
    socket.on('line', () => {
      heard += 1;
    });
    const lines = connection.collection('lines');
    return {
      name: floor.name,
      async write(i) {
        const line = { from: `+55419${String(i % contacts).padStart(8, '0')}`, name: 'Sérgio', text };
        await lines.insertOne({ ...line, at: new Date() });
        sockets.emit('line', line);
      },
      heard: () => heard,
      async close() {
        socket.close();
        await sockets.close();
      },
    };
  },
};
