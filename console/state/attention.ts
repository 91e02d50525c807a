import { computed, signal } from '@preact/signals';
import type { TicketView } from '#shared/ticket.ts';
import { counts } from './counts.ts';
import { me } from './me.ts';

/** What is known of a ticket to tell whether news of it call for somebody. */
interface Known {
  lastAt: string;
  unread: boolean;
}

const known = signal<ReadonlyMap<string, Known>>(new Map());

/** The number in the window's title: my tickets with something unread, and those that nobody has taken. */
export const calling = computed(() => {
  let unread = 0;
  for (const ticket of known.value.values()) if (ticket.unread) unread += 1;
  return unread + (counts.value?.waiting ?? 0);
});

/** Learns tickets without ringing (a fetched list). */
export function learn(tickets: readonly TicketView[]): void {
  const next = new Map(known.value);
  for (const ticket of tickets) next.set(ticket.id, knownOf(ticket, me.value?.agent.id ?? ''));
  known.value = next;
}

/** Learns a change; true when a customer wrote something new in a ticket of mine or of nobody. */
export function notice(ticket: TicketView): boolean {
  const myId = me.value?.agent.id ?? '';
  const before = known.value.get(ticket.id);
  known.value = new Map(known.value).set(ticket.id, knownOf(ticket, myId));
  return callsFor(before?.lastAt ?? null, ticket, myId);
}

/** Forgets a ticket that is no longer seen. */
export function forget(ticketId: string): void {
  const next = new Map(known.value);
  if (next.delete(ticketId)) known.value = next;
}

/** Forgets every ticket. */
export function forgetAll(): void {
  known.value = new Map();
}

/** Whether this version of a ticket brings a customer's word that `lastAt` did not have, and it is mine or nobody's. */
export function callsFor(lastAt: string | null, ticket: TicketView, myId: string): boolean {
  if (ticket.closedAt !== null || ticket.lastMessage?.by !== 'customer') return false;
  if (ticket.agentId !== null && ticket.agentId !== myId) return false;
  return lastAt === null ? ticket.unread > 0 : ticket.lastMessage.at > lastAt;
}

function knownOf(ticket: TicketView, myId: string): Known {
  const mine = ticket.agentId === myId && ticket.closedAt === null;
  return { lastAt: ticket.lastMessage?.at ?? '', unread: mine && ticket.unread > 0 };
}
