import { describe, expect, it } from 'vitest';
import { read } from '../../console/preferences.ts';
import { rings } from '../../console/sound.ts';
import { callsFor } from '../../console/state/attention.ts';
import { aTicket } from './build.ts';

describe('kept choices', () => {
  it('fall back to the usual ones: sound on, keys on, the theme of the system', () => {
    const usual = { theme: 'auto', language: null, sound: true, keys: true };
    for (const text of [null, '', '{', 'null', '{"theme":"pink","language":"fr"}']) expect(read(text)).toEqual(usual);
  });

  it('are taken where they make sense', () => {
    expect(read('{"theme":"dark","language":"en","sound":false,"keys":false}')).toEqual({
      theme: 'dark',
      language: 'en',
      sound: false,
      keys: false,
    });
  });
});

describe('the sound', () => {
  it('rings once for a burst', () => {
    expect([0, 1_499, 1_500].map((later) => rings(1_000, 1_000 + later))).toEqual([false, false, true]);
  });

  it('is for a customer’s new word in my ticket or in nobody’s', () => {
    const ticket = aTicket();
    const at = ticket.lastMessage?.at ?? '';
    const earlier = '2026-11-22T11:00:00.000Z';
    expect(callsFor(earlier, ticket, 'a1')).toBe(true);
    expect(callsFor(at, ticket, 'a1')).toBe(false);
    expect(callsFor(null, ticket, 'a1')).toBe(true);
    expect(callsFor(earlier, aTicket({ agentId: 'a1' }), 'a1')).toBe(true);
    expect(callsFor(earlier, aTicket({ agentId: 'a2' }), 'a1')).toBe(false);
    expect(callsFor(earlier, aTicket({ closedAt: at }), 'a1')).toBe(false);
    expect(callsFor(earlier, aTicket({ lastMessage: { at, preview: 'x', by: 'agent' } }), 'a1')).toBe(false);
  });
});
