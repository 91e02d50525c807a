import type { Me } from '#shared/api.ts';
import type { Forwarding } from '#shared/forwarding.ts';
import type { Entry } from '#shared/history.ts';
import type { MessageView } from '#shared/message.ts';
import type { Role } from '#shared/people.ts';
import type { TicketView } from '#shared/ticket.ts';
import type { Waiting } from '../../console/state/outbox-order.ts';

/** An open ticket that nobody has taken, with overrides. */
export function aTicket(overrides: Partial<TicketView> = {}): TicketView {
  return {
    id: 't1',
    protocol: '2026-000001',
    seq: 1,
    status: 'waiting',
    channelId: 'c1',
    channel: 'whatsapp',
    address: '5551999990000',
    reach: '+5551999990000',
    contact: { id: 'k1', name: 'Ana Paula Souza' },
    description: '',
    departmentId: 'support',
    agentId: null,
    unread: 1,
    openForwardings: 0,
    forwardedTo: [],
    simulated: false,
    origin: 'customer',
    openedAt: '2026-11-22T12:00:00.000Z',
    openedBy: { kind: 'customer', id: 'k1', name: 'Ana Paula Souza' },
    closedAt: null,
    closedBy: null,
    closingNote: null,
    previousId: null,
    waitingSince: '2026-11-22T12:00:00.000Z',
    lastAt: '2026-11-22T12:00:00.000Z',
    lastMessage: { at: '2026-11-22T12:00:00.000Z', preview: 'oi', by: 'customer' },
    ...overrides,
  };
}

/** A customer's message, or with `direction: 'out'` one of agent a1. */
export function aMessage(overrides: Partial<MessageView> = {}): MessageView {
  const out = overrides.direction === 'out';
  return {
    id: 'm1',
    ticketId: 't1',
    seq: 1,
    at: '2026-11-22T12:00:00.000Z',
    author: out ? { kind: 'agent', id: 'a1', name: 'Lia' } : { kind: 'customer', id: 'k1', name: 'Ana' },
    direction: 'in',
    text: 'oi',
    attachments: [],
    place: null,
    cards: [],
    mail: null,
    album: null,
    missing: null,
    replyTo: null,
    reactions: [],
    editedAt: null,
    removedAt: null,
    clientId: null,
    delivery: null,
    ...overrides,
  };
}

/** The history line of a message. */
export function said(seq: number, overrides: Partial<MessageView> = {}): Entry {
  const message = aMessage({ id: `m${seq}`, seq, ...overrides });
  return { ...frame(seq, message.at), actor: message.author, act: 'message.added', message };
}

/** A history line without a record. */
export function happened(seq: number, act: 'ticket.opened' | 'ticket.taken' | 'ticket.closed', at?: string): Entry {
  return { ...frame(seq, at), act };
}

/** The history line of a question to another department, or of its answer. */
export function asked(seq: number, forwarding: Forwarding): Entry {
  return { ...frame(seq), act: forwarding.answer ? 'forwarding.answered' : 'forwarding.added', forwarding };
}

/** An unanswered question of Suporte to Financeiro. */
export function aForwarding(overrides: Partial<Forwarding> = {}): Forwarding {
  return {
    id: 'f1',
    ticketId: 't1',
    parentId: null,
    fromDepartmentId: 'support',
    toDepartmentId: 'finance',
    question: 'Pagou?',
    forwardedAt: '2026-11-22T12:00:00.000Z',
    by: { kind: 'agent', id: 'a1', name: 'Lia' },
    dueAt: null,
    answer: null,
    ...overrides,
  };
}

/** The signed-in agent a1 with a role and departments. */
export function aMe(role: Role = 'agent', departmentIds: string[] = ['support']): Pick<Me, 'agent'> {
  return {
    agent: { id: 'a1', name: 'Lia', email: 'lia@x.com', role, departmentIds, active: true, invited: false },
  };
}

/** A reply that waits in the outbox. */
export function aWaiting(overrides: Partial<Waiting> = {}): Waiting {
  return {
    clientId: 'w1',
    ticketId: 't1',
    agentId: 'a1',
    kind: 'reply',
    text: 'já vejo',
    at: '2026-11-22T12:00:00.000Z',
    participate: false,
    refusal: null,
    ...overrides,
  };
}

function frame(seq: number, at = '2026-11-22T12:00:00.000Z') {
  const actor = { kind: 'agent' as const, id: 'a1', name: 'Lia' };
  return { ticketId: 't1', seq, at, actor, before: null, after: null, reason: null };
}
