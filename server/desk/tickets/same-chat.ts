import type { Contact } from '#shared/people.ts';
import type { KeptChannel, KeptTicket } from '../desk.ts';
import type { Work } from '../work.ts';
import type { Arrival } from './arrival.ts';

/**
 * WhatsApp may name one chat by two addresses (number and LID). A message whose address has no open ticket goes on in
 * the open ticket that its writer has there; `open` gains that ticket. Other networks have one name for a chat, and
 * several chats of one person are several tickets.
 */
export async function inSameChat(
  { records }: Work,
  channel: KeptChannel,
  arrivals: { arrival: Arrival; contact: Contact }[],
  open: Map<string | null, KeptTicket>,
): Promise<Arrival[]> {
  if (channel.kind !== 'whatsapp') return arrivals.map(({ arrival }) => arrival);
  const placed: Arrival[] = [];
  for (const { arrival, contact } of arrivals) {
    if (open.has(arrival.conversation)) placed.push(arrival);
    else {
      const theirs = await records.tickets.openOfContact(contact.id);
      const ticket = theirs.find(
        ({ channelId, conversationKey }) => channelId === channel.id && conversationKey !== null,
      );
      if (ticket !== undefined) open.set(ticket.conversationKey, ticket);
      placed.push({ ...arrival, conversation: ticket?.conversationKey ?? arrival.conversation });
    }
  }
  return placed;
}
