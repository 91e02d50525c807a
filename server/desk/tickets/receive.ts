import type { ChannelEvent } from '#channels/channel.ts';
import { limits } from '#shared/limits.ts';
import { previewOf } from '#shared/message.ts';
import { type Actor, type Contact, identityKey } from '#shared/people.ts';
import type { Ticket } from '#shared/ticket.ts';
import { type Desk, type KeptChannel, type KeptMessage, type KeptTicket, system } from '../desk.ts';
import { transactWork } from '../perform.ts';
import { type Change, type Step, stepOf, type Work, write } from '../work.ts';
import { freshTicket } from './open.ts';
import { nextProtocols } from './protocol.ts';

/** A customer's message, as a channel brings it. */
export type Arrival = Extract<ChannelEvent, { type: 'message' }>;

/** What became of an arrival: `known`, its key is stored already. */
export type Taken = 'stored' | 'known';

/** Thrown inside the transaction when more tickets have to be opened than protocols have been taken. */
class WantsProtocols extends Error {
  readonly count: number;
  constructor(count: number) {
    super();
    this.count = count;
  }
}

/**
 * Takes messages of one channel in, in their order: opens or continues the conversations' tickets, stores messages and
 * history, all in one transaction, one question and one write a collection, however many they are. Never refused by
 * rules. Resolves only when all of it is durable; when it throws, nothing is.
 */
export async function receive(desk: Desk, channel: KeptChannel, arrivals: Arrival[]): Promise<Taken[]> {
  let protocols: string[] = [];
  for (;;) {
    try {
      return await transactWork(desk, system, null, (work) => takeIn(work, channel, arrivals, [...protocols]));
    } catch (error) {
      if (!(error instanceof WantsProtocols)) throw error;
      protocols = await nextProtocols(desk, error.count);
    }
  }
}

async function takeIn(work: Work, channel: KeptChannel, arrivals: Arrival[], protocols: string[]): Promise<Taken[]> {
  const { records, desk } = work;
  const known = await records.messages.knownKeys(
    channel.id,
    arrivals.map(({ key }) => key),
  );
  const seen = new Set(known);
  const taken = arrivals.map(({ key }): Taken => {
    if (seen.has(key)) return 'known';
    seen.add(key);
    return 'stored';
  });
  const fresh = arrivals.filter((_, index) => taken[index] === 'stored');
  if (fresh.length === 0) return taken;
  const contacts = await contactsOf(work, fresh);
  const conversations = [...new Set(fresh.map(({ conversation }) => conversation))];
  const found = await records.tickets.openIn(channel.id, conversations);
  const open = new Map(found.map((ticket) => [ticket.conversationKey, ticket]));
  const wanted = conversations.filter((conversation) => !open.has(conversation));
  if (wanted.length > protocols.length) throw new WantsProtocols(wanted.length);
  const steps: Step[] = [];
  for (const arrival of fresh) {
    const contact = contacts.get(arrival);
    if (contact === undefined) throw new Error('an arrival has no contact');
    const before = open.get(arrival.conversation) ?? null;
    const previousId = before === null ? await lastIn(work, channel, arrival) : null;
    const author: Actor = { kind: 'customer', id: contact.id, name: contact.name };
    const means = { author, at: work.at, messageId: desk.newId(), ticketId: desk.newId() };
    const protocol = before === null ? (protocols.shift() ?? '') : '';
    const { ticket, changes } = decide({ channel, contact, open: before, previousId, protocol }, arrival, means);
    const step = stepOf({ ...work, by: { ...work.by, actor: author } }, before, ticket, changes);
    open.set(arrival.conversation, step.after);
    steps.push(step);
  }
  await write(work, steps);
  return taken;
}

async function lastIn({ records }: Work, channel: KeptChannel, { conversation }: Arrival): Promise<string | null> {
  return (await records.tickets.lastIn(channel.id, conversation))?.id ?? null;
}

/** Who wrote each arrival; a stranger becomes a contact, one person once even when several arrivals bring them. */
async function contactsOf({ records, desk }: Work, arrivals: Arrival[]): Promise<Map<Arrival, Contact>> {
  const known = await records.contacts.byIdentities(arrivals.flatMap(({ from }) => from.identities));
  const added: Parameters<typeof records.contacts.add>[0] = [];
  const result = new Map<Arrival, Contact>();
  for (const arrival of arrivals) {
    const { identities, name } = arrival.from;
    const before = identities
      .map((identity) => known.get(identityKey(identity)))
      .find((contact) => contact !== undefined);
    const contact = before ?? { id: desk.newId(), name };
    result.set(arrival, contact);
    if (before !== undefined) continue;
    added.push({ contact, proofs: identities });
    for (const identity of identities) known.set(identityKey(identity), contact);
  }
  await records.contacts.add(added);
  return result;
}

/** What the desk knows when a customer's message arrives. */
interface Arrived {
  channel: KeptChannel;
  contact: Contact;
  /** The conversation's open ticket. */
  open: KeptTicket | null;
  /** The conversation's newest ticket, when none is open. */
  previousId: string | null;
  /** For a ticket that has to be opened. */
  protocol: string;
}

interface Means {
  author: Actor;
  at: string;
  messageId: string;
  ticketId: string;
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
  const message: KeptMessage = {
    id: messageId,
    ticketId: ticket.id,
    seq: 0,
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

function opened({ channel, contact, previousId, protocol }: Arrived, arrival: Arrival, means: Means): Ticket {
  return {
    ...freshTicket(means.ticketId, protocol, means.at),
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
