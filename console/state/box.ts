import type { TicketBox } from '#shared/api.ts';
import { type ChannelKind, channelKinds } from '#shared/channel.ts';
import type { TicketView } from '#shared/ticket.ts';

/** Which tickets a list shows, and in which order. It is the address' query: whoever gets the link sees the same list. */
export interface Filter {
  status: TicketBox;
  departmentId?: string;
  agentId?: string;
  channel?: ChannelKind;
  q?: string;
  order: 'newest' | 'oldest';
}

/** What the list column shows: tickets, or the questions that my departments owe an answer to. */
export type Box = { list: 'tickets'; filter: Filter } | { list: 'forwardings' };

const statuses: readonly TicketBox[] = ['mine', 'waiting', 'open', 'closed'];

/** Who waits longest comes first where nobody answers yet; elsewhere the newest word does. */
function usualOrder(status: TicketBox): Filter['order'] {
  return status === 'waiting' ? 'oldest' : 'newest';
}

/** Reads an address' query; what makes no sense is left out. Without anything it is my own tickets. */
export function boxOf(query: Record<string, string>): Box {
  if (query.box === 'forwardings') return { list: 'forwardings' };
  const status = statuses.find((known) => known === query.status) ?? 'mine';
  const filter: Filter = { status, order: usualOrder(status) };
  if (query.order === 'newest' || query.order === 'oldest') filter.order = query.order;
  if (query.departmentId) filter.departmentId = query.departmentId;
  if (query.agentId) filter.agentId = query.agentId;
  const channel = channelKinds.find((kind) => kind === query.channel);
  if (channel) filter.channel = channel;
  if (query.q?.trim()) filter.q = query.q.trim();
  return { list: 'tickets', filter };
}

/** The query of a box, `''` for my own tickets: the shortest that `boxOf` reads back. */
export function searchOf(box: Box): string {
  if (box.list === 'forwardings') return '?box=forwardings';
  const { status, order, departmentId, agentId, channel, q } = box.filter;
  const search = new URLSearchParams();
  if (status !== 'mine') search.set('status', status);
  if (order !== usualOrder(status)) search.set('order', order);
  for (const [name, value] of Object.entries({ departmentId, agentId, channel, q })) if (value) search.set(name, value);
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** The address of a box, with a ticket open beside it or none. */
export function hrefOf(box: Box, ticketId: string | null = null): string {
  return `/${ticketId === null ? '' : `atendimentos/${ticketId}`}${searchOf(box)}`;
}

/** Whether an address shows a box: `/`, or a ticket beside it. */
export function showsBox(path: string): boolean {
  return path === '/' || path.startsWith('/atendimentos/');
}

/** Whether a ticket that this agent sees is in the list. Mirrors GET /tickets. */
export function belongs(ticket: TicketView, filter: Filter, myId: string): boolean {
  const open = ticket.closedAt === null;
  if (open !== (filter.status !== 'closed')) return false;
  if (filter.status === 'mine' && ticket.agentId !== myId) return false;
  if (filter.status === 'waiting' && ticket.agentId !== null) return false;
  if (filter.departmentId !== undefined && ticket.departmentId !== filter.departmentId) return false;
  if (filter.agentId !== undefined && ticket.agentId !== filter.agentId) return false;
  if (filter.channel !== undefined && ticket.channel !== filter.channel) return false;
  return filter.q === undefined || matches(ticket, filter.q);
}

/** Each word of `q` begins a word of the contact's name or the protocol, without case and accents. */
function matches(ticket: TicketView, q: string): boolean {
  const { protocol, contact } = ticket;
  const known = words(`${contact.name} ${protocol} ${protocol.split('-')[1] ?? ''}`);
  return words(q).every((wanted) => known.some((word) => word.startsWith(wanted)));
}

function words(text: string): string[] {
  const folded = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return folded.match(/[\p{L}\p{N}@._-]+/gu) ?? [];
}
