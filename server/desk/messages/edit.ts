import * as z from 'zod/mini';
import { limits } from '#shared/limits.ts';
import * as input from '../input.ts';
import { order } from '../verb.ts';
import * as views from '../views.ts';
import { changeSent } from './change-sent.ts';

/** Changes the words of a message that was sent, at its network too. Refuses: ticket.closed, message.not-found, channel.cannot, channel.trouble. */
export const editMessage = order({
  name: 'message.edit',
  action: 'ticket.reply',
  input: z.strictObject({
    ticketId: input.id,
    messageId: input.id,
    text: input.text(limits.replyCharacters),
  }),
  output: views.message,
  run: (desk, by, { ticketId, messageId, text }) => changeSent(desk, by, ticketId, messageId, text),
});
