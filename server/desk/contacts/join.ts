import { type Contact, type Identity, identityKey } from '#shared/people.ts';
import type { Ticket } from '#shared/ticket.ts';
import { type Desk, type KeptTicket, system } from '../desk.ts';
import { transactWork } from '../perform.ts';
import type { Work } from '../work.ts';

/**
 * Two identities proved to be one person. One of them unknown: it is added to the other's contact. Both known as two
 * contacts: the newer one's identities and open tickets go to the older one. Each ticket says so in its history, and
 * identities remember where they were, so that it can be undone.
 */
export async function join(desk: Desk, [one, other]: [Identity, Identity]): Promise<'stored' | 'known'> {
  return await transactWork(desk, system, null, async (work) => {
    const { contacts } = work.records;
    const found = await contacts.byIdentities([one, other]);
    const a = found.get(identityKey(one));
    const b = found.get(identityKey(other));
    if (a === undefined && b === undefined) return 'known';
    if (a === undefined || b === undefined) {
      const contactId = a?.id ?? b?.id ?? '';
      await contacts.prove([{ contactId, identity: a === undefined ? one : other }]);
      return 'stored';
    }
    if (a.id === b.id) return 'known';
    const [older, newer] = a.id < b.id ? [a, b] : [b, a];
    await contacts.merge(newer.id, older.id, work.at);
    await joinTickets(work, newer, older);
    return 'stored';
  });
}

/** Open tickets of the newer contact become the older one's; of two in one channel one goes on, the other is closed. */
async function joinTickets(work: Work, newer: Contact, older: Contact): Promise<void> {
  const { tickets } = work.records;
  const theirs = await tickets.openOfContact(newer.id);
  const ours = await tickets.openOfContact(older.id);
  for (const ticket of theirs) {
    const twin = ours.find(({ channelId }) => channelId !== null && channelId === ticket.channelId);
    const moved = await work.record(
      ticket,
      { ...ticket, contact: older },
      { act: 'ticket.joined', reason: newer.name },
    );
    if (twin !== undefined) await closeOne(work, moved, twin);
  }
}

/** The one that somebody serves goes on, else the older; what owes an answer to a forwarding is never closed. R9. */
async function closeOne(work: Work, one: KeptTicket, other: KeptTicket): Promise<void> {
  const [kept, closed] = one.agentId !== null && other.agentId === null ? [one, other] : [other, one];
  if (closed.openForwardings > 0) return;
  const unread = kept.unread + closed.unread;
  const after: Ticket = { ...closed, status: 'closed', closedAt: work.at, closedBy: system.actor, unread: 0 };
  await work.record(closed, { ...after, waitingSince: null }, { act: 'ticket.closed', reason: kept.protocol });
  const waitingSince = kept.waitingSince ?? closed.waitingSince;
  const previousId = kept.previousId ?? closed.id;
  await work.record(
    kept,
    { ...kept, unread, waitingSince, previousId },
    { act: 'ticket.joined', reason: closed.protocol },
  );
}
