import { describe, expect, it } from 'vitest';
import type { MessageView } from '#shared/message.ts';
import { doableOf } from '../../console/state/doable.ts';

const me = { kind: 'agent' as const, id: 'a1', name: 'Ana' };
const ticket = { channel: 'telegram' as const, agentId: 'a1', closedAt: null, simulated: false };
const ours: Pick<MessageView, 'direction' | 'author' | 'text' | 'delivery' | 'removedAt'> = {
  direction: 'out',
  author: me,
  text: 'oi',
  delivery: { state: 'sent', at: '', attempts: 1, failure: null },
  removedAt: null,
};
const theirs = { ...ours, direction: 'in' as const, author: { ...me, kind: 'customer' as const }, delivery: null };
const all = { quote: true, react: true, edit: true, remove: true };
const nothing = { quote: false, react: false, edit: false, remove: false };

describe('what can be done to a message', () => {
  it('of one’s own that was sent: everything; of the customer: quoting and reacting', () => {
    expect(doableOf(ticket, ours, 'a1')).toEqual(all);
    expect(doableOf(ticket, theirs, 'a1')).toEqual({ ...nothing, quote: true, react: true });
    expect(doableOf(ticket, ours, 'a2')).toEqual({ ...nothing, quote: true, react: true });
  });

  it('that has not reached the network is neither reacted to nor changed', () => {
    const queued = { ...ours, delivery: { state: 'queued' as const, at: '', attempts: 0, failure: null } };
    expect(doableOf(ticket, queued, 'a1')).toEqual({ ...nothing, quote: true });
  });

  it('a file without words is taken back, not edited', () => {
    expect(doableOf(ticket, { ...ours, text: '' }, 'a1')).toEqual({ ...all, edit: false });
  });

  it('is what the network can, and nothing where all is over', () => {
    expect(doableOf({ ...ticket, channel: 'email' }, ours, 'a1')).toEqual({ ...nothing, quote: true });
    expect(doableOf({ ...ticket, simulated: true }, ours, 'a1')).toEqual({ ...all, react: false });
    expect(doableOf({ ...ticket, agentId: null }, theirs, 'a1')).toEqual({ ...nothing, react: true });
    expect(doableOf({ ...ticket, closedAt: '2026-01-01' }, ours, 'a1')).toEqual(nothing);
    expect(doableOf(ticket, { ...ours, removedAt: '2026-01-01' }, 'a1')).toEqual(nothing);
  });
});
