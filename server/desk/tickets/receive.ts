import { faultPoint } from '#shared/fault.ts';
import type { Actor, Contact } from '#shared/people.ts';
import { customer as english } from '#shared/text/en/customer.ts';
import { customer as portuguese } from '#shared/text/pt-BR/customer.ts';
import { whoWrote } from '../contacts/who-wrote.ts';
import { type Desk, type KeptChannel, type KeptMessage, type KeptTicket, system } from '../desk.ts';
import { cleanedContent, mediaIdsOf } from '../messages/content.ts';
import { quotesOf } from '../messages/quotes.ts';
import { transactWork } from '../perform.ts';
import { type Step, stepOf, type Work, write } from '../work.ts';
import { type Arrival, decide } from './arrival.ts';
import { threaded } from './mail-threads.ts';
import { nextProtocols } from './protocol.ts';
import { inSameChat } from './same-chat.ts';

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
  const { taken, fresh } = await firstTimes(work, channel, arrivals);
  if (fresh.length === 0) return taken;
  await faultPoint('I3');
  const contacts = await whoWrote(work, fresh);
  const threads = await threaded(work, channel, fresh, contacts);
  const found = await work.records.tickets.openIn(channel.id, [
    ...new Set(threads.map(({ conversation }) => conversation)),
  ]);
  const open = new Map(found.map((ticket) => [ticket.conversationKey, ticket]));
  const written = threads.map((arrival, index) => ({ arrival, contact: writerOf(contacts, fresh[index]) }));
  const placed = await inSameChat(work, channel, written, open);
  const quotes = await quotesOf(work, channel, placed);
  const conversations = [...new Set(placed.map(({ conversation }) => conversation))];
  const wanted = conversations.filter((conversation) => !open.has(conversation));
  if (wanted.length > protocols.length) throw new WantsProtocols(wanted.length);
  const steps: Step[] = [];
  for (const [index, arrival] of placed.entries()) {
    const contact = writerOf(contacts, fresh[index]);
    const before = open.get(arrival.conversation) ?? null;
    const previousId = before === null ? await lastIn(work, channel, arrival) : null;
    const protocol = before === null ? (protocols.shift() ?? '') : '';
    const state = { channel, contact, open: before, previousId, protocol, quote: quotes.get(arrival) ?? null };
    const { desk, at } = work;
    const means = { at, messageId: desk.newId(), ticketId: desk.newId(), device: deviceOf(desk) };
    const { ticket, changes } = decide(state, arrival, means);
    const author: Actor =
      arrival.fromDevice === true ? means.device : { kind: 'customer', id: contact.id, name: contact.name };
    const step = stepOf({ ...work, by: { ...work.by, actor: author } }, before, ticket, changes);
    open.set(arrival.conversation, step.after);
    steps.push(step);
  }
  await write(work, steps);
  await attachFiles(work, steps);
  await faultPoint('I5');
  return taken;
}

function writerOf(contacts: Map<Arrival, Contact>, arrival: Arrival | undefined): Contact {
  const contact = arrival === undefined ? undefined : contacts.get(arrival);
  if (contact === undefined) throw new Error('an arrival has no contact');
  return contact;
}

/** Which arrivals are new. A content that had been missing and has come now replaces what stood there. */
async function firstTimes(work: Work, channel: KeptChannel, arrivals: Arrival[]) {
  const { messages } = work.records;
  const keys = arrivals.map(({ key }) => key);
  const known = await messages.knownKeys(channel.id, keys);
  const seen = new Set(known);
  const taken: Taken[] = [];
  for (const arrival of arrivals) {
    if (!seen.has(arrival.key)) taken.push('stored');
    else taken.push(known.has(arrival.key) && (await completed(work, channel, arrival)) ? 'stored' : 'known');
    seen.add(arrival.key);
  }
  return { taken, fresh: arrivals.filter(({ key }, index) => taken[index] === 'stored' && !known.has(key)) };
}

async function completed(work: Work, channel: KeptChannel, { key, content }: Arrival): Promise<boolean> {
  if (content.missing !== undefined) return false;
  const { records, desk, news } = work;
  const now = cleanedContent(content);
  const message: KeptMessage | null = await records.messages.complete(channel.id, key, now);
  if (message === null) return false;
  await records.media.attach(mediaIdsOf(now), message.ticketId);
  const ticket = await records.tickets.byId(message.ticketId);
  if (ticket === null) return true;
  const { headHash: _kept, ...plain } = ticket;
  news.push({ event: 'message.changed', payload: { companyId: desk.company.id, ticket: plain, message } });
  return true;
}

async function attachFiles({ records }: Work, steps: Step[]): Promise<void> {
  for (const { after, changes } of steps) {
    for (const change of changes) {
      if (change.act === 'message.added') await records.media.attach(mediaIdsOf(change.message.content), after.id);
    }
  }
}

async function lastIn({ records }: Work, channel: KeptChannel, { conversation }: Arrival): Promise<string | null> {
  const last: KeptTicket | null = await records.tickets.lastIn(channel.id, conversation);
  return last?.id ?? null;
}

/** The company's own phone, as author of what was typed there. */
function deviceOf({ company }: Desk): Actor {
  const words = company.language === 'en' ? english : portuguese;
  return { kind: 'system', id: null, name: words.device };
}
