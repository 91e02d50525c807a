import { describe, expect, it } from 'vitest';
import { afterRefusal, inOrder, sendable, withItem, withoutItem } from '../../console/state/outbox-order.ts';
import { aWaiting } from './build.ts';

const second = (n: number) => `2026-11-22T12:00:${String(n).padStart(2, '0')}.000Z`;
const item = (clientId: string, ticketId: string, n: number, more = {}) =>
  aWaiting({ clientId, ticketId, at: second(n), ...more });
const ids = (items: { clientId: string }[]) => items.map(({ clientId }) => clientId);

describe('the order of sending', () => {
  it('is that of writing, and the same for every tab', () => {
    expect(ids(inOrder([item('b', 't1', 2), item('z', 't1', 1), item('a', 't1', 2)]))).toEqual(['z', 'a', 'b']);
  });

  it('has one text of a ticket under way, tickets do not wait for each other', () => {
    const items = [item('a', 't1', 1), item('b', 't1', 2), item('c', 't2', 3)];
    expect(ids(sendable(items, new Set()))).toEqual(['a', 'c']);
    expect(ids(sendable(items, new Set(['t1'])))).toEqual(['c']);
  });

  it('goes on past a refused text, which waits for its writer', () => {
    const items = [item('a', 't1', 1, { refusal: { code: 'ticket.closed' } }), item('b', 't1', 2)];
    expect(ids(sendable(items, new Set()))).toEqual(['b']);
  });
});

describe('after a refusal', () => {
  it('waits when the server asks for it, and never calls that failed', () => {
    expect(afterRefusal({ code: 'rate.limited' })).toBe('wait');
    expect(afterRefusal({ code: 'service.unavailable' })).toBe('wait');
  });

  it('keeps the text for who signs in again', () => {
    expect(afterRefusal({ code: 'session.required' })).toBe('sign-in');
  });

  it('shows every other reason to the writer', () => {
    for (const code of ['ticket.closed', 'ticket.of-colleague', 'forbidden', 'internal', 'input.invalid'] as const) {
      expect(afterRefusal({ code })).toBe('failed');
    }
  });
});

describe('the list', () => {
  it('replaces an item in its place and takes one out', () => {
    const items = [item('a', 't1', 1), item('b', 't1', 2)];
    const refused = withItem(items, item('a', 't1', 1, { refusal: { code: 'forbidden' } }));
    expect([ids(refused), refused[0]?.refusal?.code]).toEqual([['a', 'b'], 'forbidden']);
    expect(ids(withoutItem(refused, 'a'))).toEqual(['b']);
  });
});
