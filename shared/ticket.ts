import type { ChannelKind } from './channel.ts';
import type { Code } from './errors.ts';
import type { Actor, Contact } from './people.ts';

export const ticketStatuses = ['waiting', 'in-progress', 'closed'] as const;
export type TicketStatus = (typeof ticketStatuses)[number];

/** The last thing said in a ticket, for its row in the list. */
export interface LastMessage {
  at: string;
  preview: string;
  by: 'customer' | 'agent' | 'system';
}

/** An atendimento. Open means `closedAt === null`, nothing else; it and `status === 'closed'` change together. */
export interface Ticket {
  id: string;
  /** `AAAA-NNNNNN`, unique in the company, told to the customer. */
  protocol: string;
  /** Grows by one with each history event. */
  seq: number;
  status: TicketStatus;
  /** The technical channel; null when opened by hand. */
  channelId: string | null;
  channel: ChannelKind | null;
  /** What one open ticket of a channel hangs on: chat, visitor, mail thread. */
  conversationKey: string | null;
  /** Where replies go; opaque outside the channel. */
  address: string | null;
  /** How people know where that is: a phone number, an e-mail address. Null: the network has only numbers of its own. */
  reach: string | null;
  contact: Contact;
  description: string;
  departmentId: string;
  agentId: string | null;
  /** Customer messages since the last reply or since the assignee read. */
  unread: number;
  openForwardings: number;
  /** Departments that owe an answer. */
  forwardedTo: string[];
  simulated: boolean;
  origin: 'customer' | 'company';
  openedAt: string;
  openedBy: Actor;
  closedAt: string | null;
  closedBy: Actor | null;
  closingNote: string | null;
  /** The ticket before this one in the same conversation. */
  previousId: string | null;
  /** Since when the customer waits for an answer; null when the last word was ours. */
  waitingSince: string | null;
  /** Time of the last message or, before any, of the opening: the list's order. */
  lastAt: string;
  lastMessage: LastMessage | null;
}

/** A ticket as REST and sockets carry it. */
export type TicketView = Omit<Ticket, 'conversationKey'>;

/** Cuts a ticket down to what leaves the server. */
export function ticketView(ticket: Ticket): TicketView {
  const { conversationKey: _kept, ...view } = ticket;
  return view;
}

/** Why a ticket cannot be closed now; the console lists the same reasons that the server refuses with. */
export interface Blocker {
  code: Code;
  about: Record<string, unknown>;
}

/** Reasons that forbid closing, the gravest first. R9, R10. */
export function closeBlockers(ticket: Pick<Ticket, 'closedAt' | 'openForwardings' | 'forwardedTo'>): Blocker[] {
  if (ticket.closedAt !== null) return [{ code: 'ticket.closed', about: {} }];
  if (ticket.openForwardings === 0) return [];
  return [
    {
      code: 'ticket.has-open-forwardings',
      about: { open: ticket.openForwardings, departmentIds: ticket.forwardedTo },
    },
  ];
}
