import { describe, expect, it } from 'vitest';
import { boxOf } from '../../console/state/box.ts';
import { type ListPage, rowsOf, withMore, withoutTicket, withTicket } from '../../console/state/list-page.ts';
import { aTicket } from './build.ts';

const at = (minute: number) => `2026-11-22T12:${String(minute).padStart(2, '0')}:00.000Z`;
const ticket = (id: string, minute: number, more = {}) => aTicket({ id, lastAt: at(minute), ...more });
const page = (next: string | null = null): ListPage => ({
  items: [ticket('c', 3), ticket('b', 2), ticket('a', 1)],
  next,
});
const ids = ({ items }: Pick<ListPage, 'items'>) => items.map((item) => item.id).join('');
const box = boxOf({ status: 'open' });
const filter = box.list === 'tickets' ? box.filter : null;
if (!filter) throw new Error('no filter');

describe('a list that lives', () => {
  it('moves a ticket up when something is said in it', () => {
    expect(ids(withTicket(page(), ticket('a', 9, { seq: 2 }), filter, 'a1'))).toBe('acb');
  });

  it('takes a new ticket in at its place, in both orders', () => {
    expect(ids(withTicket(page(), ticket('n', 2), filter, 'a1'))).toBe('cnba');
    const rising: ListPage = { items: [...page().items].reverse(), next: null };
    expect(ids(withTicket(rising, ticket('n', 2), { ...filter, order: 'oldest' }, 'a1'))).toBe('abnc');
  });

  it('lets a ticket go that is no longer of this list', () => {
    const closed = ticket('b', 2, { seq: 5, closedAt: at(4) });
    expect(ids(withTicket(page(), closed, filter, 'a1'))).toBe('ca');
    expect(ids(withoutTicket(page(), 'b'))).toBe('ca');
  });

  it('leaves what belongs beyond the fetched part to its page, and keeps it when there is none', () => {
    expect(ids(withTicket(page('cursor'), ticket('z', 0), filter, 'a1'))).toBe('cba');
    expect(ids(withTicket(page(null), ticket('z', 0), filter, 'a1'))).toBe('cbaz');
  });

  it('ignores news that are older than what it shows', () => {
    const known: ListPage = { items: [ticket('a', 5, { seq: 7, unread: 0 })], next: null };
    expect(withTicket(known, ticket('a', 9, { seq: 6 }), filter, 'a1')).toBe(known);
    expect(withTicket(known, ticket('a', 5, { seq: 7, unread: 3 }), filter, 'a1').items[0]?.unread).toBe(3);
  });

  it('shows nothing twice when a page overlaps', () => {
    const more = withMore(page('x'), { items: [ticket('a', 1), ticket('0', 0)], next: null });
    expect([ids(more), more.next]).toEqual(['cba0', null]);
  });
});

describe('a list that is held still', () => {
  it('keeps its rows and their order, each in its newest version', () => {
    const held = page().items;
    let now = withTicket(page(), ticket('a', 9, { seq: 2, unread: 4 }), filter, 'a1');
    now = withTicket(now, ticket('n', 10), filter, 'a1');
    now = withTicket(now, ticket('b', 2, { seq: 3, closedAt: at(11) }), filter, 'a1');
    expect(rowsOf(now, held).map((row) => row.id)).toEqual(['c', 'b', 'a']);
    expect(rowsOf(now, held)[2]?.unread).toBe(4);
    expect(rowsOf(now, null).map((row) => row.id)).toEqual(['n', 'a', 'c']);
  });
});
