import * as z from 'zod/mini';
import { type DeliveryState, messageView } from '#shared/message.ts';
import { DeskError } from '../../errors.ts';
import { allow } from '../access.ts';
import * as input from '../input.ts';
import { mediaIdsOf } from '../messages/content.ts';
import { wake } from '../tickets/outgoing.ts';
import { act } from '../verb.ts';
import * as views from '../views.ts';

/** An agent's decision about a message that is in one of `from`: the only way on for what failed or is uncertain. */
export function actOnDelivery(name: string, from: DeliveryState[], to: DeliveryState) {
  return act({
    name,
    action: 'ticket.reply',
    input: z.strictObject({ ticketId: input.id, messageId: input.id }),
    output: views.message,
    async run(work, by, { ticketId, messageId }) {
      const { records, at, news, desk } = work;
      const ticket = allow(by, 'ticket.reply', await records.tickets.byId(ticketId));
      const message = await records.messages.byId(messageId);
      if (message?.ticketId !== ticket.id || message.delivery === null) throw new DeskError('message.not-found');
      const { attempts } = message.delivery;
      // One more try, so that consoles know this news from the network's older ones.
      const delivery = { state: to, at, attempts: attempts + (to === 'queued' ? 1 : 0), failure: null };
      const changed = await records.messages.deliver(messageId, from, delivery);
      if (changed === null) throw new DeskError('message.moved-on');
      if (to === 'discarded' && by.actor.id !== null) {
        await records.media.detach(mediaIdsOf(message.content), by.actor.id, at);
      }
      const { headHash: _kept, ...plain } = ticket;
      news.push({
        event: 'message.changed',
        payload: { companyId: desk.company.id, ticket: plain, message: changed },
      });
      if (to === 'queued') wake(work, ticket);
      return messageView(changed);
    },
  });
}
