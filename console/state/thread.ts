import { abilitiesOf } from '#shared/channel.ts';
import type { Forwarding } from '#shared/forwarding.ts';
import type { Entry } from '#shared/history.ts';
import { limits } from '#shared/limits.ts';
import type { Catchup } from '#shared/live.ts';
import { type Delivery, type MessageView, mayBecome } from '#shared/message.ts';
import type { TicketView } from '#shared/ticket.ts';

/** An open ticket: its record and an unbroken run of its history, ascending by `seq`. */
export interface Thread {
  ticket: TicketView;
  entries: readonly Entry[];
}

/** The newest seq that is held, or what the ticket had before its first entry. */
export function lastSeq(thread: Thread): number {
  return thread.entries.at(-1)?.seq ?? 0;
}

/** The oldest seq that is held, 0 when nothing is. */
export function firstSeq(thread: Thread): number {
  return thread.entries[0]?.seq ?? 0;
}

/** Whether entries between what is held and this one are missing. */
export function leavesGap(thread: Thread, entry: Entry): boolean {
  return thread.entries.length > 0 && entry.seq > lastSeq(thread) + 1;
}

/** The thread with more of its history, whatever side it comes from; each seq once. */
export function withEntries(thread: Thread, more: readonly Entry[]): Thread {
  if (more.length === 0) return thread;
  const bySeq = new Map(thread.entries.map((entry) => [entry.seq, entry]));
  for (const entry of more) {
    const known = bySeq.get(entry.seq);
    bySeq.set(entry.seq, known ? newer(known, entry) : entry);
  }
  return { ...thread, entries: [...bySeq.values()].sort((a, b) => a.seq - b.seq) };
}

/** The thread after its ticket changed; older news than what is held are ignored. */
export function withTicket(thread: Thread, ticket: TicketView): Thread {
  return ticket.id !== thread.ticket.id || ticket.seq < thread.ticket.seq ? thread : { ...thread, ticket };
}

/** The thread after news of one message on its way; they only ever rise. */
export function withDelivery(thread: Thread, messageId: string, delivery: Delivery | null): Thread {
  if (delivery === null) return thread;
  let changed = false;
  const entries = thread.entries.map((entry) => {
    if (entry.act !== 'message.added' || entry.message.id !== messageId) return entry;
    if (!rises(entry.message, delivery)) return entry;
    changed = true;
    return { ...entry, message: { ...entry.message, delivery } };
  });
  return changed ? { ...thread, entries } : thread;
}

/** The thread with everything that `ticket:watch` answered. */
export function withCatchup(thread: Thread, catchup: Catchup): Thread {
  const told = withEntries(withTicket(thread, catchup.ticket), catchup.entries);
  return catchup.settled.reduce((so, { messageId, delivery }) => withDelivery(so, messageId, delivery), told);
}

/** Ids of sent messages of which news may still come, newest first, as many as may be asked for. */
export function unsettled(thread: Thread): string[] {
  const can = thread.ticket.channel === null ? [] : abilitiesOf[thread.ticket.channel];
  const last = can.includes('read') ? 'read' : can.includes('delivered') ? 'delivered' : 'sent';
  const ids: string[] = [];
  for (const entry of thread.entries.toReversed()) {
    if (ids.length === limits.unsettledMost) break;
    if (entry.act !== 'message.added' || entry.message.delivery === null) continue;
    const { state } = entry.message.delivery;
    if (state !== 'failed' && state !== last) ids.push(entry.message.id);
  }
  return ids;
}

/** Every forwarding that is held, as it stands now, in the order of asking. */
export function forwardingsOf(thread: Thread): Forwarding[] {
  const byId = new Map<string, Forwarding>();
  for (const entry of thread.entries) {
    if (entry.act !== 'forwarding.added' && entry.act !== 'forwarding.answered') continue;
    const known = byId.get(entry.forwarding.id);
    if (!known || known.answer === null) byId.set(entry.forwarding.id, entry.forwarding);
  }
  return [...byId.values()].sort((a, b) => (a.forwardedAt < b.forwardedAt ? -1 : 1));
}

/** Seq of the first customer message that is unread, null when none is. */
export function firstUnread(thread: Thread): number | null {
  let left = thread.ticket.unread;
  for (const entry of thread.entries.toReversed()) {
    if (left === 0) return null;
    if (entry.act !== 'message.added' || entry.message.direction !== 'in') continue;
    left -= 1;
    if (left === 0) return entry.seq;
  }
  return null;
}

function rises(message: MessageView, delivery: Delivery): boolean {
  return message.delivery === null || mayBecome(message.delivery.state, delivery.state);
}

/** Of two versions of one entry the one that tells more. */
function newer(known: Entry, entry: Entry): Entry {
  if (known.act !== 'message.added' || entry.act !== 'message.added') return entry;
  const { delivery } = entry.message;
  return delivery !== null && rises(known.message, delivery) ? entry : known;
}
