import { describe, expect, it } from 'vitest';
import { newClientId } from '#shared/client-id.ts';
import { once, story } from '../support/story.ts';

const from = '+5541999990001';

describe('two agents and a supervisor', async () => {
  const desk = await story();
  const { admin } = desk;
  const suporte = await desk.department('Suporte técnico');
  const financeiro = await desk.department('Financeiro');
  const lia = await desk.hire(admin, { name: 'Lia Ramos', departmentIds: [suporte] });
  const bia = await desk.hire(admin, { name: 'Bia Nunes', departmentIds: [financeiro] });
  const carla = await desk.hire(admin, { name: 'Carla Melo', role: 'supervisor' });

  it('who loses sight sees the ticket leave, who gains it sees it come, and nobody else hears a word', async () => {
    const [ofLia, ofBia, ofCarla] = [await lia.console(), await bia.console(), await carla.console()];
    await desk.writes('oi', { from, name: 'João Batista' });
    const ticket = await desk.ticketOf(from);
    await ofLia.hears<{ id: string }>('ticket:changed', ({ id }) => id === ticket.id);
    await ofLia.ask('ticket:watch', { ticketId: ticket.id, afterSeq: 0, messageIds: [] });

    const moved = await carla.post(`/tickets/${ticket.id}/transfer`, {
      departmentId: financeiro,
      reason: 'é cobrança',
    });
    expect([moved.status, moved.body.departmentId]).toEqual([200, financeiro]);
    await ofLia.hears<{ ticketId: string }>('ticket:left', ({ ticketId }) => ticketId === ticket.id);
    await ofBia.hears<{ id: string }>('ticket:changed', ({ id }) => id === ticket.id);
    await ofCarla.hears<{ departmentId: string }>('ticket:changed', ({ departmentId }) => departmentId === financeiro);

    const heardBefore = ofLia.heard.length;
    await bia.post(`/tickets/${ticket.id}/messages`, once({ text: 'segredo do financeiro' }));
    await ofBia.hears<{ lastMessage: { by: string } }>(
      'ticket:changed',
      ({ lastMessage }) => lastMessage?.by === 'agent',
    );
    expect(ofLia.heard.slice(heardBefore)).toEqual([]);
    expect(ofBia.heard.filter(({ event }) => event === 'ticket:left')).toEqual([]);
    expect((await lia.get(`/tickets/${ticket.id}/events?after=0`)).status).toBe(404);
  });

  it('of two who take at once exactly one wins and the other learns who', async () => {
    await desk.writes('oi', { from: '+5541999990002', name: 'Rita' });
    const { id } = await desk.ticketOf('+5541999990002');
    const answers = await Promise.all([lia.post(`/tickets/${id}/take`), carla.post(`/tickets/${id}/take`)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body.error.code).toBe('ticket.taken');
    expect(refused?.body.error.message).toMatch(/assumido por (Lia Ramos|Carla Melo)/);
  });

  it("answering in a colleague's ticket needs the word", async () => {
    await desk.writes('oi', { from: '+5541999990003', name: 'Davi' });
    const { id } = await desk.ticketOf('+5541999990003');
    await lia.post(`/tickets/${id}/take`);
    const refused = await carla.post(`/tickets/${id}/messages`, once({ text: 'eu ajudo' }));
    expect(refused.body.error).toMatchObject({
      code: 'ticket.of-colleague',
      message: 'Este atendimento é de Lia Ramos.',
    });
    expect((await carla.post(`/tickets/${id}/messages`, once({ text: 'eu ajudo', participate: true }))).status).toBe(
      201,
    );
  });

  it('a console that was away catches up by seq, without a gap and without a double', async () => {
    await desk.writes('um', { from: '+5541999990004', name: 'Nina' });
    const { id } = await desk.ticketOf('+5541999990004');
    const before = await lia.console();
    const first = await before.ask('ticket:watch', { ticketId: id, afterSeq: 0, messageIds: [] });
    expect(first).toMatchObject({ ok: true, value: { next: null, entries: [{ seq: 1 }, { seq: 2 }] } });
    before.socket.close();
    for (const text of ['dois', 'três']) await desk.writes(text, { from: '+5541999990004', name: 'Nina' });
    const after = await lia.console();
    const missed = await after.ask('ticket:watch', { ticketId: id, afterSeq: 2, messageIds: [] });
    expect(missed).toMatchObject({ ok: true, value: { entries: [{ seq: 3 }, { seq: 4 }], next: null } });
    await desk.writes('quatro', { from: '+5541999990004', name: 'Nina' });
    expect(await after.hears('entry:added')).toMatchObject({
      seq: 5,
      act: 'message.added',
      message: { text: 'quatro' },
    });
  });

  it('socket commands answer, refuse with a code and never crash', async () => {
    const console_ = await lia.console();
    const { id } = await desk.ticketOf('+5541999990004');
    const clientId = newClientId();
    const sent = await console_.ask('message:send', { ticketId: id, clientId, text: 'olá' });
    const again = await console_.ask('message:send', { ticketId: id, clientId, text: 'olá' });
    expect(again).toEqual(sent);
    expect(await console_.ask('message:send', { ticketId: id, clientId, text: 'outro' })).toMatchObject({
      ok: false,
      code: 'act.client-id-reused',
    });
    expect(await console_.ask('message:send', null as never)).toMatchObject({ ok: false, code: 'input.invalid' });
    expect(
      await console_.ask('message:send', { ticketId: id, clientId: newClientId(), text: 'a\u0000b' }),
    ).toMatchObject({ ok: false, code: 'text.control-character' });
    expect(await console_.ask('ticket:take', { ticketId: 'f'.repeat(24), clientId: newClientId() })).toMatchObject({
      ok: false,
      code: 'ticket.not-found',
    });
  });

  it('logging out and switching somebody off close the sockets at once', async () => {
    const console_ = await bia.console();
    const closed = new Promise((resolve) => console_.socket.once('disconnect', resolve));
    expect((await admin.patch(`/agents/${bia.id}`, { active: false })).body.active).toBe(false);
    await closed;
    expect((await bia.get('/me')).status).toBe(401);
    const own = await carla.console();
    const gone = new Promise((resolve) => own.socket.once('disconnect', resolve));
    await carla.post('/logout');
    await gone;
    expect((await carla.get('/tickets')).body.error.code).toBe('session.required');
  });
});
