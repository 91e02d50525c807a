import type { Page } from '#shared/api.ts';
import type { TicketView } from '#shared/ticket.ts';
import { belongs, type Filter } from './box.ts';

/** The fetched beginning of a list, in its order; `next` is the cursor of what follows. */
export interface ListPage {
  items: readonly TicketView[];
  next: string | null;
}

/** The list after a ticket changed: it comes in, moves, is drawn anew or leaves. News older than what is shown are ignored. */
export function withTicket(page: ListPage, ticket: TicketView, filter: Filter, myId: string): ListPage {
  const known = page.items.find((item) => item.id === ticket.id);
  if (known && known.seq > ticket.seq) return page;
  const others = page.items.filter((item) => item.id !== ticket.id);
  if (!belongs(ticket, filter, myId)) return known ? { ...page, items: others } : page;
  const at = others.findIndex((item) => comesBefore(ticket, item, filter.order));
  // Beyond the fetched part it will come with its page.
  if (at === -1 && page.next !== null) return { ...page, items: others };
  const place = at === -1 ? others.length : at;
  return { ...page, items: [...others.slice(0, place), ticket, ...others.slice(place)] };
}

/** The list without a ticket that is no longer seen. */
export function withoutTicket(page: ListPage, ticketId: string): ListPage {
  const items = page.items.filter((item) => item.id !== ticketId);
  return items.length === page.items.length ? page : { ...page, items };
}

/** The list with its next page; what moved between the two requests is not shown twice. */
export function withMore(page: ListPage, more: Page<TicketView>): ListPage {
  const known = new Set(page.items.map((item) => item.id));
  return { items: [...page.items, ...more.items.filter((item) => !known.has(item.id))], next: more.next };
}

/** The server's order: by last word, ties by id. */
export function comesBefore(a: TicketView, b: TicketView, order: Filter['order']): boolean {
  const rising = a.lastAt === b.lastAt ? a.id < b.id : a.lastAt < b.lastAt;
  return order === 'oldest' ? rising : !rising;
}

/**
 * The rows to draw: the list itself, or, while it is held still, the rows that stood there when it was, each in its
 * newest version. Rows that went elsewhere meanwhile stay until it is let go.
 */
export function rowsOf(page: ListPage, held: readonly TicketView[] | null): readonly TicketView[] {
  if (held === null) return page.items;
  const live = new Map(page.items.map((item) => [item.id, item]));
  return held.map((item) => live.get(item.id) ?? item);
}
