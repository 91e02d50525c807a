import { expect, it } from 'vitest';
import { story } from '../support/story.ts';
import { gives, inBrowser, openWindow, photo } from './browser.ts';
import { dark, sound } from './sound.ts';

const from = '+5541988887777';

inBrowser('the phone of a pretended customer', async () => {
  const desk = await story();
  const { origin, admin } = desk;
  await desk.writes('oi', { from });
  const { id } = await desk.ticketOf(from);
  await admin.post(`/tickets/${id}/take`);
  const { page, faults } = await openWindow(origin, { cookie: admin.cookie });
  const log = page.getByRole('log', { name: 'Mensagens' });
  const box = page.getByRole('textbox', { name: 'Escreva uma mensagem' });
  const phone = page.getByRole('complementary', { name: 'Simulador' });
  const screen = phone.getByRole('log', { name: 'Conversa de Sérgio Luz' });
  const pen = phone.getByRole('textbox', { name: 'Escreva como Sérgio Luz' });

  it('sends pictures with words, which stand in the thread', async () => {
    await page.goto(`${origin}/atendimentos/${id}`);
    await box.waitFor();
    await page.getByRole('button', { name: 'Simulador' }).click();
    await pen.waitFor();
    await gives(pen, 'paste', [{ name: 'roteador.jpg', type: 'image/jpeg', bytes: await photo() }]);
    await phone.getByText('roteador.jpg').waitFor();
    await pen.fill('olha a luz');
    await phone.getByRole('button', { name: 'Enviar' }).and(phone.locator(':enabled')).click();
    await screen.getByRole('img', { name: 'Imagem roteador.jpg' }).waitFor();
    await log.getByRole('button', { name: 'Abrir Imagem roteador.jpg' }).waitFor();
    await log.locator('.bubble', { hasText: 'olha a luz' }).waitFor();
  });

  it('shows what the desk sent: quotes, files, edited and deleted messages', async () => {
    await log.locator('.bubble', { hasText: 'olha a luz' }).hover();
    await log
      .locator('.bubble', { hasText: 'olha a luz' })
      .getByRole('button', { name: 'Citar esta mensagem' })
      .click();
    await gives(box, 'paste', [{ name: 'manual.pdf', type: 'application/pdf', bytes: [...Buffer.from('%PDF-1.4\n')] }]);
    await page.getByRole('list', { name: 'Anexos' }).getByText('B', { exact: false }).first().waitFor();
    await box.fill('segue o manual');
    await page.getByRole('button', { name: 'Enviar' }).first().and(page.locator(':not([aria-disabled])')).click();
    const got = screen.locator('.saying.theirs', { hasText: 'segue o manual' });
    await got.getByText('olha a luz').waitFor();
    await got.getByRole('link', { name: /^Baixar manual\.pdf/ }).waitFor();
    await log.locator('.bubble', { hasText: 'segue o manual' }).getByText('entregue').waitFor();
    await sound(page, 'phone-files');

    const [, , message] = (await admin.get(`/tickets/${id}/messages`)).body.items;
    expect((await admin.post(`/tickets/${id}/messages/${message.id}/edit`, { text: 'segue o guia' })).status).toBe(200);
    const edited = screen.locator('.saying.theirs', { hasText: 'segue o guia' });
    await edited.getByText('editada').waitFor();
    await edited.getByRole('button', { name: 'Citar esta mensagem' }).focus();
    await page.keyboard.press('Enter');
    await pen.fill('obrigado');
    await pen.press('Enter');
    await log
      .locator('.bubble', { hasText: 'obrigado' })
      .getByRole('button', { name: /Resposta a Ana Prado/ })
      .waitFor();
    expect((await admin.post(`/tickets/${id}/messages/${message.id}/remove`)).status).toBe(200);
    await screen.getByText('Mensagem apagada').waitFor();
    await log.locator('.bubble.removed').getByText('apagada por Ana Prado').waitFor();
    expect(faults).toEqual([]);
  });

  it('reads well in the dark and on a phone', async () => {
    const small = await openWindow(origin, { cookie: admin.cookie, ...dark });
    await small.page.goto(`${origin}/atendimentos/${id}`);
    await small.page.getByText('olha a luz').first().waitFor();
    await sound(small.page, 'thread-removed-360-dark');
    await small.page.goto(origin);
    await small.page.getByRole('button', { name: 'Simulador' }).click();
    await small.page.getByRole('textbox', { name: /^Escreva como/ }).waitFor();
    await small.page.getByText('Mensagem apagada').waitFor();
    await sound(small.page, 'phone-360-dark');
  });
});
