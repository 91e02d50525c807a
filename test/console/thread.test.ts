import { describe, expect, it } from 'vitest';
import type { Entry } from '#shared/history.ts';
import type { DeliveryState } from '#shared/message.ts';
import {
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
} from '../../console/state/thread.ts';
import { aForwarding, aMessage, asked, aTicket, happened, said } from './build.ts';

const thread = (more: Partial<Thread> = {}): Thread => ({ ticket: aTicket(), entries: [], ...more });
const delivery = (state: DeliveryState) => ({ state, at: '2026-11-22T12:00:00.000Z', attempts: 1, failure: null });
const sent = (seq: number, state: DeliveryState) => said(seq, { direction: 'out', delivery: delivery(state) });
const stateOf = (now: Thread, seq: number) => {
  const entry = now.entries.find((candidate) => candidate.seq === seq);
  return entry?.act === 'message.added' ? entry.message.delivery?.state : undefined;
};

describe('entries by seq', () => {
  it('are joined from both sides, each once, ascending', () => {
    const tail = withEntries(thread(), [said(5), said(6)]);
    const whole = withEntries(withEntries(tail, [said(3), said(4), said(5)]), [said(7)]);
    expect(whole.entries.map((entry) => entry.seq)).toEqual([3, 4, 5, 6, 7]);
    expect(lastSeq(whole)).toBe(7);
  });

  it('that leave a gap are noticed, the next one and known ones are not', () => {
    const held = withEntries(thread(), [said(1), said(2)]);
    expect([4, 3, 2].map((seq) => leavesGap(held, said(seq)))).toEqual([true, false, false]);
    expect(leavesGap(thread(), said(9))).toBe(false);
  });
});

describe('delivery', () => {
  it('rises and never falls, whatever order the news come in', () => {
    let now = withEntries(thread(), [sent(1, 'queued')]);
    now = withMessage(now, aMessage({ id: 'm1', direction: 'out', delivery: delivery('delivered') }));
    now = withMessage(now, aMessage({ id: 'm1', direction: 'out', delivery: delivery('sent') }));
    now = withMessage(now, aMessage({ id: 'm1', direction: 'out', delivery: delivery('failed') }));
    expect(stateOf(now, 1)).toBe('delivered');
    expect(stateOf(withMessage(now, aMessage({ id: 'm1', direction: 'out', delivery: delivery('read') })), 1)).toBe(
      'read',
    );
  });

  it('is not lowered by an older copy of the entry', () => {
    const now = withEntries(withEntries(thread(), [sent(1, 'read')]), [sent(1, 'sent')]);
    expect(stateOf(now, 1)).toBe('read');
    expect(stateOf(withEntries(thread({ entries: [sent(1, 'sent')] }), [sent(1, 'read')]), 1)).toBe('read');
  });

  it('falls when another try begins or an agent gives it up', () => {
    const failed = withEntries(thread(), [sent(1, 'failed')]);
    const again = aMessage({ id: 'm1', direction: 'out', delivery: { ...delivery('queued'), attempts: 9 } });
    expect(stateOf(withMessage(failed, again), 1)).toBe('queued');
    const dropped = aMessage({ id: 'm1', direction: 'out', delivery: delivery('discarded') });
    expect(stateOf(withMessage(failed, dropped), 1)).toBe('discarded');
  });

  it('comes with everything else that changed in place, whatever the delivery says', () => {
    const now = withEntries(thread(), [sent(1, 'read')]);
    const edited = aMessage({ id: 'm1', direction: 'out', text: 'corrigido', delivery: delivery('sent') });
    const entry = withMessage(now, edited).entries[0];
    expect(entry).toMatchObject({ message: { text: 'corrigido', delivery: { state: 'read' } } });
  });

  it('is asked for again for the newest messages, each once', () => {
    expect(
      messageIds(thread({ entries: [sent(1, 'read'), said(2), happened(3, 'ticket.taken'), sent(4, 'sent')] })),
    ).toEqual(['m4', 'm2', 'm1']);
  });
});

describe('catching up', () => {
  it('brings the ticket, what was missed and where messages are now', () => {
    const held = thread({ entries: [sent(1, 'sent')], ticket: aTicket({ seq: 1 }) });
    const now = withCatchup(held, {
      ticket: aTicket({ seq: 3, agentId: 'a2' }),
      entries: [said(2), said(3)],
      next: null,
      messages: [aMessage({ id: 'm1', direction: 'out', delivery: delivery('read') })],
    });
    expect([now.ticket.agentId, lastSeq(now), stateOf(now, 1)]).toEqual(['a2', 3, 'read']);
  });

  it('ignores a ticket that is older, or another one', () => {
    const held = thread({ ticket: aTicket({ seq: 5 }) });
    expect(withTicket(held, aTicket({ seq: 4 }))).toBe(held);
    expect(withTicket(held, aTicket({ id: 'other', seq: 9 }))).toBe(held);
  });
});

describe('what the timeline needs to know', () => {
  it('each forwarding once, as it stands now', () => {
    const answer = {
      at: '2026-11-22T13:00:00.000Z',
      technicianId: 'a2',
      conclusionId: 'x',
      text: 'sim',
      recordedBy: { kind: 'agent' as const, id: 'a2', name: 'Bruno' },
      recordedAt: '2026-11-22T13:00:00.000Z',
    };
    const entries = [
      asked(1, aForwarding()),
      asked(2, aForwarding({ id: 'f2', forwardedAt: '2026-11-22T12:30:00.000Z' })),
      asked(3, aForwarding({ answer })),
    ];
    const all = forwardingsOf(thread({ entries }));
    expect(all.map(({ id, answer: given }) => [id, given !== null])).toEqual([
      ['f1', true],
      ['f2', false],
    ]);
  });

  it('where the unread customer messages begin', () => {
    const entries = [said(1), happened(2, 'ticket.taken'), said(3), said(4, { direction: 'out' }), said(5)];
    expect(firstUnread(thread({ entries, ticket: aTicket({ unread: 2 }) }))).toBe(3);
    expect(firstUnread(thread({ entries, ticket: aTicket({ unread: 0 }) }))).toBeNull();
    expect(firstUnread(thread({ entries, ticket: aTicket({ unread: 9 }) }))).toBeNull();
  });

  it('a message that was deleted is so where it was said; older news of it change nothing', () => {
    const told = (seq: number, act: 'message.edited' | 'message.removed', change: object): Entry => {
      const { message, ...frame } = said(seq, { id: 'm1', ...change }) as Extract<Entry, { message: unknown }>;
      return { ...frame, act, message };
    };
    const edited = told(2, 'message.edited', { text: 'olá', editedAt: '2026-11-22T12:01:00.000Z' });
    const removed = told(3, 'message.removed', { text: 'olá', removedAt: '2026-11-22T12:02:00.000Z' });
    const first = withEntries(thread({ entries: [said(1)] }), [edited]);
    expect(first.entries[0]).toMatchObject({ act: 'message.added', message: { text: 'olá', removedAt: null } });
    const gone = withEntries(first, [removed]);
    expect(gone.entries[0]).toMatchObject({ message: { removedAt: '2026-11-22T12:02:00.000Z' } });
    expect(withEntries(gone, [edited]).entries[0]).toEqual(gone.entries[0]);
  });
});
