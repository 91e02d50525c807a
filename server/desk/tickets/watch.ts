import * as z from 'zod/mini';
import { limits } from '#shared/limits.ts';
import { ticketView } from '#shared/ticket.ts';
import { allow } from '../access.ts';
import * as input from '../input.ts';
import { look } from '../verb.ts';
import * as views from '../views.ts';
import { entriesAfter } from './entries.ts';

/**
 * What a console missed of a ticket since `afterSeq`, and where the messages named in `unsettled` are now. The edge
 * that calls it lets the socket into the ticket's room. Changes nothing.
 */
export const watch = look({
  name: 'ticket.watch',
  action: 'ticket.see',
  input: z.strictObject({
    ticketId: input.id,
    afterSeq: z.int().check(z.gte(0, 'range')),
    unsettled: z.array(input.id).check(z.maxLength(limits.unsettledMost, 'too-long')),
  }),
  output: z.object({
    ticket: views.ticket,
    entries: z.array(views.entry),
    next: z.nullable(z.number()),
    settled: z.array(z.object({ messageId: z.string(), delivery: views.delivery })),
  }),
  async run(desk, by, { ticketId, afterSeq, unsettled }) {
    const ticket = allow(by, 'ticket.see', await desk.store.tickets.byId(ticketId));
    const { entries, next } = await entriesAfter(desk, ticketId, afterSeq, limits.eventsMost);
    const messages = await desk.store.messages.byIds(unsettled);
    const settled = messages.flatMap(({ id, ticketId: of, delivery }) =>
      of === ticketId && delivery !== null ? [{ messageId: id, delivery }] : [],
    );
    return { ticket: ticketView(ticket), entries, next, settled };
  },
});
