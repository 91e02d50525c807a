// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { TicketPage } from '#shared/api.ts';
import { Unanswered } from '../../console/refused.ts';
import { boxOf } from '../../console/state/box.ts';
import {
  hold,
  phase,
  refetch,
  release,
  resetInbox,
  rows,
  showBox,
  ticketChanged,
  ticketLeft,
  updates,
} from '../../console/state/inbox.ts';
import { me } from '../../console/state/me.ts';
import { setLanguage } from '../../console/text.ts';
import { aMe, aTicket } from './build.ts';

const company = { id: 'x', name: 'X', language: 'pt-BR' as const, timezone: 'America/Sao_Paulo' };
const at = (minute: number) => `2026-11-22T12:${String(minute).padStart(2, '0')}:00.000Z`;
const ticket = (id: string, minute: number, more = {}) => aTicket({ id, lastAt: at(minute), ...more });
const ids = () => rows.value.map((row) => row.id).join('');

/** Lets the test answer the list's requests by hand, in any order. */
function network() {
  const open: ((page: TicketPage) => void)[] = [];
  vi.stubGlobal('fetch', () => {
    return new Promise<Response>((resolve) => {
      open.push((page) => resolve(new Response(JSON.stringify(page), { status: 200 })));
    });
  });
  return open;
}

beforeEach(async () => {
  await setLanguage('pt-BR');
  me.value = { ...aMe('admin', []), company };
  resetInbox();
});

describe('the list on screen', () => {
  it('keeps news that came in while its page was under way', async () => {
    const requests = network();
    const shown = showBox(boxOf({ status: 'open' }));
    ticketChanged(ticket('n', 9));
    ticketLeft('b');
    requests[0]?.({ items: [ticket('b', 2), ticket('a', 1)], next: null });
    await shown;
    expect([phase.value.now, ids()]).toEqual(['ready', 'na']);
  });

  it('is not overwritten by an answer that was asked for earlier', async () => {
    const requests = network();
    const first = showBox(boxOf({ status: 'open', q: 'x' }));
    const second = showBox(boxOf({ status: 'open' }));
    requests[1]?.({ items: [ticket('b', 2)], next: null });
    requests[0]?.({ items: [ticket('a', 1)], next: null });
    await Promise.all([first, second]);
    expect(ids()).toBe('b');
  });

  it('held still counts what moved, and lets a ticket go at once that may not be seen any more', async () => {
    const requests = network();
    const shown = showBox(boxOf({ status: 'open' }));
    requests[0]?.({ items: [ticket('c', 3), ticket('b', 2), ticket('a', 1)], next: null });
    await shown;
    hold();
    ticketChanged(ticket('a', 9, { seq: 2 }));
    ticketChanged(ticket('n', 10));
    expect([ids(), updates.value]).toEqual(['cba', 2]);
    ticketLeft('b');
    expect(ids()).toBe('ca');
    release();
    expect([ids(), updates.value]).toEqual(['nac', 0]);
  });

  it('stays as it is when asking again fails, and says why when there is nothing to show', async () => {
    const requests = network();
    const shown = showBox(boxOf({ status: 'open' }));
    requests[0]?.({ items: [ticket('a', 1)], next: null });
    await shown;
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')));
    await expect(refetch()).rejects.toThrow(Unanswered);
    expect([phase.value.now, ids()]).toEqual(['ready', 'a']);
    resetInbox();
    await expect(refetch()).rejects.toThrow(Unanswered);
    expect(phase.value.now).toBe('failed');
  });
});
