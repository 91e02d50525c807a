import * as z from 'zod/mini';
import { deepestForwarding, type Forwarding } from '#shared/forwarding.ts';
import { limits } from '#shared/limits.ts';
import { DeskError } from '../../errors.ts';
import { allow, belongs } from '../access.ts';
import type { Caller, KeptTicket, Records } from '../desk.ts';
import * as input from '../input.ts';
import { targetDepartment } from '../tickets/target.ts';
import { act } from '../verb.ts';
import * as views from '../views.ts';

/**
 * Puts a question to another department; the ticket keeps its owner and cannot be closed until it is answered. F38, R22.
 * A department that owes an answer asks onward with `parentId`. Refuses: ticket.closed, department.*, department.same,
 * forwarding.not-found, forwarding.answered, forwarding.too-deep.
 */
export const forward = act({
  name: 'forwarding.add',
  action: 'ticket.forward',
  input: z.strictObject({
    ticketId: input.id,
    toDepartmentId: input.id,
    question: input.text(limits.forwardingCharacters),
    dueAt: z.exactOptional(input.instant),
    parentId: z.exactOptional(input.id),
  }),
  output: views.forwarding,
  async run({ desk, records, record, at }, by, { ticketId, toDepartmentId, question, dueAt, parentId }) {
    const before = allow(by, 'ticket.forward', await records.tickets.byId(ticketId));
    if (before.closedAt !== null) throw new DeskError('ticket.closed');
    const parent = await parentOf(records, by, before, parentId);
    const from = parent?.toDepartmentId ?? before.departmentId;
    await targetDepartment(records, toDepartmentId);
    if (toDepartmentId === from) throw new DeskError('department.same');
    if (dueAt !== undefined && dueAt <= at) throw new DeskError('input.invalid', {}, { dueAt: 'range' });
    const forwarding: Forwarding = {
      id: desk.newId(),
      ticketId,
      parentId: parent?.id ?? null,
      fromDepartmentId: from,
      toDepartmentId,
      question,
      forwardedAt: at,
      by: by.actor,
      dueAt: dueAt ?? null,
      answer: null,
    };
    const after = {
      ...before,
      openForwardings: before.openForwardings + 1,
      forwardedTo: [...new Set([...before.forwardedTo, toDepartmentId])],
    };
    await record(before, after, { act: 'forwarding.added', forwarding });
    return forwarding;
  },
});

/** The unanswered forwarding that the caller's department asks on behalf of. One who only owes an answer must name it. */
async function parentOf(
  records: Records,
  by: Caller,
  ticket: KeptTicket,
  parentId: string | undefined,
): Promise<Forwarding | null> {
  if (parentId === undefined) {
    if (ticket.agentId !== by.actor.id && !belongs(by, ticket.departmentId)) throw new DeskError('forbidden');
    return null;
  }
  const all = await records.forwardings.ofTicket(ticket.id);
  const parent = all.find((forwarding) => forwarding.id === parentId);
  if (parent === undefined) throw new DeskError('forwarding.not-found');
  if (!belongs(by, parent.toDepartmentId)) throw new DeskError('forbidden');
  if (parent.answer !== null) throw new DeskError('forwarding.answered', { name: parent.answer.recordedBy.name });
  if (depthOf(parent, all) >= deepestForwarding) throw new DeskError('forwarding.too-deep');
  return parent;
}

function depthOf(forwarding: Forwarding, all: Forwarding[]): number {
  const parent = all.find((other) => other.id === forwarding.parentId);
  return parent === undefined ? 1 : 1 + depthOf(parent, all);
}
