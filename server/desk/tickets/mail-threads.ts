import type { Contact } from '#shared/people.ts';
import type { Desk, KeptChannel, KeptTicket } from '../desk.ts';
import type { Work } from '../work.ts';
import type { Arrival } from './arrival.ts';

/**
 * Puts mails into the conversations that they belong to, in this order: a signed token of ours among the recipients; a
 * Message-ID of ours among the references; a stored Message-ID of the thread; the protocol in the subject. The last two
 * prove nothing, so they count only from somebody who already takes part. Everything else keeps its own thread.
 */
export async function threaded(
  work: Work,
  channel: KeptChannel,
  arrivals: Arrival[],
  contacts: Map<Arrival, Contact>,
): Promise<Arrival[]> {
  const placed: Arrival[] = [];
  for (const arrival of arrivals) {
    if (arrival.thread === undefined) placed.push(arrival);
    else {
      const conversation = await conversationOf(work, channel, arrival, contacts.get(arrival)?.id ?? '');
      placed.push({ ...arrival, conversation });
    }
  }
  return placed;
}

async function conversationOf(work: Work, channel: KeptChannel, arrival: Arrival, contactId: string): Promise<string> {
  const ticket = await ticketOf(work, channel, arrival, contactId);
  if (ticket?.conversationKey != null) return ticket.conversationKey;
  // The root of the thread is what a mail says of itself. Where it stands for other people's ticket, this mail gets a
  // conversation that nobody can name beforehand.
  const root = await work.records.tickets.lastIn(channel.id, arrival.conversation);
  if (root === null || (await takesPart(work.records, root, contactId))) return arrival.conversation;
  return `mail ${arrival.key}`;
}

async function ticketOf(
  { records, desk }: Work,
  channel: KeptChannel,
  { thread }: Arrival,
  contactId: string,
): Promise<KeptTicket | null> {
  if (thread === undefined) return null;
  const { tokens, references, protocol } = thread;
  const proved = [...tokens.map((token) => ticketIdOf(desk, token)), ...references.map((id) => mailTicketId(desk, id))];
  for (const id of proved) {
    const ticket = id === null ? null : await records.tickets.byId(id);
    if (ticket?.channelId === channel.id) return ticket;
  }
  const stored = await records.messages.byExternalIds(channel.id, references);
  for (const { ticketId } of stored) {
    const ticket = await records.tickets.byId(ticketId);
    if (ticket !== null && (await takesPart(records, ticket, contactId))) return ticket;
  }
  const named = protocol === null ? null : await records.tickets.byProtocol(protocol);
  return named?.channelId === channel.id && (await takesPart(records, named, contactId)) ? named : null;
}

async function takesPart(records: Work['records'], ticket: KeptTicket, contactId: string): Promise<boolean> {
  return ticket.contact.id === contactId || (await records.messages.wroteIn(ticket.id, contactId));
}

const signatureLength = 10;

const sign = ({ seal }: Desk, what: string): string => seal.mark(`mail ${what}`).slice(0, signatureLength);

/** What goes behind `+` in the address that answers to this ticket go to. */
export function tokenOf(desk: Desk, ticketId: string): string {
  return `t-${ticketId}-${sign(desk, ticketId)}`;
}

/** The ticket of a token of ours, null when it is not ours. */
export function ticketIdOf(desk: Desk, token: string): string | null {
  const [, id, signature] = /^(?:t-)?([0-9a-f]{24})-([0-9a-f]{10})$/.exec(token.toLowerCase()) ?? [];
  if (id === undefined || signature === undefined) return null;
  return desk.seal.same(sign(desk, id), signature) ? id : null;
}

/** The Message-ID of a mail of ours, without `<>`: it names ticket and message, and proves that it is ours. */
export function mailIdOf(desk: Desk, ticketId: string, messageId: string, domain: string): string {
  return `t.${ticketId}.${messageId}.${sign(desk, `${ticketId}.${messageId}`)}@${domain}`;
}

/** The ticket that a Message-ID of ours names, null when it is not ours. */
export function mailTicketId(desk: Desk, mailId: string): string | null {
  const [, id, messageId, signature] =
    /^t\.([0-9a-f]{24})\.([0-9a-f]{24})\.([0-9a-f]{10})@/.exec(mailId.toLowerCase()) ?? [];
  if (id === undefined || messageId === undefined || signature === undefined) return null;
  return desk.seal.same(sign(desk, `${id}.${messageId}`), signature) ? id : null;
}
