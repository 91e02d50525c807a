import * as z from 'zod/mini';
import { limits } from '#shared/limits.ts';
import { messageView } from '#shared/message.ts';
import { allow } from '../access.ts';
import * as input from '../input.ts';
import { look } from '../verb.ts';
import * as views from '../views.ts';

/** What was said in a ticket, newest page first, oldest message first within a page. `before` is the page's cursor. */
export const messages = look({
  name: 'ticket.messages',
  action: 'ticket.see',
  input: z.strictObject({
    ticketId: input.id,
    before: z.exactOptional(z.string().check(z.regex(/^\d{1,9}$/, 'cursor'))),
    limit: input.limit(limits.pageDefault),
  }),
  output: views.page(views.message),
  async run(desk, by, { ticketId, before, limit }) {
    allow(by, 'ticket.see', await desk.store.tickets.byId(ticketId));
    const rows = await desk.store.messages.ofTicket(ticketId, before === undefined ? null : Number(before), limit);
    const items = rows.slice(0, limit).reverse().map(messageView);
    const next = rows.length > limit ? String(items[0]?.seq ?? '') : null;
    return { items, next };
  },
});
