import { expect, it } from 'vitest';
import { password, setupCode, testApp } from '../support/app.ts';
import { inBrowser, openWindow, picture } from './browser.ts';

inBrowser('the first run', async () => {
  const { origin } = await testApp();

  it('two steps lead into the console with a live conversation already open and the phone beside it', async () => {
    const { page, faults } = await openWindow(origin);
    await page.goto(`${origin}/instalar#${setupCode}`);
    await page.getByLabel('Nome da empresa').fill('Conecta Fibra');
    await page.getByLabel('Seu nome').fill('Ana Prado');
    await page.getByLabel('Seu e-mail').fill('ana@exemplo.com.br');
    await page.getByLabel('Senha').fill(password);
    await picture(page, 'setup-1');
    await page.getByRole('button', { name: 'Continuar' }).click();
    await page.getByText('Provedor de internet').click();
    await picture(page, 'setup-2');
    await page.getByRole('button', { name: 'Abrir o Balcão' }).click();

    const log = page.getByRole('log', { name: 'Mensagens' });
    await log.getByText('aqui é o Sérgio').or(log.locator('.bubble').first()).first().waitFor();
    await page.getByRole('complementary', { name: 'Simulador' }).waitFor();
    await page.getByText('Espiando: nada muda para o cliente.').waitFor();
    await picture(page, 'console-first');
    expect(faults).toEqual([]);
  });

  it('a second setup is told that the desk is there', async () => {
    const { page } = await openWindow(origin);
    await page.goto(`${origin}/instalar#${setupCode}`);
    await page.getByText('já foi instalado').waitFor();
  });

  it('signs in and out, and a wrong password says so', async () => {
    const { page } = await openWindow(origin);
    await page.goto(`${origin}/entrar`);
    await page.getByLabel('E-mail').fill('ana@exemplo.com.br');
    await page.getByLabel('Senha').fill('errada errada');
    await page.getByRole('button', { name: 'Entrar' }).click();
    await page.getByText('E-mail ou senha não conferem.').waitFor();
    await page.getByLabel('Senha').fill(password);
    await page.getByRole('button', { name: 'Entrar' }).click();
    await page.getByRole('navigation', { name: 'Caixas' }).waitFor();
    await page.getByRole('button', { name: /Ana Prado/ }).click();
    await page.getByRole('menuitem', { name: 'Sair', exact: true }).click();
    await page.getByLabel('Senha').waitFor();
  });
});
