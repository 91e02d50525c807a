import * as z from 'zod/mini';
import { limits } from '#shared/limits.ts';
import { messageView } from '#shared/message.ts';
import { ticketView } from '#shared/ticket.ts';
import { allow } from '../access.ts';
import * as input from '../input.ts';
import { look } from '../verb.ts';
import * as views from '../views.ts';
import { entriesAfter } from './entries.ts';

/**
 * What a console missed of a ticket since `afterSeq`, and how the messages named in `messageIds` are now. The edge
 * that calls it lets the socket into the ticket's room. Changes nothing.
 */
export const watch = look({
  name: 'ticket.watch',
  action: 'ticket.see',
  input: z.strictObject({
    ticketId: input.id,
    afterSeq: z.int().check(z.gte(0, 'range')),
    messageIds: z.array(input.id).check(z.maxLength(limits.rereadMost, 'too-long')),
  }),
  output: z.object({
    ticket: views.ticket,
    entries: z.array(views.entry),
    next: z.nullable(z.number()),
    messages: z.array(views.message),
  }),
  async run(desk, by, { ticketId, afterSeq, messageIds }) {
    const ticket = allow(by, 'ticket.see', await desk.store.tickets.byId(ticketId));
    const { entries, next } = await entriesAfter(desk, ticketId, afterSeq, limits.eventsMost);
    const found = await desk.store.messages.byIds(messageIds);
    const messages = found.filter((message) => message.ticketId === ticketId).map(messageView);
    return { ticket: ticketView(ticket), entries, next, messages };
  },
});
