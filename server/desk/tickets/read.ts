import * as z from 'zod/mini';
import { ticketView } from '#shared/ticket.ts';
import { allow } from '../access.ts';
import * as input from '../input.ts';
import { look } from '../verb.ts';
import * as views from '../views.ts';

/** One ticket. Peeking: assigns nothing, marks nothing read, tells the customer nothing. */
export const read = look({
  name: 'ticket.read',
  action: 'ticket.see',
  input: z.strictObject({ ticketId: input.id }),
  output: views.ticket,
  async run(desk, by, { ticketId }) {
    return ticketView(allow(by, 'ticket.see', await desk.store.tickets.byId(ticketId)));
  },
});
