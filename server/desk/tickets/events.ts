import * as z from 'zod/mini';
import { limits } from '#shared/limits.ts';
import { DeskError } from '../../errors.ts';
import { allow } from '../access.ts';
import * as input from '../input.ts';
import { look } from '../verb.ts';
import * as views from '../views.ts';
import { entriesAfter } from './entries.ts';

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
