import * as z from 'zod/mini';
import { channelKinds } from '#shared/channel.ts';
import { limits } from '#shared/limits.ts';
import { type Ticket, ticketView } from '#shared/ticket.ts';
import { scope } from '../access.ts';
import { pageOf, placeOf } from '../cursor.ts';
import type { Caller, Desk } from '../desk.ts';
import * as input from '../input.ts';
import { look } from '../verb.ts';
import * as views from '../views.ts';

const boxes = z.enum(['open', 'closed', 'mine', 'waiting']);

/**
 * Tickets that the caller sees, by last message, newest first (`order=oldest`: longest silent first). `q` matches the
 * beginnings of words of contact name and protocol, without case and accents.
 */
export const list = look({
  name: 'ticket.list',
  action: 'ticket.list',
  input: z.strictObject({
    status: z._default(boxes, 'open'),
    departmentId: z.exactOptional(input.id),
    agentId: z.exactOptional(input.id),
    channel: z.exactOptional(z.enum(channelKinds)),
    q: z.exactOptional(z.string().check(z.maxLength(100, 'too-long'))),
    order: z._default(z.enum(['newest', 'oldest']), 'newest'),
    after: z.exactOptional(input.cursor),
    limit: input.limit(limits.pageDefault),
  }),
  output: views.page(views.ticket),
  async run(desk, by, { status, order, after, limit, ...wanted }) {
    const filter = { ...wanted, ...boxFilter(status, by), open: status !== 'closed' };
    const sign = order === 'newest' ? 'falling' : 'rising';
    const rows = await union(by, (sight) => desk.store.tickets.page(sight, filter, sign, placeOf(after), limit));
    rows.sort((a, b) => (sign === 'falling' ? -1 : 1) * byPlace(a, b));
    const { items, next } = pageOf(rows, limit, (ticket) => ticket.lastAt);
    return { items: items.map(ticketView), next };
  },
});

/** What a box adds to the filter: `mine` is the caller's, `waiting` is nobody's. */
function boxFilter(status: z.infer<typeof boxes>, by: Caller): { agentId?: string | null } {
  if (status === 'mine') return { agentId: by.actor.id };
  return status === 'waiting' ? { agentId: null } : {};
}

/** Asks once for each way of seeing and merges; a ticket seen in two ways is one. */
async function union<T extends { id: string }>(
  by: Caller,
  ask: (sight: Parameters<Desk['store']['tickets']['page']>[0]) => Promise<T[]>,
): Promise<T[]> {
  const answers = await Promise.all(scope(by).map(ask));
  return [...new Map(answers.flat().map((row) => [row.id, row])).values()];
}

function byPlace(a: Ticket, b: Ticket): number {
  if (a.lastAt !== b.lastAt) return a.lastAt < b.lastAt ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
