import { describe, expect, it } from 'vitest';
import { story } from '../../support/story.ts';

describe('close', async () => {
  const desk = await story();
  const { admin } = desk;
  const departmentId = await desk.department('Suporte técnico');
  const toDepartmentId = await desk.department('Financeiro');
  const me = (await admin.get('/me')).body.agent.id;
  const ticket = async (): Promise<string> =>
    (await admin.post('/tickets', { contactName: 'X', description: 'y', departmentId, agentId: me })).body.id;

  it('R9 of a forwarding and a closing at once exactly one wins, whichever it is', async () => {
    const outcomes = new Set<string>();
    for (let race = 0; race < 20; race += 1) {
      const id = await ticket();
      const [closed, forwarded] = await Promise.all([
        admin.post(`/tickets/${id}/close`, {}),
        admin.post(`/tickets/${id}/forwardings`, { toDepartmentId, question: 'e aí?' }),
      ]);
      const now = (await admin.get(`/tickets/${id}`)).body;
      outcomes.add(`${closed.status} ${forwarded.status}`);
      if (closed.status === 200) {
        expect(forwarded.body.error.code).toBe('ticket.closed');
        expect(now).toMatchObject({ status: 'closed', openForwardings: 0 });
      } else {
        expect([closed.body.error.code, forwarded.status]).toEqual(['ticket.has-open-forwardings', 201]);
        expect(now).toMatchObject({ status: 'in-progress', openForwardings: 1, closedAt: null });
      }
    }
    expect([...outcomes].every((outcome) => ['200 409', '409 201'].includes(outcome))).toBe(true);
  });

  it('R10 of two who close at once one wins; the same client id gets the first answer again', async () => {
    const id = await ticket();
    const clientId = 'close-1';
    const [a, b] = await Promise.all([
      admin.post(`/tickets/${id}/close`, { clientId, note: 'fim' }),
      admin.post(`/tickets/${id}/close`, { clientId, note: 'fim' }),
    ]);
    expect([a.status, b.status]).toEqual([200, 200]);
    expect(a.body).toEqual(b.body);
    expect((await admin.post(`/tickets/${id}/close`, { note: 'fim' })).body.error.code).toBe('ticket.closed');
    const { events } = (await admin.get(`/tickets/${id}/events?after=0`)).body;
    expect(events.filter(({ act }: { act: string }) => act === 'ticket.closed')).toHaveLength(1);
  });

  it('tells the customer only when asked to', async () => {
    await desk.writes('oi', { from: '+551', name: 'Eva' });
    const told = await desk.ticketOf('+551');
    await admin.post(`/tickets/${told.id}/close`, { notify: true });
    await desk.writes('oi', { from: '+552', name: 'Ivo' });
    const untold = await desk.ticketOf('+552');
    await admin.post(`/tickets/${untold.id}/close`, {});
    await expect
      .poll(async () => (await admin.get('/simulator/outbox?to=%2B551')).body.items.length, { timeout: 20_000 })
      .toBe(1);
    expect((await admin.get('/simulator/outbox?to=%2B551')).body.items[0].text).toContain(told.protocol);
    expect((await admin.get('/simulator/outbox?to=%2B552')).body.items).toEqual([]);
  });
});
