import { batch, computed, signal } from '@preact/signals';
import type { TicketPage } from '#shared/api.ts';
import type { TicketView } from '#shared/ticket.ts';
import { explain } from '../explain.ts';
import { get } from '../http.ts';
import { insist } from '../insist.ts';
import { Unanswered } from '../refused.ts';
import { learn } from './attention.ts';
import { type Box, boxOf, searchOf } from './box.ts';
import { type ListPage, rowsOf, withMore, withoutTicket, withTicket } from './list-page.ts';
import { me } from './me.ts';

/** What the list column shows now. */
export const box = signal<Box>(boxOf({}));

/** Whether the list is being fetched, stands, or could not be fetched (and why). */
export const phase = signal<{ now: 'loading' | 'ready' | 'more' } | { now: 'failed'; why: string }>({ now: 'loading' });

const page = signal<ListPage>({ items: [], next: null });
const held = signal<readonly TicketView[] | null>(null);
const moved = signal<ReadonlySet<string>>(new Set());

/** The rows as they are drawn. */
export const rows = computed(() => rowsOf(page.value, held.value));

/** Whether there is a further page. */
export const hasMore = computed(() => page.value.next !== null);

/** How many rows came, went or moved while the list was held still. */
export const updates = computed(() => (held.value === null ? 0 : moved.value.size));

/** The newest version of a ticket that the list knows. */
export function listed(ticketId: string): TicketView | undefined {
  return page.value.items.find((item) => item.id === ticketId);
}

/** Every ticket of the list's fetched part, in the server's order. */
export function listedAll(): readonly TicketView[] {
  return page.value.items;
}

let asked = 0;

/** News that come in while a page is under way, null when none is: its answer may be older than they are. */
let meanwhile: ((page: ListPage) => ListPage)[] | null = null;

/** Shows another box: empties the list and fetches its first page. The same box again does nothing. */
export async function showBox(next: Box): Promise<void> {
  if (searchOf(next) === searchOf(box.value) && phase.value.now === 'ready') return;
  batch(() => {
    box.value = next;
    page.value = { items: [], next: null };
    release();
    phase.value = { now: 'loading' };
  });
  await insist(refetch);
}

/** Empties the list, for the next person at this browser. */
export function resetInbox(): void {
  asked += 1;
  batch(() => {
    page.value = { items: [], next: null };
    release();
    phase.value = { now: 'loading' };
  });
}

/** Fetches the visible page again, as long as it was, and puts it in place of the old one. Throws Unanswered. */
export async function refetch(): Promise<void> {
  const showing = box.value;
  if (showing.list === 'forwardings') {
    phase.value = { now: 'ready' };
    return;
  }
  asked += 1;
  const mine = asked;
  meanwhile = [];
  const limit = Math.min(100, Math.max(40, page.value.items.length));
  try {
    const fresh = await get<TicketPage>('/tickets', { ...showing.filter, limit });
    if (mine !== asked) return;
    batch(() => {
      const answered: ListPage = { items: fresh.items, next: fresh.next };
      change((meanwhile ?? []).reduce((so, news) => news(so), answered));
      meanwhile = null;
      phase.value = { now: 'ready' };
    });
    learn(fresh.items);
  } catch (error) {
    // What is shown is still true enough; only an empty column needs to say that it could not be filled.
    if (mine !== asked) return;
    meanwhile = null;
    phase.value = page.value.items.length > 0 ? { now: 'ready' } : { now: 'failed', why: explain(error) };
    if (error instanceof Unanswered) throw error;
  }
}

/** Fetches the next page, once at a time. */
export async function more(): Promise<void> {
  const { next } = page.value;
  const showing = box.value;
  if (next === null || phase.value.now !== 'ready' || showing.list !== 'tickets') return;
  phase.value = { now: 'more' };
  asked += 1;
  const mine = asked;
  try {
    const further = await get<TicketPage>('/tickets', { ...showing.filter, after: next, limit: 40 });
    if (mine !== asked) return;
    const known = new Set(page.value.items.map((item) => item.id));
    page.value = withMore(page.value, further);
    if (held.value) held.value = [...held.value, ...further.items.filter((item) => !known.has(item.id))];
  } finally {
    if (mine === asked) phase.value = { now: 'ready' };
  }
}

/** Takes in that a ticket changed. */
export function ticketChanged(ticket: TicketView): void {
  const showing = box.value;
  const agent = me.value?.agent;
  if (showing.list !== 'tickets' || !agent) return;
  const news = (so: ListPage) => withTicket(so, ticket, showing.filter, agent.id);
  meanwhile?.push(news);
  if (phase.value.now !== 'loading') change(news(page.value), ticket.id);
}

/** Takes in that a ticket is no longer seen: it leaves also a list that is held still. */
export function ticketLeft(ticketId: string): void {
  meanwhile?.push((so) => withoutTicket(so, ticketId));
  page.value = withoutTicket(page.value, ticketId);
  if (held.value) held.value = held.value.filter((item) => item.id !== ticketId);
}

/** Holds the rows where they are: nothing may move under the pointer or the focus. */
export function hold(): void {
  if (held.value === null && phase.value.now === 'ready') held.value = page.value.items;
}

/** Lets the rows go where they belong. */
export function release(): void {
  batch(() => {
    held.value = null;
    moved.value = new Set();
  });
}

function change(next: ListPage, ticketId?: string): void {
  const before = page.value.items;
  page.value = next;
  if (held.value === null) return;
  const place = (items: readonly TicketView[], id: string) => items.findIndex((item) => item.id === id);
  const ids = ticketId === undefined ? next.items.map((item) => item.id) : [ticketId];
  const gone = ids.filter((id) => place(before, id) !== place(next.items, id));
  if (gone.length > 0) moved.value = new Set([...moved.value, ...gone]);
}
