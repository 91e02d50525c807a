import * as z from 'zod/mini';
import { messageView } from '#shared/message.ts';
import { DeskError } from '../../errors.ts';
import { allow } from '../access.ts';
import * as input from '../input.ts';
import { order } from '../verb.ts';
import * as views from '../views.ts';

/** Tries once more to get what is missing of a customer's message. Refuses: message.not-found, message.not-missing, channel.inactive. */
export const fetchAgain = order({
  name: 'message.fetch-again',
  action: 'ticket.see',
  input: z.strictObject({ ticketId: input.id, messageId: input.id }),
  output: views.message,
  async run(desk, by, { ticketId, messageId }) {
    const { store, lines } = desk;
    allow(by, 'ticket.see', await store.tickets.byId(ticketId));
    const message = await store.messages.byId(messageId);
    if (message?.ticketId !== ticketId || message.channelId === null) throw new DeskError('message.not-found');
    const raw = await store.messages.rawOf(messageId);
    if (message.content.missing === undefined || raw === null) throw new DeskError('message.not-missing');
    await lines.reread(message.channelId, raw);
    return messageView((await store.messages.byId(messageId)) ?? message);
  },
});
