import { describe, expect, it } from 'vitest';
import { may, mayAnswer, type TicketAct } from '../../console/state/may.ts';
import { aForwarding, aMe, aTicket } from './build.ts';

const acts: TicketAct[] = ['take', 'reply', 'forward', 'transfer', 'close'];
const allowed = (by: Parameters<typeof may>[0], ticket = aTicket()) => acts.filter((act) => may(by, act, ticket));

describe('what is drawn for whom', () => {
  it('an agent of the department takes and replies; the rest is for who holds the ticket', () => {
    expect(allowed(aMe())).toEqual(['take', 'reply']);
    expect(allowed(aMe(), aTicket({ agentId: 'a1' }))).toEqual(acts);
  });

  it('a supervisor of the department may do everything, one of another nothing', () => {
    expect(allowed(aMe('supervisor', ['support']))).toEqual(acts);
    expect(allowed(aMe('supervisor', ['finance']))).toEqual([]);
    expect(allowed(aMe('supervisor', []))).toEqual(acts);
    expect(allowed(aMe('admin', []))).toEqual(acts);
  });

  it('a department that owes an answer asks onward and nothing else', () => {
    expect(allowed(aMe('agent', ['finance']), aTicket({ forwardedTo: ['finance'] }))).toEqual(['forward']);
  });
});

describe('who ends a forwarding', () => {
  it('its destination answers, who asked takes it back, others look on', () => {
    expect(mayAnswer(aMe('agent', ['finance']), aForwarding())).toBe('destination');
    expect(mayAnswer(aMe('agent', ['support']), aForwarding())).toBe('requester');
    const ofOther = aForwarding({ by: { kind: 'agent', id: 'a9', name: 'Rui' } });
    expect(mayAnswer(aMe('agent', ['support']), ofOther)).toBeNull();
  });
});
