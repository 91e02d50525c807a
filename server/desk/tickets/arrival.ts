import type { MessageEvent } from '#channels/channel.ts';
import { previewOf, type Quote } from '#shared/message.ts';
import type { Actor, Contact } from '#shared/people.ts';
import type { Ticket } from '#shared/ticket.ts';
import type { KeptChannel, KeptMessage, KeptTicket } from '../desk.ts';
import { cleanedContent } from '../messages/content.ts';
import type { Change } from '../work.ts';
import { freshTicket } from './open.ts';
import { spoken } from './outgoing.ts';

/** A customer's message, as a channel brings it. `raw`: as the network had it. */
export type Arrival = MessageEvent & { raw?: Uint8Array };

/** What the desk knows when a customer's message arrives. */
export interface Arrived {
  channel: KeptChannel;
  contact: Contact;
  /** The conversation's open ticket. */
  open: KeptTicket | null;
  /** The conversation's newest ticket, when none is open. */
  previousId: string | null;
  /** For a ticket that has to be opened. */
  protocol: string;
  /** What the message answers to. */
  quote: Quote | null;
}

/** Times, ids and names that are drawn for one arrival. */
export interface Means {
  at: string;
  messageId: string;
  ticketId: string;
  /** Who is said to have written on the company's own phone. */
  device: Actor;
}

/** Pure: the ticket as it is after the message, and what happened. */
export function decide(state: Arrived, arrival: Arrival, means: Means): { ticket: Ticket; changes: Change[] } {
  const { at, messageId } = means;
  const author: Actor = { kind: 'customer', id: state.contact.id, name: state.contact.name };
  const before = state.open ?? opened(state, arrival, author, means);
  const content = cleanedContent(arrival.content);
  const ours = arrival.fromDevice === true;
  const reached = { ...before, ...whereAfter(before, state.contact, arrival) };
  const ticket: Ticket = ours
    ? spoken(reached, content, at)
    : {
        ...reached,
        unread: before.unread + 1,
        waitingSince: before.waitingSince ?? at,
        lastAt: at,
        lastMessage: { at, preview: previewOf(content), by: 'customer' },
      };
  const message: KeptMessage = {
    id: messageId,
    ticketId: ticket.id,
    seq: 0,
    at,
    author: ours ? means.device : author,
    direction: ours ? 'out' : 'in',
    content,
    channelId: state.channel.id,
    conversationKey: ticket.conversationKey,
    address: arrival.from.address,
    providerKey: arrival.key,
    externalId: arrival.externalId,
    clientId: null,
    delivery: ours ? { state: 'sent', at, attempts: 0, failure: null } : null,
    replyTo: state.quote,
    reactions: [],
    editedAt: null,
    removedAt: null,
    ...(content.missing !== undefined && arrival.raw !== undefined ? { raw: arrival.raw } : {}),
  };
  const opening: Change[] = state.open === null ? [{ act: 'ticket.opened' }] : [];
  return { ticket, changes: [...opening, { act: 'message.added', message }] };
}

/** A stranger who joins a mail thread never becomes the one who is answered. */
function whereAfter(before: Ticket, contact: Contact, { from }: Arrival): Pick<Ticket, 'address' | 'reach'> {
  const { address, reach } = before;
  if (address !== null && before.contact.id !== contact.id) return { address, reach };
  return { address: from.address, reach: reachOf(from) ?? reach };
}

/** What people would dial or write to; a network's own numbers say nothing to them. */
function reachOf({ identities }: Arrival['from']): string | null {
  const shown = identities.find(({ kind }) => kind === 'phone') ?? identities.find(({ kind }) => kind === 'email');
  return shown?.value ?? null;
}

function opened(
  { channel, contact, previousId, protocol }: Arrived,
  arrival: Arrival,
  author: Actor,
  { ticketId, at }: Means,
): Ticket {
  return {
    ...freshTicket(ticketId, protocol, at),
    channelId: channel.id,
    channel: channel.kind,
    conversationKey: arrival.conversation,
    contact,
    departmentId: channel.departmentId,
    simulated: channel.simulated,
    openedBy: author,
    previousId,
  };
}
