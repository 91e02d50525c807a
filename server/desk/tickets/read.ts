import * as z from 'zod/mini';
import { limits } from '#shared/limits.ts';
import { messageView } from '#shared/message.ts';
import { ticketView } from '#shared/ticket.ts';
import { DeskError } from '../../errors.ts';
import { allow } from '../access.ts';
import * as input from '../input.ts';
import { look } from '../verb.ts';
import * as views from '../views.ts';
import { entriesAfter } from './entries.ts';

/** One ticket. Peeking: assigns nothing, marks nothing read, tells the customer nothing. */
export const read = look({
  name: 'ticket.read',
  action: 'ticket.see',
  input: z.strictObject({ ticketId: input.id }),
  output: views.ticket,
  async run(desk, by, { ticketId }) {
    return ticketView(allow(by, 'ticket.see', await desk.store.tickets.byId(ticketId)));
  },
});

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

/** Everything that happened in a ticket after `after`, each event once, in order; at most 500, `next` tells where to ask on. */
export const events = look({
  name: 'ticket.events',
  action: 'ticket.see',
  input: z.strictObject({
    ticketId: input.id,
    after: z._default(z.string(), '0'),
    limit: input.limit(limits.eventsMost, limits.eventsMost),
  }),
  output: z.object({ events: z.array(views.entry), next: z.nullable(z.number()) }),
  async run(desk, by, { ticketId, after, limit }) {
    if (!/^\d{1,9}$/.test(after)) throw new DeskError('input.invalid', {}, { after: 'cursor' });
    allow(by, 'ticket.see', await desk.store.tickets.byId(ticketId));
    const { entries, next } = await entriesAfter(desk, ticketId, Number(after), limit);
    return { events: entries, next };
  },
});
