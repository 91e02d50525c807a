import { describe, expect, it } from 'vitest';
import { belongs, boxOf, hrefOf, searchOf, showsBox } from '../../console/state/box.ts';
import { aTicket } from './build.ts';

const filterOf = (query: Record<string, string>) => {
  const box = boxOf(query);
  if (box.list !== 'tickets') throw new Error('not a list of tickets');
  return box.filter;
};

describe('the address as the filter', () => {
  it('reads back what it wrote', () => {
    for (const search of [
      '',
      '?status=waiting',
      '?status=open&departmentId=d1',
      '?status=closed&order=oldest&channel=email&q=ana+paula',
      '?box=forwardings',
    ]) {
      expect(searchOf(boxOf(Object.fromEntries(new URLSearchParams(search))))).toBe(search);
    }
  });

  it('stands in the address of a list or of a ticket, and in no other', () => {
    expect(['/', '/atendimentos/6b08', '/configuracoes', '/configuracoes/canais', '/entrar'].map(showsBox)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('shows my own tickets for an address that says nothing, or nonsense', () => {
    expect(filterOf({})).toEqual({ status: 'mine', order: 'newest' });
    expect(filterOf({ status: 'constructor', order: 'x', channel: 'fax', q: '  ' })).toEqual(filterOf({}));
  });

  it('puts who waits longest first only where nobody answers', () => {
    expect(filterOf({ status: 'waiting' }).order).toBe('oldest');
    expect(filterOf({ status: 'open' }).order).toBe('newest');
  });

  it('keeps the ticket in the path and the filter in the query', () => {
    expect(hrefOf(boxOf({ status: 'waiting' }), 't1')).toBe('/atendimentos/t1?status=waiting');
    expect(hrefOf(boxOf({}))).toBe('/');
  });
});

describe('membership', () => {
  it('tells boxes apart by agent and closing', () => {
    const mine = aTicket({ agentId: 'a1', status: 'in-progress' });
    const closed = aTicket({ agentId: 'a1', status: 'closed', closedAt: '2026-11-22T13:00:00.000Z' });
    const table = (status: string) => [aTicket(), mine, closed].map((one) => belongs(one, filterOf({ status }), 'a1'));
    expect(table('waiting')).toEqual([true, false, false]);
    expect(table('mine')).toEqual([false, true, false]);
    expect(table('open')).toEqual([true, true, false]);
    expect(table('closed')).toEqual([false, false, true]);
  });

  it('narrows by department, channel and agent', () => {
    expect(belongs(aTicket(), filterOf({ status: 'open', departmentId: 'finance' }), 'a1')).toBe(false);
    expect(belongs(aTicket(), filterOf({ status: 'open', channel: 'email' }), 'a1')).toBe(false);
    expect(belongs(aTicket({ agentId: 'a2' }), filterOf({ status: 'open', agentId: 'a2' }), 'a1')).toBe(true);
  });

  it('finds beginnings of words of name and protocol, without accents', () => {
    const ticket = aTicket({ contact: { id: 'k', name: 'João Batista' } });
    const finds = (q: string) => belongs(ticket, filterOf({ status: 'open', q }), 'a1');
    expect(['joao', 'bat jo', '2026-0', '000001'].map(finds)).toEqual([true, true, true, true]);
    expect(['atista', '01', 'joao silva'].map(finds)).toEqual([false, false, false]);
  });
});
