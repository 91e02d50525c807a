import { openDesk } from './desk.ts';
import { type Kind, text } from './target.ts';

/** Simulator, transaction of message, ticket and history, bus, rooms, console socket. */
export const simulator: Kind = {
  name: 'balcão: simulator to console',
  n: 1_000,
  contacts: 500,
  async open(connection, contacts) {
    const { app, companyId, heard, close } = await openDesk(connection);
    const addressOf = (i: number): string => `+55419${String(i % contacts).padStart(8, '0')}`;
    return {
      name: simulator.name,
      write: (i) => app.simulator.write(companyId, { as: 'whatsapp', from: addressOf(i), name: 'Sérgio', text }),
      heard,
      close,
    };
  },
};
