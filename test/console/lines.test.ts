import { describe, expect, it } from 'vitest';
import type { Entry } from '#shared/history.ts';
import { type Line, linesOf } from '../../console/state/lines.ts';
import type { Waiting } from '../../console/state/outbox-order.ts';
import { aForwarding, asked, aTicket, aWaiting, happened, said } from './build.ts';

const day = (iso: string) => iso.slice(0, 10);
const draw = (entries: Entry[], waiting: Waiting[] = [], unread: number | null = null): Line[] =>
  linesOf({ ticket: aTicket(), entries }, waiting, unread, day);
const kinds = (lines: Line[]) => lines.map((line) => line.kind);

describe('lines of a thread', () => {
  it('start each day with its heading', () => {
    const lines = draw([
      said(1),
      said(2, { at: '2026-11-22T23:00:00.000Z' }),
      said(3, { at: '2026-11-23T00:10:00.000Z' }),
    ]);
    expect(kinds(lines)).toEqual(['day', 'message', 'message', 'day', 'message']);
  });

  it('join what one author says within a minute, and only that', () => {
    const lines = draw([
      said(1),
      said(2, { at: '2026-11-22T12:00:40.000Z' }),
      said(3, { at: '2026-11-22T12:02:00.000Z' }),
      said(4, { at: '2026-11-22T12:02:10.000Z', direction: 'out' }),
    ]);
    expect(lines.map((line) => line.kind === 'message' && line.joined)).toEqual([false, false, true, false, false]);
  });

  it('put the divider before the first unread message', () => {
    expect(kinds(draw([said(1), said(2)], [], 2))).toEqual(['day', 'message', 'unread', 'message']);
  });

  it('show a forwarding once, where it was asked, and its answering as an event', () => {
    const answer = {
      at: '2026-11-22T13:00:00.000Z',
      technicianId: 'a2',
      conclusionId: 'x',
      text: 'sim',
      recordedBy: { kind: 'agent' as const, id: 'a2', name: 'Bruno' },
      recordedAt: '2026-11-22T13:00:00.000Z',
    };
    const lines = draw([asked(1, aForwarding()), asked(2, aForwarding({ answer }))]);
    expect(kinds(lines)).toEqual(['day', 'forwarding', 'event']);
    const [, card] = lines;
    expect(card?.kind === 'forwarding' && card.forwarding.answer?.text).toBe('sim');
  });
});

describe('texts that wait', () => {
  it('stand below everything, and are drawn once when their message has arrived, under the same key', () => {
    const waiting = [aWaiting({ clientId: 'w1' }), aWaiting({ clientId: 'w2', at: '2026-11-22T12:00:01.000Z' })];
    const before = draw([happened(1, 'ticket.opened')], waiting);
    expect(kinds(before)).toEqual(['day', 'event', 'waiting', 'waiting']);
    const after = draw([happened(1, 'ticket.opened'), said(2, { direction: 'out', clientId: 'w1' })], waiting);
    expect(kinds(after)).toEqual(['day', 'event', 'message', 'waiting']);
    expect(after[2]?.key).toBe(before[2]?.key);
    expect(new Set(after.map((line) => line.key)).size).toBe(after.length);
  });
});
