import { describe, expect, it } from 'vitest';
import type { ChannelView, Connection } from '#shared/channel.ts';
import { calledOut, patienceMs, troubledAfter } from '../../console/state/troubled.ts';

const channel = (id: string, connection: Connection, active = true): ChannelView => ({
  id,
  kind: 'email',
  name: id,
  departmentId: 'd',
  simulated: false,
  since: null,
  active,
  publicId: null,
  account: null,
  config: null,
  connection,
});
const away: Connection = { phase: 'waiting', retryAt: '', reason: 'mail.tls' };
const trying: Connection = { phase: 'connecting', attempt: 2 };

describe('a channel that is away', () => {
  it('is called out after a while, however often it tries again', () => {
    let now = troubledAfter(new Map(), [channel('a', away)], 1_000);
    expect(calledOut(now, new Map(), 1_000 + patienceMs - 1)).toBeNull();
    now = troubledAfter(now, [channel('a', trying)], 5_000);
    now = troubledAfter(now, [channel('a', away)], 9_000);
    expect(calledOut(now, new Map(), 1_000 + patienceMs)).toBe('a');
  });

  it('is not once it is back, paused or only starting', () => {
    const before = new Map([['a', 1]]);
    expect(troubledAfter(before, [channel('a', { phase: 'online', as: 'x' })], 2).size).toBe(0);
    expect(troubledAfter(before, [channel('a', away, false)], 2).size).toBe(0);
    expect(troubledAfter(new Map(), [channel('a', trying)], 2).size).toBe(0);
  });

  it('stays silent for the outage that was dismissed, not for the next', () => {
    const late = 10 * patienceMs;
    expect(calledOut(new Map([['a', 1]]), new Map([['a', 1]]), late)).toBeNull();
    expect(calledOut(new Map([['a', 2]]), new Map([['a', 1]]), late)).toBe('a');
  });
});
