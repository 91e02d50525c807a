import * as z from 'zod/mini';
import { ticketView } from '#shared/ticket.ts';
import { DeskError } from '../../errors.ts';
import { allow } from '../access.ts';
import * as input from '../input.ts';
import { act } from '../verb.ts';
import * as views from '../views.ts';
import { agentName } from './target.ts';

/**
 * Takes an unassigned ticket (Assumir). Of two takers exactly one wins; taking one's own again changes nothing.
 * Refuses: ticket.closed, ticket.taken (names the winner).
 */
export const take = act({
  name: 'ticket.take',
  action: 'ticket.take',
  input: z.strictObject({ ticketId: input.id }),
  output: views.ticket,
  async run({ records, record }, by, { ticketId }) {
    const before = allow(by, 'ticket.take', await records.tickets.byId(ticketId));
    if (before.closedAt !== null) throw new DeskError('ticket.closed');
    if (before.agentId === by.actor.id) return ticketView(before);
    if (before.agentId !== null) {
      throw new DeskError('ticket.taken', { name: await agentName(records, before.agentId), agentId: before.agentId });
    }
    const after = { ...before, agentId: by.actor.id, status: 'in-progress' as const, unread: 0 };
    return ticketView(await record(before, after, { act: 'ticket.taken' }));
  },
});
