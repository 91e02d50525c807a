import * as z from 'zod/mini';
import { ticketView } from '#shared/ticket.ts';
import { allow } from '../access.ts';
import * as input from '../input.ts';
import { act } from '../verb.ts';
import * as views from '../views.ts';

/** The assignee has read: nothing is unread. From anybody else it changes nothing, so that peeking leaves no trace. */
export const markRead = act({
  name: 'ticket.mark-read',
  action: 'ticket.see',
  input: z.strictObject({ ticketId: input.id }),
  output: views.ticket,
  async run({ records, record }, by, { ticketId }) {
    const before = allow(by, 'ticket.see', await records.tickets.byId(ticketId));
    if (before.agentId !== by.actor.id || before.unread === 0) return ticketView(before);
    return ticketView(await record(before, { ...before, unread: 0 }));
  },
});
