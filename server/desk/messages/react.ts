import * as z from 'zod/mini';
import { abilitiesOf } from '#shared/channel.ts';
import { messageView } from '#shared/message.ts';
import { DeskError } from '../../errors.ts';
import { allow } from '../access.ts';
import * as input from '../input.ts';
import { act } from '../verb.ts';
import * as views from '../views.ts';
import { reacted } from './reaction.ts';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** One picture, however many code points it is made of. */
const isEmoji = (text: string): boolean =>
  /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(text) && [...graphemes.segment(text)].length === 1;

/** Reacts to a message with one emoji; null takes it back. Refuses: ticket.closed, message.not-found, channel.cannot. */
export const react = act({
  name: 'message.react',
  action: 'ticket.reply',
  input: z.strictObject({
    ticketId: input.id,
    messageId: input.id,
    emoji: z.nullable(z.string().check(z.maxLength(32, 'too-long'), z.refine(isEmoji, 'pattern'))),
  }),
  output: views.message,
  async run({ records, at, news, desk }, by, { ticketId, messageId, emoji }) {
    const ticket = allow(by, 'ticket.reply', await records.tickets.byId(ticketId));
    if (ticket.closedAt !== null) throw new DeskError('ticket.closed');
    const message = await records.messages.byId(messageId);
    if (message?.ticketId !== ticketId || message.externalId === null) throw new DeskError('message.not-found');
    const { channelId, channel, address: to } = ticket;
    const can = channel !== null && abilitiesOf[channel].includes('react') && !ticket.simulated;
    if (!can || channelId === null || to === null) throw new DeskError('channel.cannot');
    const changed = await records.messages.amend(messageId, {
      reactions: reacted(message.reactions, by.actor, emoji, at),
    });
    if (changed === null) throw new DeskError('message.not-found');
    const { headHash: _kept, ...plain } = ticket;
    const companyId = desk.company.id;
    const target = { externalId: message.externalId, mine: message.direction !== 'in', author: message.address ?? '' };
    const gesture = { type: 'react' as const, target, emoji };
    news.push({ event: 'message.changed', payload: { companyId, ticket: plain, message: changed } });
    news.push({ event: 'gesture.wanted', payload: { companyId, channelId, to, gesture, by: by.actor } });
    return messageView(changed);
  },
});
