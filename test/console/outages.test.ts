import { describe, expect, it } from 'vitest';
import { pastOf } from '../../console/screens/settings/channel/outages.ts';

const at = (time: string) => `2026-11-26T${time}:00.000Z`;
const entry = (time: string, phase: string, recovered = 0, reason: string | null = null) => ({
  at: at(time),
  phase,
  reason,
  recovered,
});

describe('the history of a channel', () => {
  it('makes one outage of several tries, with what came in after it', () => {
    const log = [
      entry('14:11', 'online', 6),
      entry('14:10', 'connecting'),
      entry('14:05', 'waiting', 0, 'mail.tls'),
      entry('14:03', 'connecting'),
      entry('14:02', 'waiting', 0, 'mail.timeout'),
      entry('09:00', 'online'),
    ];
    expect(pastOf(log)).toEqual([
      { kind: 'outage', from: at('14:02'), to: at('14:11'), recovered: 6, reason: 'mail.tls' },
      { kind: 'change', at: at('09:00'), phase: 'online', reason: null },
    ]);
  });

  it('leaves an outage open while it lasts, and ends it by a pause', () => {
    expect(pastOf([entry('10:00', 'waiting', 0, 'mail.tls')])).toEqual([
      { kind: 'outage', from: at('10:00'), to: null, recovered: 0, reason: 'mail.tls' },
    ]);
    expect(pastOf([entry('10:05', 'off'), entry('10:00', 'waiting')])).toMatchObject([
      { kind: 'change', phase: 'off' },
      { kind: 'outage', to: at('10:05') },
    ]);
  });
});
