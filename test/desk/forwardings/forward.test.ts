import { describe, expect, it } from 'vitest';
import { story } from '../../support/story.ts';

describe('forwardings', async () => {
  const desk = await story();
  const { admin } = desk;
  const suporte = await desk.department('Suporte técnico');
  const financeiro = await desk.department('Financeiro');
  const comercial = await desk.department('Comercial');
  const solved = await desk.conclusion('Resolvido');
  const withdrawn = await desk.conclusion('Retirado pelo solicitante');
  const lia = await desk.hire(admin, { name: 'Lia Ramos', departmentIds: [suporte] });
  const bia = await desk.hire(admin, { name: 'Bia Nunes', departmentIds: [financeiro] });
  const ticket = async (): Promise<string> =>
    (await lia.post('/tickets', { contactName: 'X', description: 'y', departmentId: suporte, agentId: lia.id })).body
      .id;

  it('R22 a department that does not attend or is inactive is no target, in every verb', async () => {
    const closed = (await admin.post('/departments', { name: 'Fechado' })).body.id;
    await admin.patch(`/departments/${closed}`, { attends: false });
    const id = await ticket();
    const tries = [
      () => lia.post(`/tickets/${id}/forwardings`, { toDepartmentId: closed, question: '?' }),
      () => lia.post(`/tickets/${id}/transfer`, { departmentId: closed, reason: 'x' }),
      () => admin.post('/tickets', { contactName: 'X', description: 'y', departmentId: closed }),
      () => admin.post('/channels', { kind: 'webchat', name: 'c', departmentId: closed, config: {} }),
    ];
    for (const attempt of tries) expect((await attempt()).body.error.code).toBe('department.does-not-attend');
    await admin.patch(`/departments/${closed}`, { attends: true, active: false });
    for (const attempt of tries) expect((await attempt()).body.error.code).toBe('department.inactive');
  });

  it('R22 switched off while it owes an answer, it still answers', async () => {
    const id = await ticket();
    const { body } = await lia.post(`/tickets/${id}/forwardings`, { toDepartmentId: financeiro, question: '?' });
    await admin.patch(`/departments/${financeiro}`, { attends: false });
    const answered = await bia.post(`/tickets/${id}/forwardings/${body.id}/answer`, {
      conclusionId: solved,
      text: 'ok',
    });
    await admin.patch(`/departments/${financeiro}`, { attends: true });
    expect(answered.status).toBe(200);
  });

  it("a child blocks its parent's answer, and both block closing", async () => {
    const id = await ticket();
    const parent = (await lia.post(`/tickets/${id}/forwardings`, { toDepartmentId: financeiro, question: 'pago?' }))
      .body;
    expect((await bia.post(`/tickets/${id}/forwardings`, { toDepartmentId: comercial, question: '?' })).status).toBe(
      403,
    );
    const child = await bia.post(`/tickets/${id}/forwardings`, {
      toDepartmentId: comercial,
      question: 'qual plano?',
      parentId: parent.id,
    });
    expect(child.body).toMatchObject({ parentId: parent.id, fromDepartmentId: financeiro });
    const early = await bia.post(`/tickets/${id}/forwardings/${parent.id}/answer`, {
      conclusionId: solved,
      text: 'ok',
    });
    expect(early.body.error.code).toBe('forwarding.has-open-child');
    await admin.post(`/tickets/${id}/forwardings/${child.body.id}/answer`, { conclusionId: solved, text: 'plano 500' });
    expect((await lia.post(`/tickets/${id}/close`, {})).body.error.code).toBe('ticket.has-open-forwardings');
    await bia.post(`/tickets/${id}/forwardings/${parent.id}/answer`, { conclusionId: solved, text: 'pago' });
    expect((await lia.post(`/tickets/${id}/close`, {})).status).toBe(200);
  });

  it('R21 an answer is complete or refused by name, and the requester may only take the question back', async () => {
    const id = await ticket();
    const { body } = await lia.post(`/tickets/${id}/forwardings`, { toDepartmentId: financeiro, question: '?' });
    const path = `/tickets/${id}/forwardings/${body.id}/answer`;
    expect((await bia.post(path, { text: 'ok' })).body.error.fields).toEqual({ conclusionId: 'required' });
    expect((await bia.post(path, { conclusionId: solved })).body.error.fields).toEqual({ text: 'required' });
    expect((await bia.post(path, { conclusionId: solved, text: ' ' })).body.error.fields).toEqual({ text: 'blank' });
    expect((await bia.post(path, { conclusionId: 'f'.repeat(24), text: 'ok' })).body.error.code).toBe(
      'conclusion.not-found',
    );
    expect((await lia.post(path, { conclusionId: solved, text: 'eu mesma' })).body.error.code).toBe('forbidden');
    expect((await lia.post(path, { conclusionId: withdrawn, text: 'não preciso mais' })).status).toBe(200);
    expect((await lia.get(`/tickets/${id}`)).body).toMatchObject({ openForwardings: 0, forwardedTo: [] });
  });

  it('R21 two answers at once store one', async () => {
    const id = await ticket();
    const { body } = await lia.post(`/tickets/${id}/forwardings`, { toDepartmentId: financeiro, question: '?' });
    const path = `/tickets/${id}/forwardings/${body.id}/answer`;
    const answers = await Promise.all([
      bia.post(path, { conclusionId: solved, text: 'a' }),
      admin.post(path, { conclusionId: solved, text: 'b' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const late = await bia.post(path, { conclusionId: solved, text: 'c' });
    expect([late.body.error.code, (await bia.get(`/tickets/${id}`)).status]).toEqual(['forwarding.answered', 404]);
  });

  it("a question to one's own department, into the past, or chained too deep is refused", async () => {
    const id = await ticket();
    const ask = (to: string, more: object = {}) =>
      admin.post(`/tickets/${id}/forwardings`, { toDepartmentId: to, question: '?', ...more });
    expect((await ask(suporte)).body.error.code).toBe('department.same');
    expect((await ask(financeiro, { dueAt: '2020-01-01T00:00:00Z' })).body.error.fields).toEqual({ dueAt: 'range' });
    let parentId = (await ask(financeiro)).body.id;
    for (const to of [comercial, financeiro, comercial, financeiro]) parentId = (await ask(to, { parentId })).body.id;
    expect((await ask(comercial, { parentId })).body.error.code).toBe('forwarding.too-deep');
  });
});
