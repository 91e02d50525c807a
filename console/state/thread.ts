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

/** The messages that are held, oldest first, as they are now. */
export function messagesIn(thread: Thread): MessageView[] {
  return thread.entries.flatMap((entry) => (entry.act === 'message.added' ? entry.message : []));
}

/** Name of the colleague who took a message back, null when that is not held. */
export function removerOf(thread: Thread, messageId: string): string | null {
  const entry = thread.entries.find((one) => one.act === 'message.removed' && one.message.id === messageId);
  return entry?.actor.name ?? null;
}

/** Whether a message is among what is held. */
export function holdsMessage(thread: Thread, messageId: string): boolean {
  return thread.entries.some((entry) => entry.act === 'message.added' && entry.message.id === messageId);
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
  const whole = { ...thread, entries: [...bySeq.values()].sort((a, b) => a.seq - b.seq) };
  return more.reduce(withAmendment, whole);
}

/** The thread after an entry told that a message was edited or deleted: it stands so wherever it was said. */
function withAmendment(thread: Thread, entry: Entry): Thread {
  if (entry.act !== 'message.edited' && entry.act !== 'message.removed') return thread;
  const { message } = entry;
  const known = thread.entries.find((one) => one.act === 'message.added' && one.message.id === message.id);
  const newest = known?.act === 'message.added' ? amendedAt(known.message) : null;
  return newest !== null && newest <= amendedAt(message) ? withMessage(thread, message) : thread;
}

const amendedAt = ({ removedAt, editedAt }: MessageView): string => removedAt ?? editedAt ?? '';

/** The thread after its ticket changed; older news than what is held are ignored. */
export function withTicket(thread: Thread, ticket: TicketView): Thread {
  return ticket.id !== thread.ticket.id || ticket.seq < thread.ticket.seq ? thread : { ...thread, ticket };
}

/** The thread after a message changed in place: its delivery only ever rises, everything else is as it is now. */
export function withMessage(thread: Thread, message: MessageView): Thread {
  let changed = false;
  const entries = thread.entries.map((entry) => {
    if (!('message' in entry) || entry.message.id !== message.id) return entry;
    changed = true;
    return { ...entry, message: newerOf(entry.message, message) };
  });
  return changed ? { ...thread, entries } : thread;
}

/** The thread with everything that `ticket:watch` answered. */
export function withCatchup(thread: Thread, catchup: Catchup): Thread {
  const told = withEntries(withTicket(thread, catchup.ticket), catchup.entries);
  return catchup.messages.reduce(withMessage, told);
}

/** Ids of the newest messages, as many as may be asked for again: of each some news may have been missed. */
export function messageIds(thread: Thread): string[] {
  const ids = new Set<string>();
  for (const entry of thread.entries.toReversed()) {
    if (ids.size === limits.rereadMost) break;
    if ('message' in entry) ids.add(entry.message.id);
  }
  return [...ids];
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

/** Of two versions of one entry the one that tells more. */
function newer(known: Entry, entry: Entry): Entry {
  if (!('message' in known) || !('message' in entry)) return entry;
  return { ...entry, message: newerOf(known.message, entry.message) };
}

/** The later version of a message. News of its delivery may overtake each other, so that only ever rises. */
function newerOf(known: MessageView, message: MessageView): MessageView {
  return rises(known.delivery, message.delivery) ? message : { ...message, delivery: known.delivery };
}

/** Another try, or an agent who gave it up, may take it back; a network's news may not. */
function rises(known: Delivery | null, now: Delivery | null): boolean {
  if (known === null || now === null) return known === null;
  return now.attempts > known.attempts || now.state === 'discarded' || mayBecome(known.state, now.state);
}
