import { signal } from '@preact/signals';
import type { Entry } from '#shared/history.ts';
import type { MessageView } from '#shared/message.ts';
import type { TicketView } from '#shared/ticket.ts';
import { unattended } from '#shared/unattended.ts';
import { explain } from '../explain.ts';
import { get } from '../http.ts';
import { insist } from '../insist.ts';
import { command } from '../live.ts';
import { Refused } from '../refused.ts';
import { listed } from './inbox.ts';
import {
  firstSeq,
  firstUnread,
  forwardingsOf,
  lastSeq,
  leavesGap,
  messageIds,
  type Thread,
  withCatchup,
  withEntries,
  withMessage,
  withTicket,
} from './thread.ts';

/** What stands in the thread column. */
export type Open =
  | { phase: 'none' }
  | { phase: 'loading'; ticketId: string }
  | { phase: 'failed'; ticketId: string; why: string }
  | { phase: 'gone'; ticketId: string }
  | { phase: 'here'; ticketId: string; thread: Thread; unreadSeq: number | null; older: 'none' | 'more' | 'loading' };

/** The open ticket. */
export const open = signal<Open>({ phase: 'none' });

/** How many entries are fetched at first, and per page upwards. */
const stretch = 200;

/** Opens a ticket: its newest stretch of history, then what comes after it live. Assigns nothing, marks nothing read. */
export async function openTicket(ticketId: string | null): Promise<void> {
  const now = open.value;
  if (ticketId === null) {
    open.value = { phase: 'none' };
    return;
  }
  if (now.phase === 'here' && now.ticketId === ticketId) return;
  open.value = { phase: 'loading', ticketId };
  try {
    const ticket = listed(ticketId) ?? (await get<TicketView>(`/tickets/${ticketId}`));
    const entries = await eventsAfter(ticketId, Math.max(0, ticket.seq - stretch));
    if (open.value.phase !== 'loading' || open.value.ticketId !== ticketId) return;
    const thread = withEntries({ ticket, entries: [] }, entries);
    open.value = {
      phase: 'here',
      ticketId,
      thread,
      unreadSeq: firstUnread(thread),
      older: firstSeq(thread) > 1 ? 'more' : 'none',
    };
    unattended(insist(catchUp), 'watch');
  } catch (error) {
    if (open.value.phase !== 'loading' || open.value.ticketId !== ticketId) return;
    const gone = error instanceof Refused && (error.code === 'ticket.not-found' || error.code === 'input.invalid');
    open.value = gone ? { phase: 'gone', ticketId } : { phase: 'failed', ticketId, why: explain(error) };
  }
}

async function eventsAfter(ticketId: string, after: number): Promise<Entry[]> {
  const { events, next } = await get<{ events: Entry[]; next: number | null }>(`/tickets/${ticketId}/events`, {
    after,
  });
  return next === null ? events : [...events, ...(await eventsAfter(ticketId, next))];
}

/** Joins the open ticket's room and takes in what was missed; answers how many messages of others that was. Throws Refused or Unanswered. */
export async function catchUp(): Promise<number> {
  const now = open.value;
  if (now.phase !== 'here') return 0;
  const { ticketId } = now;
  let recovered = 0;
  let afterSeq: number | null = lastSeq(now.thread);
  let asked = messageIds(now.thread);
  try {
    while (afterSeq !== null) {
      const catchup: Awaited<ReturnType<typeof command<'ticket:watch'>>> = await command('ticket:watch', {
        ticketId,
        afterSeq,
        messageIds: asked,
      });
      change(ticketId, (thread) => withCatchup(thread, catchup));
      recovered += catchup.entries.filter(
        (entry) => entry.act === 'message.added' && entry.message.direction === 'in',
      ).length;
      asked = [];
      afterSeq = catchup.next;
    }
  } catch (error) {
    if (error instanceof Refused && error.code === 'ticket.not-found') ticketGone(ticketId);
    else throw error;
  }
  return recovered;
}

/** Fetches the stretch before what is held; nothing when there is none. */
export async function fetchOlder(): Promise<void> {
  const now = open.value;
  if (now.phase !== 'here' || now.older !== 'more') return;
  const { ticketId, thread } = now;
  open.value = { ...now, older: 'loading' };
  try {
    const first = firstSeq(thread);
    const { events } = await get<{ events: Entry[] }>(`/tickets/${ticketId}/events`, {
      after: Math.max(0, first - 1 - stretch),
    });
    change(ticketId, (held) =>
      withEntries(
        held,
        events.filter((entry) => entry.seq < first),
      ),
    );
  } finally {
    const then = open.value;
    if (then.phase === 'here' && then.ticketId === ticketId) {
      open.value = { ...then, older: firstSeq(then.thread) > 1 ? 'more' : 'none' };
    }
  }
}

/** Fetches older stretches until every unanswered forwarding of the ticket is held. */
export async function fetchForwardings(): Promise<void> {
  for (;;) {
    const now = open.value;
    if (now.phase !== 'here' || now.older !== 'more') return;
    const held = forwardingsOf(now.thread).filter((forwarding) => forwarding.answer === null).length;
    if (held >= now.thread.ticket.openForwardings) return;
    await fetchOlder();
  }
}

/** Takes in one entry; when others are missing before it, asks for them instead. */
export function entryAdded(entry: Entry): void {
  const now = open.value;
  if (now.phase !== 'here' || now.ticketId !== entry.ticketId) return;
  if (leavesGap(now.thread, entry)) unattended(insist(catchUp), 'fill a gap');
  else change(entry.ticketId, (thread) => withEntries(thread, [entry]));
}

/** Takes in that a message changed in place. */
export function messageChanged(message: MessageView): void {
  change(message.ticketId, (thread) => withMessage(thread, message));
}

/** Takes in that the ticket changed. */
export function openChanged(ticket: TicketView): void {
  change(ticket.id, (thread) => withTicket(thread, ticket));
}

/** The ticket is no longer seen. */
export function ticketGone(ticketId: string): void {
  const now = open.value;
  if (now.phase !== 'none' && now.ticketId === ticketId) open.value = { phase: 'gone', ticketId };
}

function change(ticketId: string, how: (thread: Thread) => Thread): void {
  const now = open.value;
  if (now.phase !== 'here' || now.ticketId !== ticketId) return;
  const thread = how(now.thread);
  if (thread !== now.thread) open.value = { ...now, thread };
}
