import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { inPhase } from '../flow/networks.ts';
import type { Story } from '../support/story.ts';
import { dark, sound } from './sound.ts';

const receipt = { name: 'recibo.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 recibo\n%%EOF\n') };
const wide = { width: 1440, height: 860 };

/** What somebody does again and again who connects channels and answers customers in one window. */
export function walkerOf(page: Page, desk: Story) {
  const log = page.getByRole('log', { name: 'Mensagens' });
  const box = page.getByRole('textbox', { name: 'Escreva uma mensagem' });
  const bubble = (text: string) => log.locator('.bubble', { hasText: text });

  /** What is on screen, by day and on a phone at night; with pictures also the other way round. */
  async function looks(name: string): Promise<void> {
    await sound(page, `walk-${name}-1440-light`);
    await page.emulateMedia({ colorScheme: 'dark' });
    if (process.env.SCREENS === '1') await sound(page, `walk-${name}-1440-dark`);
    await page.setViewportSize(dark.viewport);
    await sound(page, `walk-${name}-360-dark`);
    await page.emulateMedia({ colorScheme: 'light' });
    if (process.env.SCREENS === '1') await sound(page, `walk-${name}-360-light`);
    await page.setViewportSize(wide);
  }

  /** Goes through "Regras" and "Pronto" and looks at the channel's page; answers the channel's id. */
  async function finish(name: string): Promise<string> {
    await page.getByLabel('Nome', { exact: true }).fill(name);
    await looks(`rules-${name}`);
    await page.getByRole('button', { name: 'Conectar canal' }).last().click();
    await page.getByText(`${name} está conectado.`).waitFor();
    await looks(`done-${name}`);
    await page.getByRole('button', { name: 'Ver o canal' }).click();
    await page.getByText('Última recebida').waitFor();
    await looks(`health-${name}`);
    const { items } = (await desk.admin.get('/channels')).body;
    const { id } = items.find((one: { name: string }) => one.name === name);
    await inPhase(desk, id, 'online');
    return id;
  }

  /** Takes a waiting conversation by keyboard. */
  async function opens(name: string): Promise<void> {
    await page.getByRole('link', { name: 'Conversas', exact: true }).click();
    await page.getByRole('link', { name: /^Aguardando/ }).click();
    await page
      .getByRole('region', { name: /^Conversas em/ })
      .getByRole('link', { name: new RegExp(name) })
      .click();
    await page.getByText('Espiando: nada muda para o cliente.').waitFor();
    await page.keyboard.press('Enter');
    await box.waitFor();
  }

  /** Quotes a message and answers it with a text and a file. */
  async function answers(quoted: string, text: string): Promise<void> {
    await bubble(quoted).hover();
    await bubble(quoted).getByRole('button', { name: 'Citar esta mensagem' }).click();
    await page.locator('input[type=file]').setInputFiles(receipt);
    await page.getByRole('list', { name: 'Anexos' }).getByText('recibo.pdf').waitFor();
    await box.fill(text);
    await expect.poll(() => page.getByRole('progressbar').count(), { timeout: 20_000 }).toBe(0);
    await box.press('Enter');
    await bubble(text).waitFor();
    await log.getByRole('link', { name: /^Baixar recibo\.pdf/ }).waitFor();
  }

  /** The picture of the thread is really drawn. */
  async function seesPicture(): Promise<void> {
    const image = log.locator('img').first();
    await image.waitFor();
    await expect
      .poll(() => image.evaluate((shown: HTMLImageElement) => shown.naturalWidth), { timeout: 20_000 })
      .toBeGreaterThan(0);
  }

  return { log, box, bubble, looks, finish, opens, answers, seesPicture };
}
