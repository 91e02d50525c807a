// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { clock, dayKey, dayTitle, elapsed, instantOf, shortTime, timezone } from '../../console/format.ts';
import { setLanguage } from '../../console/text.ts';

const now = '2026-11-22T15:00:00.000Z';

beforeEach(async () => {
  timezone.value = 'America/Sao_Paulo';
  await setLanguage('pt-BR');
});

describe('times', () => {
  it('are told in the company’s zone, whatever the machine’s', () => {
    expect(clock('2026-11-22T12:04:00.000Z')).toBe('09:04');
    timezone.value = 'America/Manaus';
    expect(clock('2026-11-22T12:04:00.000Z')).toBe('08:04');
  });

  it('follow the language', async () => {
    await setLanguage('en');
    expect(clock('2026-11-22T12:04:00.000Z').replace(/\s/u, ' ')).toMatch(/^0?9:04 AM$/);
  });

  it('name days by the calendar of the zone', () => {
    expect(dayKey('2026-11-23T02:59:00.000Z')).toBe('2026-11-22');
    expect(dayKey('2026-11-23T03:00:00.000Z')).toBe('2026-11-23');
    expect(dayTitle('2026-11-22T03:00:00.000Z', now)).toBe('Hoje, 22 de novembro');
    expect(dayTitle('2026-11-22T02:59:00.000Z', now)).toBe('Ontem, 21 de novembro');
    expect(dayTitle('2025-11-22T12:00:00.000Z', now)).toBe('22 de novembro de 2025');
  });

  it('are short where there is little room', () => {
    expect(shortTime('2026-11-22T18:30:00.000Z', now)).toBe('15:30');
    expect(shortTime('2026-11-24T18:30:00.000Z', now)).toMatch(/^24\/11,? 15:30$/);
  });

  it('say how long something lasts in one unit', () => {
    const ago = (minutes: number) => elapsed(new Date(Date.parse(now) - minutes * 60_000).toISOString(), now);
    expect([0, 1, 59, 60, 47 * 60, 48 * 60].map(ago)).toEqual(['agora', '1 min', '59 min', '1 h', '47 h', '2 d']);
  });
});

describe('a time that somebody typed', () => {
  it('is of the company’s zone', () => {
    expect(instantOf('2026-11-22T09:04')).toBe('2026-11-22T12:04:00.000Z');
    expect(instantOf('')).toBeNull();
  });

  it('is right on both sides of a clock change', () => {
    timezone.value = 'America/New_York';
    expect(instantOf('2026-03-08T01:30')).toBe('2026-03-08T06:30:00.000Z');
    expect(instantOf('2026-03-08T03:30')).toBe('2026-03-08T07:30:00.000Z');
    expect(instantOf('2026-11-01T12:00')).toBe('2026-11-01T17:00:00.000Z');
  });
});
