import * as z from 'zod/mini';
import { limits } from '#shared/limits.ts';
import { customer as english } from '#shared/text/en/customer.ts';
import { customer as portuguese } from '#shared/text/pt-BR/customer.ts';
import { say } from '#shared/text/say.ts';
import { closeBlockers, type Ticket, ticketView } from '#shared/ticket.ts';
import { DeskError } from '../../errors.ts';
import { allow } from '../access.ts';
import * as input from '../input.ts';
import { act } from '../verb.ts';
import * as views from '../views.ts';
import type { Change, Work } from '../work.ts';
import { ourMessage, spoken, wake } from './outgoing.ts';

/**
 * Closes a ticket (Encerrar): stamps date and closer, together. `notify` tells the customer. R9, R10.
 * Refuses: ticket.closed, ticket.has-open-forwardings (with department and age of each).
 */
export const close = act({
  name: 'ticket.close',
  action: 'ticket.close',
  input: z.strictObject({
    ticketId: input.id,
    note: z.exactOptional(input.text(limits.noteCharacters)),
    notify: z.exactOptional(z.boolean()),
  }),
  output: views.ticket,
  async run(work, by, { ticketId, note, notify }) {
    const { records, record, at } = work;
    const before = allow(by, 'ticket.close', await records.tickets.byId(ticketId));
    const [blocker] = closeBlockers(before);
    if (blocker !== undefined)
      throw new DeskError(blocker.code, { ...blocker.about, ...(await blockerAbout(work, before)) });
    const farewell = notify === true && before.channelId !== null ? { text: farewellOf(work, before) } : null;
    const told = farewell === null ? before : spoken(before, farewell, at);
    const after: Ticket = {
      ...told,
      status: 'closed',
      closedAt: at,
      closedBy: by.actor,
      closingNote: note ?? null,
      unread: 0,
      waitingSince: null,
    };
    const said: Change[] =
      farewell === null ? [] : [{ act: 'message.added', message: ourMessage(work, before, farewell) }];
    const kept = await record(before, after, ...said, { act: 'ticket.closed' });
    if (farewell !== null) wake(work, kept);
    return ticketView(kept);
  },
});

function farewellOf({ desk }: Work, ticket: Ticket): string {
  const words = desk.company.language === 'en' ? english : portuguese;
  return say(words.farewell, { protocol: ticket.protocol });
}

/** Which departments owe an answer, by name, with the forwardings that the console leads to. */
async function blockerAbout({ records }: Work, ticket: Ticket): Promise<Record<string, unknown>> {
  const open = (await records.forwardings.ofTicket(ticket.id)).filter((forwarding) => forwarding.answer === null);
  const names = new Map((await records.catalog.departments()).map(({ id, name }) => [id, name]));
  return {
    protocol: ticket.protocol,
    departments: [...new Set(open.map((forwarding) => names.get(forwarding.toDepartmentId) ?? ''))].join(', '),
    forwardings: open.map(({ id, toDepartmentId, forwardedAt }) => ({ id, toDepartmentId, forwardedAt })),
  };
}
