import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { customerTyping, forgetTyping, typing } from '../../console/state/typing.ts';

describe('a customer who types', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    forgetTyping();
    vi.useRealTimers();
  });

  it('stops when told, or by itself when nobody tells', () => {
    customerTyping({ ticketId: 't1', on: true });
    customerTyping({ ticketId: 't2', on: true });
    customerTyping({ ticketId: 't1', on: false });
    expect([...typing.value]).toEqual(['t2']);
    vi.advanceTimersByTime(7_000);
    customerTyping({ ticketId: 't2', on: true });
    vi.advanceTimersByTime(7_000);
    expect([...typing.value]).toEqual(['t2']);
    vi.advanceTimersByTime(1_000);
    expect([...typing.value]).toEqual([]);
  });
});
