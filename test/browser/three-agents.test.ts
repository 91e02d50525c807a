import { expect, it } from 'vitest';
import { story } from '../support/story.ts';
import { inBrowser, openWindow, picture } from './browser.ts';

const from = '+5541966665555';

inBrowser('two agents and a supervisor, each in a browser', async () => {
  const desk = await story();
  const { origin, admin } = desk;
  const suporte = await desk.department('Suporte técnico');
  const financeiro = await desk.department('Financeiro');
  const lia = await desk.hire(admin, { name: 'Lia Ramos', departmentIds: [suporte] });
  const bia = await desk.hire(admin, { name: 'Bia Nunes', departmentIds: [financeiro] });
  const carla = await desk.hire(admin, { name: 'Carla Melo', role: 'supervisor' });

  it('see every change without reloading; who loses sight sees the ticket leave', async () => {
    const [ofLia, ofBia, ofCarla] = await Promise.all(
      [lia, bia, carla].map(({ cookie }) => openWindow(origin, { cookie })),
    );
    if (!ofLia || !ofBia || !ofCarla) throw new Error('no windows');
    for (const { page } of [ofLia, ofBia, ofCarla]) await page.goto(`${origin}/?status=waiting`);
    const row = ({ page }: typeof ofLia) => page.getByRole('link', { name: /Tereza Alves/ });
    await ofBia.page.getByText('Ninguém aguardando').waitFor();
    await desk.writes('preciso da segunda via', { from, name: 'Tereza Alves' });
    await row(ofLia).waitFor();
    await row(ofCarla).waitFor();
    expect(await row(ofBia).count()).toBe(0);

    await row(ofCarla).click();
    await ofCarla.page.getByRole('button', { name: 'Transferir' }).click();
    const dialog = ofCarla.page.getByRole('dialog');
    await dialog.getByLabel('Departamento').selectOption({ label: 'Financeiro' });
    await dialog.getByLabel(/Motivo/).fill('é cobrança');
    await picture(ofCarla.page, 'transfer');
    await dialog.getByRole('button', { name: 'Transferir', exact: true }).click();

    await row(ofBia).waitFor();
    await row(ofLia).waitFor({ state: 'detached' });
    await row(ofBia).click();
    await ofBia.page.getByText('é cobrança').first().waitFor();
    await ofBia.page.getByRole('button', { name: 'Assumir (Enter)' }).click();
    await row(ofCarla).waitFor({ state: 'detached' });
    for (const { faults } of [ofLia, ofBia, ofCarla]) expect(faults).toEqual([]);
  });

  it('the department that is asked sees the question in its box and answers it; the asker sees the answer', async () => {
    await desk.writes('meu boleto', { from: '+5541966660000', name: 'Rosa Lima' });
    const { id } = await desk.ticketOf('+5541966660000');
    await lia.post(`/tickets/${id}/take`);
    const ofLia = await openWindow(origin, { cookie: lia.cookie });
    const ofBia = await openWindow(origin, { cookie: bia.cookie });
    await ofLia.page.goto(`${origin}/atendimentos/${id}`);
    await ofBia.page.goto(origin);
    await ofBia.page.getByRole('link', { name: /Encaminhados ao meu departamento/ }).click();
    await lia.post(`/tickets/${id}/forwardings`, { toDepartmentId: financeiro, question: 'Pode mandar o boleto?' });
    await ofBia.page.getByText('Pode mandar o boleto?').first().click();
    const log = ofBia.page.getByRole('log', { name: 'Mensagens' });
    await log.getByText('meu boleto').waitFor();
    await picture(ofBia.page, 'forwardings-box');
    await log.getByLabel('Conclusão').selectOption({ label: 'Orientado' });
    await log.getByRole('textbox', { name: 'Resposta' }).fill('Enviei por e-mail.');
    await log.getByRole('button', { name: 'Responder' }).click();
    await ofLia.page.getByRole('log', { name: 'Mensagens' }).getByText('Enviei por e-mail.').waitFor();
    await ofBia.page.getByText('Você não vê mais este atendimento').waitFor();
  });
});
