import { expect, it } from 'vitest';
import { password } from '../support/app.ts';
import { story } from '../support/story.ts';
import { inBrowser, openWindow, picture } from './browser.ts';

inBrowser('settings', async () => {
  const desk = await story();
  const { origin, admin } = desk;

  it('an agent is invited by a link, chooses a password and attends', async () => {
    const { page, faults } = await openWindow(origin, { cookie: admin.cookie });
    await page.goto(`${origin}/configuracoes/equipe`);
    await page
      .getByRole('button', { name: /Nov[oa]/ })
      .first()
      .click();
    await page.getByLabel('Nome', { exact: true }).fill('Lia Ramos');
    await page.getByLabel('E-mail').fill('lia@exemplo.com.br');
    await page.getByLabel('Suporte técnico').check();
    await page.getByRole('button', { name: 'Convidar' }).click();
    const link = page.getByLabel('Link do convite');
    await link.waitFor();
    await picture(page, 'settings-invite');
    const url = await link.inputValue();
    expect(url).toContain(`${origin}/convite/`);

    const guest = await openWindow(origin);
    await guest.page.goto(url);
    await guest.page.getByText('Lia Ramos').first().waitFor();
    await guest.page.locator('input[type=password]').fill(password);
    await picture(guest.page, 'invite');
    await guest.page.getByRole('button', { name: /Entrar|Começar|Criar/ }).click();
    await guest.page.getByRole('navigation', { name: 'Caixas' }).waitFor();
    const used = await openWindow(origin);
    await used.page.goto(url);
    await used.page.getByText('já foi usado').waitFor();
    expect(faults).toEqual([]);
  });

  it('a department is added and switched off; a web chat is added with its snippet', async () => {
    const { page, faults } = await openWindow(origin, { cookie: admin.cookie });
    await page.goto(`${origin}/configuracoes/departamentos`);
    await page.getByRole('button', { name: /Novo/ }).first().click();
    await page.getByLabel('Nome', { exact: true }).fill('Jurídico');
    await page.getByRole('button', { name: 'Salvar' }).click();
    await expect
      .poll(async () => (await admin.get('/departments')).body.items.map(({ name }: { name: string }) => name), {
        timeout: 20_000,
      })
      .toContain('Jurídico');
    await picture(page, 'settings-departments');

    await page.goto(`${origin}/configuracoes/canais`);
    await page.getByRole('button', { name: 'Conectar canal' }).first().click();
    await page.getByRole('button', { name: /^Chat do site Uma janela/ }).click();
    await page.getByLabel('Nome', { exact: true }).fill('Chat da loja');
    await page.getByRole('button', { name: 'Salvar' }).click();
    await page.getByText('data-channel').first().waitFor();
    await picture(page, 'settings-channels');
    const made = async () =>
      (await admin.get('/channels')).body.items.find(({ name }: { name: string }) => name === 'Chat da loja');
    // It is stored at once and connects a moment later.
    expect(await made()).toMatchObject({ kind: 'webchat', active: true });
    await expect.poll(async () => (await made()).connection.phase, { timeout: 20_000 }).toBe('online');
    expect(faults).toEqual([]);
  });
});
