import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sees } from '#server/desk/access.ts';
import type { Caller } from '#server/desk/desk.ts';
import { audienceOf, ownRooms } from '#server/live/audience.ts';
import type { Ticket } from '#shared/ticket.ts';

const company = 'c';
const departments = ['d1', 'd2', 'd3'];
const agents = ['a1', 'a2'];

const ticket = fc.record({
  departmentId: fc.constantFrom(...departments),
  agentId: fc.option(fc.constantFrom(...agents), { nil: null }),
  forwardedTo: fc.subarray(departments),
}) as fc.Arbitrary<Pick<Ticket, 'departmentId' | 'agentId' | 'forwardedTo'>>;

const caller: fc.Arbitrary<Caller> = fc.record({
  actor: fc.constantFrom(...agents).map((id) => ({ kind: 'agent' as const, id, name: id })),
  role: fc.constantFrom('agent' as const, 'supervisor' as const, 'admin' as const),
  departmentIds: fc.subarray(departments),
});

const hears = (rooms: string[], by: Caller): boolean => ownRooms(company, by).some((room) => rooms.includes(room));

describe('the audience of a change', () => {
  it('is exactly those who see the ticket, by the same rule as lists and acts', () => {
    fc.assert(
      fc.property(ticket, caller, (after, by) => {
        const { now } = audienceOf(company, null, after as Ticket);
        expect(hears(now, by)).toBe(sees(by, after));
      }),
      { seed: 1 },
    );
  });

  it('tells "left" to exactly those who saw it and do not any more', () => {
    fc.assert(
      fc.property(ticket, ticket, caller, (before, after, by) => {
        const { now, gone } = audienceOf(company, before as Ticket, after as Ticket);
        const left = hears(gone, by) && !hears(now, by);
        expect(left).toBe(sees(by, before) && !sees(by, after));
      }),
      { seed: 1 },
    );
  });
});
