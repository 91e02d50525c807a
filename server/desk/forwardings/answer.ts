import * as z from 'zod/mini';
import type { Conclusion } from '#shared/catalog.ts';
import type { Forwarding } from '#shared/forwarding.ts';
import { limits } from '#shared/limits.ts';
import { DeskError, Overtaken } from '../../errors.ts';
import { allow, belongs } from '../access.ts';
import type { Caller } from '../desk.ts';
import * as input from '../input.ts';
import { act } from '../verb.ts';
import * as views from '../views.ts';

/**
 * Answers a forwarding: conclusion, technician, text and date, all or nothing; once. R21.
 * Refuses: forwarding.not-found, forwarding.answered (by whom), forwarding.has-open-child, conclusion.not-found,
 * conclusion.inactive, forbidden (the requester may answer only with a conclusion made for requesters).
 */
export const answer = act({
  name: 'forwarding.answer',
  action: 'forwarding.answer',
  input: z.strictObject({
    ticketId: input.id,
    forwardingId: input.id,
    conclusionId: input.id,
    text: input.text(limits.forwardingCharacters),
  }),
  output: views.forwarding,
  async run({ records, record, at }, by, { ticketId, forwardingId, conclusionId, text }) {
    const all = await records.forwardings.ofTicket(ticketId);
    const forwarding = all.find((other) => other.id === forwardingId);
    // Asked before sight: the answer of a colleague ends the department's sight, and the slower one shall learn who it was.
    const own = forwarding !== undefined && belongs(by, forwarding.toDepartmentId);
    if (own && forwarding.answer !== null) throw new DeskError('forwarding.answered', whoAnswered(forwarding));
    const before = allow(by, 'forwarding.answer', await records.tickets.byId(ticketId));
    if (forwarding === undefined) throw new DeskError('forwarding.not-found');
    if (forwarding.answer !== null) throw new DeskError('forwarding.answered', whoAnswered(forwarding));
    const conclusion = await records.catalog.conclusion(conclusionId);
    if (conclusion === null) throw new DeskError('conclusion.not-found');
    if (!conclusion.active) throw new DeskError('conclusion.inactive', { name: conclusion.name });
    if (!mayAnswer(by, forwarding, conclusion)) throw new DeskError('forbidden');
    if (all.some((other) => other.parentId === forwardingId && other.answer === null)) {
      throw new DeskError('forwarding.has-open-child');
    }
    const technicianId = by.actor.id ?? '';
    const given = { at, technicianId, conclusionId, text, recordedBy: by.actor, recordedAt: at };
    if (!(await records.forwardings.answer(forwardingId, given))) throw new Overtaken();
    const open = all.filter((other) => other.answer === null && other.id !== forwardingId);
    const after = {
      ...before,
      openForwardings: open.length,
      forwardedTo: [...new Set(open.map((other) => other.toDepartmentId))],
    };
    const answered = { ...forwarding, answer: given };
    await record(before, after, { act: 'forwarding.answered', forwarding: answered });
    return answered;
  },
});

const whoAnswered = ({ answer: given }: Forwarding) => ({ name: given?.recordedBy.name ?? '', at: given?.recordedAt });

/** The destination answers; who asked may only take the question back. */
function mayAnswer(by: Caller, forwarding: Forwarding, conclusion: Conclusion): boolean {
  if (belongs(by, forwarding.toDepartmentId)) return true;
  return forwarding.by.id === by.actor.id && conclusion.forRequester;
}
