import * as z from 'zod/mini';
import { limits } from '#shared/limits.ts';
import { ticketView } from '#shared/ticket.ts';
import { DeskError } from '../../errors.ts';
import { allow, belongs } from '../access.ts';
import type { Caller, KeptTicket } from '../desk.ts';
import * as input from '../input.ts';
import { act } from '../verb.ts';
import * as views from '../views.ts';
import { targetAgent, targetDepartment } from './target.ts';

/**
 * Moves a ticket to another department or agent (Transferir). A department alone: it waits there. R22.
 * Refuses: ticket.closed, department.*, agent.not-found, agent.inactive, agent.not-in-department, input.invalid.
 */
export const reassign = act({
  name: 'ticket.reassign',
  action: 'ticket.reassign',
  input: z.strictObject({
    ticketId: input.id,
    departmentId: z.exactOptional(input.id),
    agentId: z.exactOptional(input.id),
    reason: input.text(limits.reasonCharacters),
  }),
  output: views.ticket,
  async run({ records, record }, by, { ticketId, departmentId, agentId, reason }) {
    const before = allowed(by, await records.tickets.byId(ticketId), departmentId);
    if (before.closedAt !== null) throw new DeskError('ticket.closed');
    if (departmentId === undefined && agentId === undefined) {
      throw new DeskError('input.invalid', {}, { departmentId: 'required', agentId: 'required' });
    }
    const target = departmentId ?? before.departmentId;
    if (target !== before.departmentId) await targetDepartment(records, target);
    if (agentId !== undefined) await targetAgent(records, agentId, target);
    if (target === before.departmentId && (agentId ?? null) === before.agentId) throw new DeskError('department.same');
    const status = agentId === undefined ? ('waiting' as const) : ('in-progress' as const);
    const after = { ...before, departmentId: target, agentId: agentId ?? null, status };
    return ticketView(await record(before, after, { act: 'ticket.reassigned', reason }));
  },
});

/** The assignee, or a supervisor of either department: one who leads the destination may fetch a ticket that he sees. */
function allowed(by: Caller, ticket: KeptTicket | null, departmentId: string | undefined): KeptTicket {
  const seen = allow(by, 'ticket.see', ticket);
  const leadsTarget = by.role !== 'agent' && departmentId !== undefined && belongs(by, departmentId);
  return leadsTarget ? seen : allow(by, 'ticket.reassign', seen);
}
