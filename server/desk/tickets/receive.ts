import type { ChannelEvent } from '#channels/channel.ts';
import { limits } from '#shared/limits.ts';
import { previewOf } from '#shared/message.ts';
import type { Actor, Contact } from '#shared/people.ts';
import type { Ticket } from '#shared/ticket.ts';
import type { Caller, Desk, KeptChannel, KeptMessage, KeptTicket } from '../desk.ts';
import { transactWork } from '../perform.ts';
import type { Change, Work } from '../work.ts';
import { freshTicket } from './open.ts';
import { nextProtocol } from './protocol.ts';

export type Arrival = Extract<ChannelEvent, { type: 'message' }>;

/** What the desk knows when a customer's message arrives. */
export interface Arrived {
  channel: KeptChannel;
  contact: Contact;
  /** The conversation's open ticket. */
  open: KeptTicket | null;
  /** The conversation's newest ticket, when none is open. */
  previousId: string | null;
}

/** Thrown inside the transaction when a ticket must be opened and no protocol has been taken yet. */
class WantsProtocol extends Error {}

/**
 * Takes a customer's message in: opens or continues the conversation's ticket, stores the message and the history in
 * one transaction. Never refused by rules. `known`: this key is stored already. Resolves only when it is durable.
 */
export async function receive(desk: Desk, channel: KeptChannel, arrival: Arrival): Promise<'stored' | 'known'> {
  let protocol: string | null = null;
  for (;;) {
    try {
      return await transactWork(desk, customerOf(arrival), null, (work) => takeIn(work, channel, arrival, protocol));
    } catch (error) {
      if (!(error instanceof WantsProtocol)) throw error;
      protocol = await nextProtocol(desk);
    }
  }
}

const customerOf = (arrival: Arrival): Caller => ({
  actor: { kind: 'customer', id: null, name: arrival.from.name },
  role: null,
  departmentIds: [],
});

async function takeIn(work: Work, channel: KeptChannel, arrival: Arrival, protocol: string | null) {
  const { records } = work;
  if ((await records.messages.byKey(channel.id, arrival.key)) !== null) return 'known' as const;
  const contact = await contactOf(work, arrival);
  const open = await records.tickets.openIn(channel.id, arrival.conversation);
  const last = open === null ? await records.tickets.lastIn(channel.id, arrival.conversation) : null;
  if (open === null && protocol === null) throw new WantsProtocol();
  const author: Actor = { kind: 'customer', id: contact.id, name: contact.name };
  work.by = { ...work.by, actor: author };
  const fresh = { id: work.desk.newId(), protocol: protocol ?? '' };
  const { ticket, changes } = decide({ channel, contact, open, previousId: last?.id ?? null }, arrival, {
    author,
    at: work.at,
    messageId: work.desk.newId(),
    fresh,
  });
  await work.record(open, ticket, ...changes);
  return 'stored' as const;
}

async function contactOf({ records, desk }: Work, { from }: Arrival): Promise<Contact> {
  const known = await records.contacts.byIdentities(from.identities);
  if (known !== null) return known;
  const contact = { id: desk.newId(), name: from.name };
  await records.contacts.add(contact, from.identities);
  return contact;
}

interface Means {
  author: Actor;
  at: string;
  messageId: string;
  /** For a ticket that has to be opened. */
  fresh: { id: string; protocol: string };
}

/** Pure: the ticket as it is after the message, and what happened. */
export function decide(state: Arrived, arrival: Arrival, means: Means): { ticket: Ticket; changes: Change[] } {
  const { author, at, messageId } = means;
  const text = cleaned(arrival.content.text);
  const before = state.open ?? opened(state, arrival, means);
  const ticket: Ticket = {
    ...before,
    address: arrival.from.address,
    unread: before.unread + 1,
    waitingSince: before.waitingSince ?? at,
    lastAt: at,
    lastMessage: { at, preview: previewOf(text), by: 'customer' },
  };
  const message: Omit<KeptMessage, 'seq'> = {
    id: messageId,
    ticketId: ticket.id,
    at,
    author,
    direction: 'in',
    content: { text },
    channelId: state.channel.id,
    conversationKey: arrival.conversation,
    address: arrival.from.address,
    providerKey: arrival.key,
    externalId: null,
    clientId: null,
    delivery: null,
  };
  const opening: Change[] = state.open === null ? [{ act: 'ticket.opened' }] : [];
  return { ticket, changes: [...opening, { act: 'message.added', message }] };
}

function opened({ channel, contact, previousId }: Arrived, arrival: Arrival, means: Means): Ticket {
  return {
    ...freshTicket(means.fresh.id, means.fresh.protocol, means.at),
    channelId: channel.id,
    channel: channel.kind,
    conversationKey: arrival.conversation,
    contact,
    departmentId: channel.departmentId,
    simulated: channel.simulated,
    openedBy: means.author,
    previousId,
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: real networks bring them; they are cut, not refused
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/gu;

/** What real networks bring, made storable: well-formed, composed, without control characters, bounded. */
function cleaned(text: string): string {
  return text.toWellFormed().replace(controls, '').normalize('NFC').slice(0, limits.inboundCharacters);
}
