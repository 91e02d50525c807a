import { describe, expect, it } from 'vitest';
import { once, story } from '../support/story.ts';

const from = '+5541988887777';

describe('the main job', async () => {
  const desk = await story();
  const { admin } = desk;

  it('opens with a live conversation of a pretended customer', async () => {
    const { body } = await admin.get('/tickets');
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({ status: 'waiting', simulated: true, agentId: null, closedAt: null });
    expect(body.items[0].unread).toBeGreaterThan(0);
  });

  it('a customer writes: a ticket opens with its channel, and consoles hear of it at once', async () => {
    const console_ = await admin.console();
    const { status, body } = await desk.writes('oi, minha internet caiu');
    expect([status, body]).toEqual([201, { result: 'stored' }]);
    const heard = await console_.hears<{ contact: { name: string } }>('ticket:changed');
    expect(heard).toMatchObject({ channel: 'whatsapp', status: 'waiting', contact: { name: 'Sérgio Luz' }, unread: 1 });
    expect(await desk.ticketOf(from)).toMatchObject({
      protocol: expect.stringMatching(/^\d{4}-\d{6}$/),
      lastMessage: { by: 'customer' },
    });
  });

  it('the next message continues the open ticket; a second delivery of a key changes nothing', async () => {
    const before = await desk.ticketOf(from);
    expect((await desk.writes('alguém aí?', { key: 'k1' })).status).toBe(201);
    const again = await desk.writes('alguém aí?', { key: 'k1' });
    expect([again.status, again.body]).toEqual([200, { result: 'known' }]);
    const after = await desk.ticketOf(from);
    expect(after.id).toBe(before.id);
    expect([after.unread, after.seq]).toEqual([2, before.seq + 1]);
  });

  it('peeking changes nothing; taking, answering and noting do, and the customer gets only the answer', async () => {
    const { id, seq } = await desk.ticketOf(from);
    expect((await admin.get(`/tickets/${id}`)).body).toMatchObject({ seq, unread: 2, agentId: null });
    expect((await admin.post(`/tickets/${id}/take`)).body).toMatchObject({ status: 'in-progress', unread: 0 });
    const sent = once({ text: 'Olá Sérgio, vou verificar.' });
    const first = await admin.post(`/tickets/${id}/messages`, sent);
    expect([first.status, first.body.direction, first.body.delivery.state]).toEqual([201, 'out', 'queued']);
    const second = await admin.post(`/tickets/${id}/messages`, sent);
    expect([second.status, second.body.id]).toEqual([200, first.body.id]);
    expect((await admin.post(`/tickets/${id}/notes`, once({ text: 'cliente calmo' }))).status).toBe(201);
    await expect
      .poll(async () => (await admin.get(`/simulator/outbox?to=${encodeURIComponent(from)}`)).body.items, {
        timeout: 20_000,
      })
      .toMatchObject([{ text: 'Olá Sérgio, vou verificar.', as: 'whatsapp' }]);
    await expect
      .poll(async () => (await admin.get(`/tickets/${id}/messages`)).body.items.at(-1).delivery.state, {
        timeout: 20_000,
      })
      .toBe('delivered');
  });

  it('R9 R21 R22 a forwarding keeps the ticket, blocks closing until it is answered, and is answered once', async () => {
    const { id } = await desk.ticketOf(from);
    const financeiro = await desk.department('Financeiro');
    const bruno = await desk.hire(admin, { name: 'Bruno Reis', departmentIds: [financeiro] });
    expect((await bruno.get(`/tickets/${id}`)).status).toBe(404);
    const asked = await admin.post(`/tickets/${id}/forwardings`, {
      toDepartmentId: financeiro,
      question: 'Está em dia?',
    });
    expect(asked.status).toBe(201);
    expect((await bruno.get('/forwardings?box=department&open=true')).body.items).toMatchObject([
      { id: asked.body.id, question: 'Está em dia?' },
    ]);

    const refused = await admin.post(`/tickets/${id}/close`, {});
    expect(refused.status).toBe(409);
    expect(refused.body.error).toMatchObject({
      code: 'ticket.has-open-forwardings',
      message: 'Há encaminhamento sem resposta: Financeiro.',
      about: { forwardings: [{ id: asked.body.id }] },
    });

    const conclusionId = await desk.conclusion('Resolvido');
    const path = `/tickets/${id}/forwardings/${asked.body.id}/answer`;
    const answered = await bruno.post(path, { conclusionId, text: 'Sim, em dia.' });
    expect([answered.status, answered.body.answer.text]).toEqual([200, 'Sim, em dia.']);
    const late = await admin.post(path, { conclusionId, text: 'Também acho.' });
    expect([late.status, late.body.error.code]).toEqual([409, 'forwarding.answered']);
    expect((await bruno.get(`/tickets/${id}`)).status).toBe(404);
  });

  it('R10 closes with date and closer; the next message of the customer opens a new ticket that knows the one before', async () => {
    const old = await desk.ticketOf(from);
    const closed = await admin.post(`/tickets/${old.id}/close`, { note: 'resolvido', notify: true });
    expect(closed.body).toMatchObject({
      status: 'closed',
      closedAt: expect.any(String),
      closedBy: { name: 'Ana Prado' },
      closingNote: 'resolvido',
    });
    expect((await admin.post(`/tickets/${old.id}/close`, {})).body.error.code).toBe('ticket.closed');
    expect((await desk.writes('voltou a cair')).status).toBe(201);
    const fresh = await desk.ticketOf(from);
    expect(fresh.id).not.toBe(old.id);
    expect(fresh).toMatchObject({ previousId: old.id, status: 'waiting' });
    expect(fresh.contact.id).toBe(old.contact.id);
  });

  it('tells every act once, in order, with who did what from which value to which', async () => {
    const { body } = await admin.get('/tickets?status=closed');
    const { events, next } = (await admin.get(`/tickets/${body.items[0].id}/events?after=0`)).body;
    expect(next).toBeNull();
    expect(events.map((event: { act: string }) => event.act)).toEqual([
      'ticket.opened',
      'message.added',
      'message.added',
      'ticket.taken',
      'message.added',
      'note.added',
      'forwarding.added',
      'forwarding.answered',
      'message.added',
      'ticket.closed',
    ]);
    expect(events.map((event: { seq: number }) => event.seq)).toEqual(
      events.map((_: unknown, index: number) => index + 1),
    );
    expect(events[3]).toMatchObject({
      actor: { name: 'Ana Prado' },
      before: { status: 'waiting', agentId: null },
      after: { status: 'in-progress' },
    });
    expect(events[9]).toMatchObject({
      before: { status: 'in-progress', closedAt: null },
      after: { status: 'closed', closingNote: 'resolvido' },
    });
    expect(JSON.stringify(events)).not.toMatch(/hash|salt|digest/i);
  });
});

describe('by hand', async () => {
  const desk = await story();
  const { admin } = desk;

  it('a ticket opened by hand waits, or is in progress when an agent is named; its messages are only recorded', async () => {
    const departmentId = await desk.department('Comercial');
    const waiting = await admin.post('/tickets', {
      contactName: 'Dona Rosa',
      description: 'ligou sobre planos',
      departmentId,
    });
    expect([waiting.status, waiting.body.status, waiting.body.channel]).toEqual([201, 'waiting', null]);
    const me = (await admin.get('/me')).body.agent.id;
    const mine = await admin.post('/tickets', {
      contactName: 'Dona Rosa',
      description: 'ligou',
      departmentId,
      agentId: me,
    });
    expect(mine.body).toMatchObject({ status: 'in-progress', agentId: me });
    const message = await admin.post(`/tickets/${mine.body.id}/messages`, once({ text: 'expliquei os planos' }));
    expect(message.body).toMatchObject({ direction: 'record', delivery: null });
  });
});
