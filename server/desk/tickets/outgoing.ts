import { type Content, type Direction, previewOf } from '#shared/message.ts';
import type { Ticket } from '#shared/ticket.ts';
import type { KeptMessage } from '../desk.ts';
import type { Work } from '../work.ts';

/** Something of ours for a ticket's customer, not yet numbered, queued for its channel; without a channel it is only written down. */
export function ourMessage({ desk, by, at, clientId }: Work, ticket: Ticket, content: Content): KeptMessage {
  const direction: Direction = ticket.channelId === null ? 'record' : 'out';
  return {
    id: desk.newId(),
    ticketId: ticket.id,
    seq: 0,
    at,
    author: by.actor,
    direction,
    content,
    channelId: ticket.channelId,
    conversationKey: ticket.conversationKey,
    address: ticket.address,
    providerKey: null,
    externalId: null,
    clientId,
    delivery: direction === 'out' ? { state: 'queued', at, attempts: 0, failure: null } : null,
    replyTo: null,
    reactions: [],
    editedAt: null,
    removedAt: null,
  };
}

/** The ticket after we have spoken: nothing unread, the customer no longer waits. */
export function spoken(ticket: Ticket, content: Content, at: string): Ticket {
  const lastMessage = { at, preview: previewOf(content), by: 'agent' as const };
  return { ...ticket, unread: 0, waitingSince: null, lastAt: at, lastMessage };
}

/** Wakes the sender once the act has committed. */
export function wake(work: Work, ticket: Ticket): void {
  if (ticket.channelId !== null) work.news.push({ event: 'outbox.wake', payload: { channelId: ticket.channelId } });
}
