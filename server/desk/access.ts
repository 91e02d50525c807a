import type { Ticket } from '#shared/ticket.ts';
import { DeskError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { Caller } from './desk.ts';

/** Everything that somebody may be allowed to do. A route or socket event without one does not compile. */
export type Action =
  | 'agent.list'
  | 'agent.manage'
  | 'channel.list'
  | 'channel.manage'
  | 'conclusion.list'
  | 'contact.manage'
  | 'department.list'
  | 'department.manage'
  | 'forwarding.answer'
  | 'forwarding.list'
  | 'media.see'
  | 'media.upload'
  | 'simulator.use'
  | 'ticket.close'
  | 'ticket.forward'
  | 'ticket.list'
  | 'ticket.note'
  | 'ticket.open'
  | 'ticket.reassign'
  | 'ticket.reply'
  | 'ticket.see'
  | 'ticket.take';

type Sight = Parameters<Store['tickets']['page']>[0];
type Scoped = Pick<Ticket, 'departmentId' | 'agentId' | 'forwardedTo'>;

/** Whether the caller's sight is not bound to departments: admins, and supervisors without departments. */
export function seesCompany(by: Caller): boolean {
  return by.role === 'admin' || (by.role === 'supervisor' && by.departmentIds.length === 0);
}

/** The ways in which the caller sees tickets; a list is their union. */
export function scope(by: Caller): Sight[] {
  if (by.role === null || by.actor.id === null) return [];
  if (seesCompany(by)) return [{ all: true }];
  const own: Sight = { agentId: by.actor.id };
  if (by.departmentIds.length === 0) return [own];
  return [{ departmentIds: by.departmentIds }, { forwardedTo: by.departmentIds }, own];
}

/** Whether the caller sees this ticket: own departments, departments that owe an answer, tickets of one's own. */
export function sees(by: Caller, ticket: Scoped): boolean {
  if (by.role === null) return false;
  if (seesCompany(by)) return true;
  const departments = [ticket.departmentId, ...ticket.forwardedTo];
  return ticket.agentId === by.actor.id || departments.some((id) => by.departmentIds.includes(id));
}

/** Whether the caller attends or supervises there. */
export function belongs(by: Caller, departmentId: string): boolean {
  return by.role !== null && (seesCompany(by) || by.departmentIds.includes(departmentId));
}

const anybody: readonly Action[] = [
  'agent.list',
  'channel.list',
  'conclusion.list',
  'department.list',
  'forwarding.list',
  'media.see',
  'media.upload',
  'simulator.use',
  'ticket.list',
];

const leads = (by: Caller, departmentId: string): boolean => by.role !== 'agent' && belongs(by, departmentId);

/** The one rule book: may the caller do this (to this ticket)? Sight is asked first, by `allow`. */
export function can(by: Caller, action: Action, ticket?: Scoped): boolean {
  if (by.role === null) return false;
  if (anybody.includes(action)) return true;
  if (action.endsWith('.manage')) return by.role === 'admin';
  if (ticket === undefined) return action === 'ticket.open';
  const assigned = ticket.agentId === by.actor.id;
  switch (action) {
    case 'ticket.see':
    case 'ticket.note':
    case 'forwarding.answer':
      return sees(by, ticket);
    case 'ticket.take':
    case 'ticket.open':
      return belongs(by, ticket.departmentId);
    case 'ticket.reply':
      return assigned || belongs(by, ticket.departmentId);
    case 'ticket.close':
    case 'ticket.reassign':
      return assigned || leads(by, ticket.departmentId);
    case 'ticket.forward':
      return assigned || leads(by, ticket.departmentId) || ticket.forwardedTo.some((id) => belongs(by, id));
    default:
      return false;
  }
}

/** The ticket, when the caller may do this to it. Out of sight is `ticket.not-found`, in sight without the right `forbidden`. */
export function allow<T extends Scoped>(by: Caller, action: Action, ticket: T | null): T {
  if (ticket === null || !sees(by, ticket)) throw new DeskError('ticket.not-found');
  if (!can(by, action, ticket)) throw new DeskError('forbidden');
  return ticket;
}
