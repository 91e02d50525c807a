import { once } from 'node:events';
import { expect, it } from 'vitest';
import { inBrowser, openWindow } from './browser.ts';
import { choose, threeNetworks } from './three-networks.ts';

inBrowser('what is typed while something else is under way', async () => {
  const { desk, channels } = await threeNetworks();
  const { origin, admin } = desk;
  await desk.writes('oi', { from: '+5541988887777', name: 'Sérgio Luz' });

  it('stays in the search, letters and spaces, and seeks in the list that is open then', async () => {
    const { page, faults } = await openWindow(origin, { cookie: admin.cookie });
    await page.clock.install();
    await page.goto(`${origin}/?status=waiting`);
    const field = page.getByRole('searchbox', { name: 'Buscar' });
    await field.pressSequentially('sérgio ');
    await page.clock.fastForward(300);
    await page.waitForURL(/q=s/);
    await field.pressSequentially('lu');
    await desk.writes('tem alguém?', { from: '+5541988887777', name: 'Sérgio Luz' });
    await page.getByText('tem alguém?').waitFor();
    expect(await field.inputValue()).toBe('sérgio lu');
    await page.clock.fastForward(300);
    await page.waitForURL(/q=s%C3%A9rgio(\+|%20)lu/);
    await page.getByRole('link', { name: /Sérgio Luz/ }).waitFor();
    await field.pressSequentially('z');
    await page.getByRole('link', { name: 'Configurações' }).click();
    await page.waitForURL(/configuracoes/);
    await page.clock.fastForward(1_000);
    await page.getByRole('heading', { name: 'Equipe' }).first().waitFor();
    expect(page.url()).toContain('/configuracoes');
    expect(faults).toEqual([]);
  });

  it('stays in a form that is being saved, and is asked about before it is lost', async () => {
    const { page } = await openWindow(origin, { cookie: admin.cookie });
    await page.goto(`${origin}/configuracoes/departamentos`);
    await page.getByRole('button', { name: /^Financeiro/ }).click();
    const name = page.getByLabel('Nome', { exact: true });
    const answer = new AbortController();
    await page.route('**/api/v1/departments/*', async (route) => {
      await told(answer.signal);
      await route.continue();
    });
    await name.fill('Cobrança');
    const saving = page.waitForResponse((response) => response.request().method() === 'PATCH');
    await page.getByRole('button', { name: 'Salvar' }).click();
    await page.getByRole('button', { name: 'Salvando' }).waitFor();
    await name.fill('Cobrança e crédito');
    answer.abort();
    await saving;
    await page.getByRole('button', { name: /^Cobrança/ }).waitFor();
    expect(await name.inputValue()).toBe('Cobrança e crédito');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Descartar o que você mudou?' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Inativar' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Inativar' }).click();
    await page.getByRole('button', { name: 'Ativar', exact: true }).waitFor();
    expect(await name.inputValue()).toBe('Cobrança e crédito');
  });

  it('stays when the place to close a ticket or to ask another department is left', async () => {
    const { id } = await desk.ticketOf('+5541988887777');
    await admin.post(`/tickets/${id}/take`);
    const { page, faults } = await openWindow(origin, { cookie: admin.cookie });
    await page.goto(`${origin}/atendimentos/${id}`);
    const closing = page.getByRole('dialog', { name: 'Encerrar' });
    await page.getByRole('button', { name: 'Encerrar' }).click();
    await closing.getByLabel(/Observação/).fill('trocou o modem');
    await page.getByRole('log', { name: 'Mensagens' }).click();
    await closing.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Encaminhar' }).click();
    const asking = page.getByRole('dialog');
    await asking.getByLabel('Pergunta').fill('Está em dia?');
    await page.keyboard.press('Escape');
    await asking.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('button', { name: 'Encerrar' }).click();
    await expect.poll(() => closing.getByLabel(/Observação/).inputValue()).toBe('trocou o modem');
    await page.keyboard.press('Escape');
    await closing.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Encaminhar' }).click();
    expect(await asking.getByLabel('Pergunta').inputValue()).toBe('Está em dia?');
    await asking.getByRole('button', { name: 'Encaminhar', exact: true }).click();
    await page.getByText('Está em dia?').first().waitFor();
    await page.getByRole('button', { name: 'Encaminhar' }).click();
    expect(await asking.getByLabel('Pergunta').inputValue()).toBe('');
    expect(faults).toEqual([]);
  });

  it('a wizard that is left while its channel is being made leaves none behind', async () => {
    const { page } = await channels();
    const answer = new AbortController();
    await page.route('**/api/v1/channels', async (route) => {
      if (route.request().method() === 'POST') await told(answer.signal);
      await route.continue();
    });
    await choose(page, 'WhatsApp');
    await page.getByRole('button', { name: 'Entendi' }).click();
    await page.keyboard.press('Escape');
    await page.locator('.wizard').waitFor({ state: 'detached' });
    const removed = page.waitForResponse(/channels\/[^/]+\/remove$/);
    answer.abort();
    expect((await removed).ok()).toBe(true);
    const { items } = (await admin.get('/channels')).body;
    expect(items.filter(({ kind, simulated }: never) => kind === 'whatsapp' && !simulated)).toEqual([]);
  });
});

/** Resolves once the signal was given. */
async function told(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
