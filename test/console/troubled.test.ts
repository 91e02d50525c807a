import { describe, expect, it } from 'vitest';
import type { ChannelView, Connection } from '#shared/channel.ts';
import { calledOut, patienceMs, stillDismissed, troubledAfter } from '../../console/state/troubled.ts';

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
    expect(calledOut(now, 1_000 + patienceMs - 1)).toEqual([]);
    now = troubledAfter(now, [channel('a', trying)], 5_000);
    now = troubledAfter(now, [channel('a', away)], 9_000);
    expect(calledOut(now, 1_000 + patienceMs)).toEqual(['a']);
  });

  it('is not once it is back, paused or only starting', () => {
    const before = new Map([['a', 1]]);
    expect(troubledAfter(before, [channel('a', { phase: 'online', as: 'x' })], 2).size).toBe(0);
    expect(troubledAfter(before, [channel('a', away, false)], 2).size).toBe(0);
    expect(troubledAfter(new Map(), [channel('a', trying)], 2).size).toBe(0);
  });

  it('is known to a console that opens only now, by what the server tells', () => {
    const since = new Date(5_000).toISOString();
    const now = troubledAfter(new Map(), [{ ...channel('a', away), since }], 5_000 + patienceMs);
    expect(calledOut(now, 5_000 + patienceMs)).toEqual(['a']);
    // The clock of the server may be ahead.
    expect(troubledAfter(new Map(), [{ ...channel('a', away), since }], 4_000).get('a')).toBe(4_000);
  });

  it('that has been away the longest is told first', () => {
    expect(
      calledOut(
        new Map([
          ['a', 2],
          ['b', 1],
        ]),
        10 * patienceMs,
      ),
    ).toEqual(['b', 'a']);
  });

  it('stays silent for the outage that was dismissed, not for the next', () => {
    expect(stillDismissed(['a', 'unknown'], [channel('a', trying)])).toEqual(['a', 'unknown']);
    expect(stillDismissed(['a'], [channel('a', { phase: 'online', as: 'x' })])).toEqual([]);
    expect(stillDismissed(['a'], [channel('a', away, false)])).toEqual([]);
  });
});
