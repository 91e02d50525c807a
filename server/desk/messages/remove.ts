import * as z from 'zod/mini';
import * as input from '../input.ts';
import { order } from '../verb.ts';
import * as views from '../views.ts';
import { changeSent } from './change-sent.ts';

/** Takes a message back at its network; its words stay readable here. Refuses: ticket.closed, message.not-found, channel.cannot, channel.trouble. */
export const removeMessage = order({
  name: 'message.remove',
  action: 'ticket.reply',
  input: z.strictObject({
    ticketId: input.id,
    messageId: input.id,
  }),
  output: views.message,
  run: (desk, by, { ticketId, messageId }) => changeSent(desk, by, ticketId, messageId, null),
});
