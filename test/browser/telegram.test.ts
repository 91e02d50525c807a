import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { addChannel, deskAt, onlyTicket } from '../flow/networks.ts';
import { FakeTelegram } from '../networks/telegram/fake-telegram.ts';
import { inBrowser, openWindow, picture } from './browser.ts';
import { dark, sound } from './sound.ts';

inBrowser('a conversation on Telegram', async () => {
  const fake = await FakeTelegram.start();
  afterAll(() => fake.stop());
  const desk = await deskAt({ telegram: fake.url });
  const { origin, admin } = desk;
  const chatId = 77_010;
  const ana = fake.customer(chatId, 'Ana Paula');
  let ticketId = '';
  const fromBot = () => fake.chat(chatId).messages.filter(({ from }) => from === 'bot');
  const { page, faults } = await openWindow(origin, { cookie: admin.cookie });
  const log = page.getByRole('log', { name: 'Mensagens' });
  const box = page.getByRole('textbox', { name: 'Escreva uma mensagem' });
  const bar = page.getByRole('group', { name: 'Gravando' });
  const begin = async (on: Page = page) => {
    await on.goto(`${origin}/atendimentos/${ticketId}`);
    await on.getByRole('textbox', { name: 'Escreva uma mensagem' }).waitFor();
  };
  const recorded = (seconds: number) =>
    expect.poll(() => bar.getByRole('timer').textContent(), { timeout: 20_000 }).toBe(`0:0${seconds}`);

  it('begins with a customer who writes', async () => {
    const channelId = await addChannel(desk, { kind: 'telegram', config: { token: fake.token } });
    ana.write('me liga?');
    ticketId = (await onlyTicket(desk, channelId)).id;
    await admin.post(`/tickets/${ticketId}/take`);
    await begin();
    await log.getByText('me liga?').waitFor();
  });

  it('a voice message is recorded, paused, heard before it is sent, and reaches the customer as one', async () => {
    await page.getByRole('button', { name: 'Gravar mensagem de voz' }).click();
    await bar.waitFor();
    await recorded(1);
    await bar.getByRole('button', { name: 'Pausar a gravação' }).click();
    await sound(page, 'recording');
    await bar.getByRole('button', { name: 'Continuar a gravação' }).click();
    await recorded(2);
    await bar.getByRole('button', { name: 'Concluir' }).click();
    const list = page.getByRole('list', { name: 'Anexos' });
    await list.getByRole('button', { name: 'Tocar Mensagem de voz' }).waitFor();
    expect(await box.evaluate((field) => field === document.activeElement)).toBe(true);
    await sound(page, 'recorded');
    await list.getByRole('button', { name: 'Tocar Mensagem de voz' }).click();
    await expect
      .poll(() => list.locator('audio').evaluate((audio: HTMLAudioElement) => audio.played.length), { timeout: 20_000 })
      .toBe(1);
    await page.getByRole('button', { name: 'Enviar' }).click();
    await log.getByRole('button', { name: 'Tocar Mensagem de voz' }).waitFor();
    await expect.poll(() => fromBot().length, { timeout: 20_000 }).toBe(1);
    const [sent] = fromBot();
    expect(await log.locator('.bubble.failed').count()).toBe(0);
    expect(sent?.file).toMatchObject({ kind: 'voice', mime: 'audio/ogg' });
    expect(sent?.file?.bytes.subarray(0, 4).toString()).toBe('OggS');
    expect(sent?.file?.seconds).toBeGreaterThan(1);
    await log.getByRole('button', { name: 'Tocar Mensagem de voz' }).click();
    await expect
      .poll(() => log.locator('audio').evaluate((audio: HTMLAudioElement) => audio.played.length), { timeout: 20_000 })
      .toBe(1);
  });

  it('by keyboard too; what was recorded is lost only after a question, and not by leaving the ticket', async () => {
    await box.press('Escape');
    await page.keyboard.press('m');
    await recorded(1);
    await page.keyboard.press('Escape');
    const question = page.getByRole('dialog', { name: 'Descartar a gravação' });
    await picture(page, 'recording-discard');
    await question.getByRole('button', { name: 'Cancelar' }).click();
    await question.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Nota interna' }).click();
    await bar.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Responder', exact: true }).click();
    const list = page.getByRole('list', { name: 'Anexos' });
    await list.getByRole('button', { name: 'Tocar Mensagem de voz' }).waitFor();
    await list.getByRole('button', { name: 'Remover Mensagem de voz' }).click();
    await question.getByRole('button', { name: 'Descartar' }).click();
    await expect.poll(() => list.count()).toBe(0);
    await box.press('Escape');
    await page.keyboard.press('m');
    await recorded(1);
    await bar.getByRole('button', { name: 'Descartar a gravação' }).click();
    await question.getByRole('button', { name: 'Descartar' }).click();
    await bar.waitFor({ state: 'detached' });
    expect(await list.count()).toBe(0);
    expect(fromBot()).toHaveLength(1);
  });

  it('reactions are given, changed and taken back, by pointer and by keyboard', async () => {
    const first = log.locator('.bubble', { hasText: 'me liga?' });
    const { messageId } = fake.chat(chatId).messages[0] ?? { messageId: 0 };
    const asked = () => fake.called('setMessageReaction').filter((one) => Number(one.message_id) === messageId);
    await first.hover();
    await first.getByRole('button', { name: 'Reagir' }).click();
    const picker = page.getByRole('dialog', { name: 'Reagir' });
    await picker.waitFor();
    await sound(page, 'reacting');
    await picker.getByRole('button', { name: '👍' }).click();
    await log.getByRole('button', { name: '👍 de Ana Prado', pressed: true }).waitFor();
    await expect.poll(() => JSON.stringify(asked().at(-1)), { timeout: 20_000 }).toContain('👍');
    ana.react(fromBot()[0]?.messageId ?? 0, '🎉');
    await log.getByRole('button', { name: '🎉 de Ana Paula' }).waitFor();
    await first.getByRole('button', { name: 'Reagir' }).focus();
    await page.keyboard.press('Enter');
    await picker.getByRole('button', { name: '👍', pressed: true }).waitFor();
    await page.keyboard.press('Escape');
    await picker.waitFor({ state: 'hidden' });
    await log.getByRole('button', { name: '👍 de Ana Prado' }).click();
    await log.getByText('👍 de Ana Prado').waitFor({ state: 'detached' });
    await expect.poll(() => JSON.stringify(asked().at(-1)?.reaction), { timeout: 20_000 }).toMatch(/\[\]/);
  });

  it('my own message is edited and taken back, also by the key Up and on a phone', async () => {
    await box.fill('as 14h');
    await box.press('Enter');
    await log.locator('.bubble', { hasText: 'as 14h' }).getByText('enviada').waitFor();
    await box.press('ArrowUp');
    const edit = page.getByRole('dialog', { name: 'Editar mensagem' });
    const text = edit.getByRole('textbox', { name: 'Texto' });
    expect(await text.inputValue()).toBe('as 14h');
    await sound(page, 'editing');
    await text.fill('às 15h');
    await edit.getByRole('button', { name: 'Salvar' }).click();
    const bubble = log.locator('.bubble', { hasText: 'às 15h' });
    await bubble.getByText('editada').waitFor();
    expect(fromBot().at(-1)).toMatchObject({ text: 'às 15h' });
    await expect.poll(() => box.evaluate((field) => field === document.activeElement)).toBe(true);

    const phone = await openWindow(origin, { cookie: admin.cookie, ...dark });
    await begin(phone.page);
    const there = phone.page.getByRole('log', { name: 'Mensagens' }).locator('.bubble', { hasText: 'às 15h' });
    await there.getByRole('button', { name: 'Mais ações da mensagem' }).click();
    const takeBack = phone.page.getByRole('menuitem', { name: 'Apagar para todos' });
    await takeBack.waitFor();
    await sound(phone.page, 'message-menu-360-dark');
    await takeBack.click();
    const question = phone.page.getByRole('dialog', { name: 'Apagar para todos' });
    await question.waitFor();
    await sound(phone.page, 'taking-back-360-dark');
    await question.getByRole('button', { name: 'Apagar', exact: true }).click();
    await there.getByText('apagada por Ana Prado').waitFor();
    await bubble.getByText('apagada por Ana Prado').waitFor();
    expect(fromBot().find((one) => one.text === 'às 15h')?.deleted).toBe(true);
    expect(phone.faults).toEqual([]);
  });

  it('q quotes the message in focus', async () => {
    await box.press('Escape');
    await log.locator('.bubble', { hasText: 'me liga?' }).getByRole('button', { name: 'Reagir' }).focus();
    await page.keyboard.press('q');
    await page.getByText('Respondendo a Ana Paula').waitFor();
    await expect.poll(() => box.evaluate((field) => field === document.activeElement)).toBe(true);
  });

  it('says why nothing can be recorded', async () => {
    const plain = await openWindow(origin, { cookie: admin.cookie });
    await plain.context.addInitScript(() => {
      // As on a page that came by plain http.
      delete (Navigator.prototype as { mediaDevices?: unknown }).mediaDevices;
    });
    await begin(plain.page);
    await plain.page.getByRole('button', { name: 'Gravar mensagem de voz' }).click();
    await plain.page.getByRole('alert').filter({ hasText: 'https' }).waitFor();
    await plain.context.close();
    const refused = await openWindow(origin, {
      cookie: admin.cookie,
      viewport: { width: 360, height: 760 },
      colorScheme: 'dark',
    });
    await refused.context.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    });
    await begin(refused.page);
    await refused.page.getByRole('button', { name: 'Gravar mensagem de voz' }).click();
    await refused.page.getByRole('alert').filter({ hasText: 'não deixa usar o microfone' }).waitFor();
    await sound(refused.page, 'recording-refused-360-dark');
    expect(faults).toEqual([]);
  });
});
