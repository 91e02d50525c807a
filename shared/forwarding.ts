import type { Actor } from './people.ts';

/** The answer that ends a forwarding (R21): complete or absent. */
export interface ForwardingAnswer {
  at: string;
  technicianId: string;
  conclusionId: string;
  text: string;
  recordedBy: Actor;
  recordedAt: string;
}

/** A question put to another department; the ticket stays where it is and cannot be closed until it is answered (R9). */
export interface Forwarding {
  id: string;
  ticketId: string;
  /** The forwarding that this one asks on behalf of. A parent is answered after its children. */
  parentId: string | null;
  fromDepartmentId: string;
  toDepartmentId: string;
  question: string;
  forwardedAt: string;
  by: Actor;
  dueAt: string | null;
  answer: ForwardingAnswer | null;
}

/** A forwarding with what its box needs of the ticket. */
export interface ForwardingView extends Forwarding {
  ticket: { id: string; protocol: string; contactName: string };
}

/** How deep questions may be nested. */
export const deepestForwarding = 5;

/** Overdue is derived, never stored: no answer and the due time has passed. */
export function overdue(forwarding: Forwarding, now: string): boolean {
  return forwarding.answer === null && forwarding.dueAt !== null && forwarding.dueAt < now;
}
