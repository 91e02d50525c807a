import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { story } from '../support/story.ts';
import { inBrowser, openWindow, picture } from './browser.ts';

const from = '+5541988887777';

/** Writes as the customer on the phone mock. */
async function writesOnPhone(page: Page, text: string): Promise<void> {
  const phone = page.getByRole('complementary', { name: 'Simulador' });
  await phone.getByRole('textbox', { name: /^Escreva como/ }).fill(text);
  await phone.getByRole('button', { name: 'Enviar' }).click();
}

inBrowser('the main job in the console', async () => {
  const desk = await story();
  const { origin, admin } = desk;
  await desk.writes('minha internet caiu', { from });
  const ticket = await desk.ticketOf(from);
  const { page, faults } = await openWindow(origin, { cookie: admin.cookie });
  const list = page.getByRole('region', { name: /^Conversas em/ });
  const row = list.getByRole('link', { name: /Sérgio Luz/ });
  const log = page.getByRole('log', { name: 'Mensagens' });
  const box = page.getByRole('textbox', { name: 'Escreva uma mensagem' });

  it('a new message appears at once, with its channel; the title counts it', async () => {
    await page.goto(`${origin}/?status=waiting`);
    await row.waitFor();
    await desk.writes('oi de novo', { from });
    await row.getByText('oi de novo').waitFor();
    await row.getByText('2', { exact: true }).waitFor();
    await expect.poll(() => page.title(), { timeout: 20_000 }).toMatch(/^\(\d+\)/);
    await picture(page, 'list');
  });

  it('opening peeks: nothing is assigned and nothing is read', async () => {
    await row.click();
    await log.getByText('minha internet caiu').waitFor();
    await page.getByText('Espiando: nada muda para o cliente.').waitFor();
    expect((await admin.get(`/tickets/${ticket.id}`)).body).toMatchObject({ agentId: null, unread: 2 });
  });

  it('Enter takes, r answers, the customer gets it and the bubble says so', async () => {
    await page.keyboard.press('Enter');
    await box.waitFor();
    await expect
      .poll(async () => (await admin.get(`/tickets/${ticket.id}`)).body.status, { timeout: 20_000 })
      .toBe('in-progress');
    await page.keyboard.press('Escape');
    await page.locator('body').press('r');
    await box.pressSequentially('Olá Sérgio, já verifico.');
    await page.keyboard.press('Enter');
    await log.getByText('Olá Sérgio, já verifico.').waitFor();
    await log.getByText('entregue').first().waitFor();
    expect(await box.inputValue()).toBe('');
    await expect
      .poll(async () => (await admin.get(`/simulator/outbox?to=${encodeURIComponent(from)}`)).body.items.length, {
        timeout: 20_000,
      })
      .toBe(1);
  });

  it('n writes a note that the customer never gets', async () => {
    await page.keyboard.press('Escape');
    await page.locator('body').press('n');
    const note = page.getByRole('textbox', { name: 'Escreva uma nota para a equipe' });
    await note.fill('conferir o sinal');
    await page.getByRole('button', { name: 'Salvar nota' }).click();
    await log.getByText('conferir o sinal').waitFor();
    const { items } = (await admin.get(`/simulator/outbox?to=${encodeURIComponent(from)}`)).body;
    expect(JSON.stringify(items)).not.toContain('conferir');
  });

  it('R9 f forwards a question; e is refused with a button that leads to it; answered on its card, closing is free', async () => {
    await page.keyboard.press('Escape');
    await page.locator('body').press('f');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Departamento').selectOption({ label: 'Financeiro' });
    await dialog.getByLabel(/Pergunta/).fill('O cliente está em dia?');
    await picture(page, 'forward');
    await dialog.getByRole('button', { name: 'Encaminhar', exact: true }).click();
    const card = log.getByText('O cliente está em dia?');
    await card.waitFor();
    await picture(page, 'forwarded');

    await page.locator('body').press('e');
    await page.getByText('encaminhamento sem resposta').first().waitFor();
    await picture(page, 'close-blocked');
    await page
      .getByRole('button', { name: /Financeiro/ })
      .last()
      .click();
    await log.getByRole('textbox', { name: 'Resposta' }).waitFor();
    await log.getByLabel('Conclusão').selectOption({ label: 'Resolvido' });
    await log.getByRole('textbox', { name: 'Resposta' }).fill('Sim, em dia.');
    await log.getByRole('button', { name: 'Responder' }).click();
    await log.getByText('Sim, em dia.').waitFor();
    await page.getByText('sem resposta').first().waitFor({ state: 'detached' });
    await expect.poll(async () => (await admin.get('/tickets/counts')).body.forwardings, { timeout: 20_000 }).toBe(0);
    await picture(page, 'answered');

    await page.keyboard.press('Escape');
    await page.locator('body').press('e');
    await page.getByRole('dialog').waitFor();
    await picture(page, 'close');
    await page.keyboard.press('Enter');
    await picture(page, 'close-after');
    await expect
      .poll(async () => (await admin.get(`/tickets/${ticket.id}`)).body.status, { timeout: 20_000 })
      .toBe('closed');
  });

  it('shows the history: who did what, from which value to which', async () => {
    await page.goto(`${origin}/atendimentos/${ticket.id}`);
    await page.getByRole('button', { name: 'Histórico' }).click();
    const history = page.getByRole('list', { name: 'Histórico' });
    await history.waitFor();
    const text = await history.innerText();
    expect(text).toMatch(/Ana Prado/);
    expect(text).toMatch(/Aguardando/);
    expect(text).toMatch(/Em progresso/);
    expect(text).toMatch(/Encerrado/);
    await picture(page, 'history');
  });

  it('the phone beside the console opens a new ticket after the closing', async () => {
    await page.goto(`${origin}/?status=waiting`);
    const toggle = page.getByRole('button', { name: 'Simulador: escrever como cliente' });
    await toggle.waitFor();
    if ((await toggle.getAttribute('aria-pressed')) !== 'true') await toggle.click();
    await page.waitForLoadState('networkidle');
    await writesOnPhone(page, 'mensagem do telefone');
    await list.getByText('mensagem do telefone').waitFor();
    expect(faults).toEqual([]);
  });
});
