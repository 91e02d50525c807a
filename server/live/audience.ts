import type { Ticket } from '#shared/ticket.ts';
import { seesCompany } from '../desk/access.ts';
import type { Caller } from '../desk/desk.ts';

/** The rooms of those who see a ticket; the same rule as `scope`, told to sockets. */
export function roomsOf(companyId: string, ticket: Pick<Ticket, 'departmentId' | 'agentId' | 'forwardedTo'>): string[] {
  const departments = [ticket.departmentId, ...ticket.forwardedTo].map((id) => `department:${id}`);
  const agent = ticket.agentId === null ? [] : [`agent:${ticket.agentId}`];
  return [`everything:${companyId}`, ...new Set(departments), ...agent];
}

/** The rooms that an agent's sockets stand in. Clients never name a room. */
export function ownRooms(companyId: string, by: Caller): string[] {
  const own = [`company:${companyId}`, `agent:${by.actor.id}`];
  if (seesCompany(by)) return [...own, `everything:${companyId}`];
  return [...own, ...by.departmentIds.map((id) => `department:${id}`)];
}

/** Who hears of a change: `now` sees the ticket, `gone` saw it before and does not any more. */
export interface Audience {
  now: string[];
  /** Rooms that lost sight; whoever also stands in one of `now` has lost nothing. */
  gone: string[];
}

/** Pure: a change as rooms. */
export function audienceOf(companyId: string, before: Ticket | null, after: Ticket): Audience {
  const now = roomsOf(companyId, after);
  const was = before === null ? [] : roomsOf(companyId, before);
  return { now, gone: was.filter((room) => !now.includes(room)) };
}

/** The room of those who have this ticket open. */
export const ticketRoom = (ticketId: string): string => `ticket:${ticketId}`;
