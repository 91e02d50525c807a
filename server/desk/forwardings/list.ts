import * as z from 'zod/mini';
import { limits } from '#shared/limits.ts';
import { DeskError } from '../../errors.ts';
import { seesCompany } from '../access.ts';
import { pageOf, placeOf } from '../cursor.ts';
import * as input from '../input.ts';
import { look } from '../verb.ts';
import * as views from '../views.ts';

/**
 * Forwardings, newest first. `box=department`: put to the caller's departments (or, for who sees the whole company, to
 * any); `box=mine`: asked by the caller. `open=true` only unanswered, `false` only answered.
 */
export const listForwardings = look({
  name: 'forwarding.list',
  action: 'forwarding.list',
  input: z.strictObject({
    box: z._default(z.enum(['mine', 'department']), 'department'),
    open: z.exactOptional(z.enum(['true', 'false'])),
    after: z.exactOptional(input.cursor),
    limit: input.limit(limits.pageDefault),
  }),
  output: views.page(views.forwardingWithTicket),
  async run({ store }, by, { box, open, after, limit }) {
    if (by.actor.id === null) throw new DeskError('forbidden');
    const whose =
      box === 'mine' ? { byAgentId: by.actor.id } : { toDepartmentIds: seesCompany(by) ? null : by.departmentIds };
    const wanted = { ...whose, open: open === undefined ? null : open === 'true' };
    const { items, next } = pageOf(
      await store.forwardings.page(wanted, placeOf(after), limit),
      limit,
      (forwarding) => forwarding.forwardedAt,
    );
    const tickets = new Map(
      (await store.tickets.byIds(items.map((item) => item.ticketId))).map((row) => [row.id, row]),
    );
    return {
      next,
      items: items.map((item) => {
        const ticket = tickets.get(item.ticketId);
        const contactName = ticket?.contact.name ?? '';
        return { ...item, ticket: { id: item.ticketId, protocol: ticket?.protocol ?? '', contactName } };
      }),
    };
  },
});
