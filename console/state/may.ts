import type { Me } from '#shared/api.ts';
import type { Forwarding } from '#shared/forwarding.ts';
import type { TicketView } from '#shared/ticket.ts';

/** What somebody may do to a ticket. */
export type TicketAct = 'take' | 'reply' | 'forward' | 'transfer' | 'close';

type Scoped = Pick<TicketView, 'departmentId' | 'agentId' | 'forwardedTo'>;

/**
 * Whether the signed-in agent may do it, by role and department. The server decides by the same rules; here they only
 * keep acts off the screen that would be refused. What the ticket's state forbids is not asked here.
 */
export function may({ agent }: Pick<Me, 'agent'>, act: TicketAct, ticket: Scoped): boolean {
  const attends = (departmentId: string) => attendsIn({ agent }, departmentId);
  const assigned = ticket.agentId === agent.id;
  const leads = agent.role !== 'agent' && attends(ticket.departmentId);
  switch (act) {
    case 'take':
      return attends(ticket.departmentId);
    case 'reply':
      return assigned || attends(ticket.departmentId);
    case 'forward':
      return assigned || leads || ticket.forwardedTo.some(attends);
    case 'transfer':
    case 'close':
      return assigned || leads;
  }
}

/** Whether this agent attends or supervises in a department. */
export function attendsIn({ agent }: Pick<Me, 'agent'>, departmentId: string): boolean {
  const companyWide = agent.role === 'admin' || (agent.role === 'supervisor' && agent.departmentIds.length === 0);
  return companyWide || agent.departmentIds.includes(departmentId);
}

/** How this agent may end a forwarding: as its destination, as the one who asked (only to take it back), or not at all. R21. */
export function mayAnswer(by: Pick<Me, 'agent'>, forwarding: Forwarding): 'destination' | 'requester' | null {
  if (forwarding.answer !== null) return null;
  if (attendsIn(by, forwarding.toDepartmentId)) return 'destination';
  return forwarding.by.id === by.agent.id ? 'requester' : null;
}
