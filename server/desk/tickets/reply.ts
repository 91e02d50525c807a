import * as z from 'zod/mini';
import { abilitiesOf } from '#shared/channel.ts';
import { limits } from '#shared/limits.ts';
import { type Attachment, messageView, type Quote } from '#shared/message.ts';
import { partsOf } from '#shared/split.ts';
import type { Ticket } from '#shared/ticket.ts';
import { DeskError } from '../../errors.ts';
import { allow } from '../access.ts';
import type { Caller, KeptMessage, KeptTicket } from '../desk.ts';
import * as input from '../input.ts';
import { ownFiles } from '../media/own-files.ts';
import { mediaIdsOf } from '../messages/content.ts';
import { quoteOf } from '../messages/quotes.ts';
import { act } from '../verb.ts';
import * as views from '../views.ts';
import type { Change, Work } from '../work.ts';
import { ourMessage, spoken, wake } from './outgoing.ts';
import { agentName } from './target.ts';

/**
 * Answers the customer, with files of one's own and a quote where the channel carries them; several messages when the
 * channel wants that, the answer is the first. In an unassigned ticket it takes it; in a colleague's it needs
 * `participate`. Refuses: ticket.closed, ticket.of-colleague (names the colleague), message.empty, message.not-found,
 * media.not-found, media.too-big, channel.cannot.
 */
export const reply = act({
  name: 'ticket.reply',
  action: 'ticket.reply',
  clientId: 'required',
  input: z.strictObject({
    ticketId: input.id,
    text: z.exactOptional(input.text(limits.replyCharacters)),
    attachmentIds: z.exactOptional(z.array(input.id).check(z.maxLength(limits.filesMost, 'too-long'))),
    replyTo: z.exactOptional(input.id),
    participate: z.exactOptional(z.boolean()),
  }),
  output: views.message,
  async run(work, by, { ticketId, text = '', attachmentIds = [], replyTo, participate }) {
    const { records, record, at } = work;
    const before = allow(by, 'ticket.reply', await records.tickets.byId(ticketId));
    await wantOpen(work, by, before, participate === true);
    if (text === '' && attachmentIds.length === 0) throw new DeskError('message.empty');
    const attachments = await ownFiles(records, by, before.channel, attachmentIds);
    const quote = replyTo === undefined ? null : await quoted(work, before, replyTo);
    const messages = messagesOf(work, before, text, attachments, quote);
    const [first] = messages;
    const last = messages.at(-1);
    if (first === undefined || last === undefined) throw new Error('a reply without a message');
    const takes = before.agentId === null;
    const answered = spoken(before, last.content, at);
    const after = takes ? { ...answered, agentId: by.actor.id, status: 'in-progress' as const } : answered;
    const taken: Change[] = takes ? [{ act: 'ticket.taken' }] : [];
    const said = messages.map((message): Change => ({ act: 'message.added', message }));
    const kept = await record(before, after, ...taken, ...said);
    for (const { content } of messages) await records.media.attach(mediaIdsOf(content), before.id);
    await markSeen(work, before);
    wake(work, kept);
    return messageView({ ...first, seq: kept.seq - messages.length + 1 });
  },
});

async function wantOpen({ records }: Work, by: Caller, ticket: KeptTicket, participate: boolean): Promise<void> {
  if (ticket.closedAt !== null) throw new DeskError('ticket.closed');
  const ofColleague = ticket.agentId !== null && ticket.agentId !== by.actor.id;
  if (ofColleague && !participate) {
    throw new DeskError('ticket.of-colleague', { name: await agentName(records, ticket.agentId) });
  }
}

async function quoted({ records }: Work, ticket: Ticket, messageId: string): Promise<Quote> {
  const message = await records.messages.byId(messageId);
  if (message?.ticketId !== ticket.id) throw new DeskError('message.not-found');
  return quoteOf(message);
}

/** The reply as its channel carries it. The quote stands in the first message, the client id too. */
function messagesOf(
  work: Work,
  ticket: KeptTicket,
  text: string,
  attachments: Attachment[],
  replyTo: Quote | null,
): KeptMessage[] {
  const many = ticket.channel === null || abilitiesOf[ticket.channel].includes('many-files');
  return partsOf(ticket.channel, many, text, attachments).map(({ text: words, attachments: files }, index) => {
    const message = ourMessage(work, ticket, { text: words, ...(files.length === 0 ? {} : { attachments: files }) });
    return index === 0 ? { ...message, replyTo } : { ...message, clientId: null };
  });
}

/** Who answers has read: the network is told, as far as the channel's settings allow. */
async function markSeen({ desk, records, news }: Work, ticket: KeptTicket): Promise<void> {
  if (ticket.channelId === null || ticket.address === null || ticket.unread === 0) return;
  if (!abilitiesOf[ticket.channel ?? 'email'].includes('read')) return;
  const unread = await records.messages.newestOfCustomer(ticket.id, Math.min(ticket.unread, 20));
  const targets = unread.flatMap(({ externalId, address }) =>
    externalId === null ? [] : [{ externalId, mine: false, author: address ?? '' }],
  );
  const gesture = { type: 'read' as const, targets };
  const { id: companyId } = desk.company;
  news.push({
    event: 'gesture.wanted',
    payload: { companyId, channelId: ticket.channelId, to: ticket.address, gesture },
  });
}
