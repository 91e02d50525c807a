import { describe, expect, it } from 'vitest';
import { firstBroken, link } from '#server/desk/history.ts';
import { createSeal } from '#server/seal.ts';
import { storeOf } from '#server/store/store.ts';
import { testDatabase } from '../support/database.ts';
import { once, story } from '../support/story.ts';

describe('the history of a ticket', async () => {
  const connection = await testDatabase();
  const desk = await story({ connection });
  const seal = createSeal('any');
  const company = (await desk.admin.get('/me')).body.company.id;
  const store = storeOf(connection, company);
  const { id } = (await desk.admin.get('/tickets')).body.items[0];
  await desk.admin.post(`/tickets/${id}/take`);
  await desk.admin.post(`/tickets/${id}/notes`, once({ text: 'uma nota' }));
  await desk.admin.post(`/tickets/${id}/close`, { note: 'fim' });
  const events = await store.history.after(id, 0, 500);
  const head = (await store.tickets.byId(id))?.headHash ?? '';

  it('is a whole chain up to the head on the ticket', () => {
    expect(events.length).toBeGreaterThan(4);
    expect(firstBroken(seal, events, head)).toBeNull();
  });

  it('shows a changed actor, value, reason, time, order, a removed event and a cut tail', () => {
    const at = 3;
    const changed = (change: object) => events.map((event, index) => (index === at ? { ...event, ...change } : event));
    expect(firstBroken(seal, changed({ actor: { kind: 'agent', id: 'f'.repeat(24), name: 'x' } }), head)).toBe(at + 1);
    expect(firstBroken(seal, changed({ after: { status: 'closed' } }), head)).toBe(at + 1);
    expect(firstBroken(seal, changed({ reason: 'x' }), head)).toBe(at + 1);
    expect(firstBroken(seal, changed({ at: '2020-01-01T00:00:00.000Z' }), head)).toBe(at + 1);
    expect(
      firstBroken(
        seal,
        events.filter((_, index) => index !== at),
        head,
      ),
    ).toBe(at + 1);
    expect(firstBroken(seal, [...events].reverse(), head)).toBe(1);
    expect(firstBroken(seal, events.slice(0, -1), head)).toBe(events.length);
  });

  it('shows a forged event even when it is sealed anew and the next one is pointed at it', async () => {
    const { app } = desk;
    const ticket = await store.tickets.byId(id);
    const event = events[1];
    const next = events[2];
    if (ticket === null || event === undefined || next === undefined) throw new Error('too short a history');
    const { seq, at, actor, reason, before } = event;
    const frame = { ticket, seq, at, actor, reason, before, after: { forged: true } };
    const forged = link(await app.deskOf(company), frame, { act: 'ticket.taken' }, event.prevHash);
    const chain = events.map((one) =>
      one === event ? forged : one === next ? { ...next, prevHash: forged.hash } : one,
    );
    expect(firstBroken(seal, chain, head)).toBe(next.seq);
  });

  it('stays whole when names are erased together with their salt', () => {
    const erased = events.map((event) => ({ ...event, salt: '', actor: { ...event.actor, name: '' } }));
    expect(firstBroken(seal, erased, head)).toBeNull();
  });
});
