import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { addChannel, deskAt, onlyTicket } from '../flow/networks.ts';
import { FakeTelegram } from '../networks/telegram/fake-telegram.ts';
import { gives, inBrowser, openWindow, photo, picture } from './browser.ts';
import { dark, sound } from './sound.ts';

/** A second and a half of a square that moves, as Chromium's own MediaRecorder wrote it from a canvas: H.264 in MP4. */
const clip = readFileSync(new URL('samples/clip.mp4', import.meta.url));
const from = '+5541988887777';

inBrowser('the composer with files and a quote', async () => {
  const fake = await FakeTelegram.start();
  afterAll(() => fake.stop());
  const desk = await deskAt({ telegram: fake.url });
  const { origin, admin } = desk;
  await desk.writes('meu roteador está piscando em vermelho desde ontem à noite, e a internet cai', { from });
  const { id } = await desk.ticketOf(from);
  await admin.post(`/tickets/${id}/take`);
  const ana = fake.customer(77_020, 'Ana Paula');
  const fromBot = () => fake.chat(77_020).messages.filter((one) => one.from === 'bot');
  const sticker = await sharp({
    create: { width: 256, height: 256, channels: 4, background: { r: 230, g: 60, b: 60, alpha: 0.6 } },
  })
    .webp()
    .toBuffer();
  const log = (page: Page) => page.getByRole('log', { name: 'Mensagens' });
  const boxOf = (page: Page) => page.getByRole('textbox', { name: 'Escreva uma mensagem' });
  const listOf = (page: Page) => page.getByRole('list', { name: 'Anexos' });

  /** Holds a file over the page, without letting go. */
  const holds = (page: Page) =>
    page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['x'], 'x.txt'));
      document.body.dispatchEvent(new DragEvent('dragover', { dataTransfer, bubbles: true, cancelable: true }));
    });
  const goesAway = (page: Page) => page.evaluate(() => dispatchEvent(new DragEvent('dragleave')));

  it('fits a phone in the dark: a quote, files on their way, arrived and refused, and what can be done', async () => {
    const { page, faults } = await openWindow(origin, { cookie: admin.cookie, ...dark });
    await page.goto(`${origin}/atendimentos/${id}`);
    const list = listOf(page);
    await log(page).getByRole('button', { name: 'Mais ações da mensagem' }).click();
    await page.getByRole('menuitem', { name: 'Citar esta mensagem' }).click();
    await page.getByText('Respondendo a Sérgio Luz').waitFor();
    await gives(boxOf(page), 'paste', [
      { name: 'foto-do-roteador-com-a-luz-vermelha-acesa.jpg', type: 'image/jpeg', bytes: await photo() },
      { name: 'manual.pdf', type: 'application/pdf', bytes: [...Buffer.from('%PDF-1.4\n%%EOF\n')] },
    ]);
    await boxOf(page).evaluate((field) => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([new Uint8Array(64 * 1024 * 1024 + 1)], 'gravacao-inteira.mov'));
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    });
    await list.getByRole('alert').filter({ hasText: 'Maior que o limite deste canal' }).waitFor();
    await expect.poll(() => list.getByRole('progressbar').count(), { timeout: 20_000 }).toBe(0);
    await boxOf(page).fill('Reinicie o roteador e veja o manual.');
    await sound(page, 'composer-360-dark');
    const send = page.getByRole('button', { name: 'Enviar' });
    expect(await send.getAttribute('aria-disabled')).toBe('true');
    const inside = await send.boundingBox();
    expect((inside?.x ?? 0) + (inside?.width ?? 999)).toBeLessThanOrEqual(360);
    await list.getByRole('button', { name: 'Remover gravacao-inteira.mov' }).click();
    expect(await boxOf(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await send.click();
    await log(page)
      .getByRole('link', { name: /^Baixar manual\.pdf/ })
      .waitFor();
    await expect.poll(() => list.count()).toBe(0);
    await sound(page, 'composer-sent-360-dark');
    expect(faults).toEqual([]);
  });

  it('tells what may be dropped, or why nothing may', async () => {
    await desk.writes('oi, tudo bem?', { as: 'webchat', from: 'v1', name: 'Nilo' });
    const chat = await desk.ticketOf('v1');
    await admin.post(`/tickets/${chat.id}/take`);
    const { page, faults } = await openWindow(origin, { cookie: admin.cookie });
    await page.goto(`${origin}/atendimentos/${id}`);
    await boxOf(page).waitFor();
    await holds(page);
    const zone = page.locator('.drop-zone');
    await zone.getByText('Até 67 MB por arquivo.').waitFor();
    await zone.getByText('No máximo 10 numa resposta; cada um segue numa mensagem.').waitFor();
    await sound(page, 'drop-1440-light');
    await goesAway(page);
    await zone.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Nota interna' }).click();
    await holds(page);
    await zone.getByText('Notas internas não levam arquivos. Escolha Responder.').waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    await sound(page, 'drop-note-1440-dark');
    await goesAway(page);
    await page.goto(`${origin}/atendimentos/${chat.id}`);
    await boxOf(page).waitFor();
    await holds(page);
    await zone.getByText('Este canal não leva arquivos.').waitFor();
    await page.setViewportSize(dark.viewport);
    await sound(page, 'drop-webchat-360-dark');
    expect(faults).toEqual([]);
  });

  it('a sticker and a video come from Telegram and are shown as such; a video goes back as one', async () => {
    const channelId = await addChannel(desk, { kind: 'telegram', config: { token: fake.token } });
    ana.send('sticker', { name: 'joia.webp', mime: 'image/webp', bytes: sticker });
    ana.send('video', { name: 'luz.mp4', mime: 'video/mp4', bytes: clip, caption: 'olha a luz', seconds: 2 });
    const ticket = await onlyTicket(desk, channelId);
    await admin.post(`/tickets/${ticket.id}/take`);
    const { page, faults } = await openWindow(origin, { cookie: admin.cookie });
    await page.goto(`${origin}/atendimentos/${ticket.id}`);
    const shown = log(page).getByRole('img', { name: 'Figurinha' });
    await expect
      .poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth), { timeout: 20_000 })
      .toBe(256);
    expect(await log(page).locator('.bubble.bare').count()).toBe(1);
    await playing(log(page).getByLabel('Vídeo luz.mp4'));
    await gives(boxOf(page), 'paste', [{ name: 'passos.mp4', type: 'video/mp4', bytes: [...clip] }]);
    await listOf(page).getByText('passos.mp4').waitFor();
    await expect.poll(() => listOf(page).getByRole('progressbar').count(), { timeout: 20_000 }).toBe(0);
    await boxOf(page).fill('siga estes passos');
    await boxOf(page).press('Enter');
    await log(page).getByLabel('Vídeo passos.mp4').waitFor();
    await expect.poll(() => fromBot().length, { timeout: 20_000 }).toBe(1);
    expect(fromBot()[0]).toMatchObject({ text: 'siga estes passos', file: { kind: 'video' } });
    expect(fromBot()[0]?.file?.bytes.equals(clip)).toBe(true);
    await sound(page, 'video-sticker-1440-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize(dark.viewport);
    await log(page).getByLabel('Vídeo passos.mp4').scrollIntoViewIfNeeded();
    await sound(page, 'video-sticker-360-dark');
    await log(page).evaluate((element) => element.scrollTo(0, 0));
    await picture(page, 'video-sticker-360-dark-top');
    expect(faults).toEqual([]);
  });

  it('the pretended phone gives a video and gets one', async () => {
    const { page, faults } = await openWindow(origin, { cookie: admin.cookie });
    await page.goto(`${origin}/atendimentos/${id}`);
    await boxOf(page).waitFor();
    await page.getByRole('button', { name: 'Simulador' }).click();
    const phone = page.getByRole('complementary', { name: 'Simulador' });
    const pen = phone.getByRole('textbox', { name: 'Escreva como Sérgio Luz' });
    await gives(pen, 'paste', [{ name: 'quintal.mp4', type: 'video/mp4', bytes: [...clip] }]);
    await phone.getByRole('button', { name: 'Enviar' }).and(phone.locator(':enabled')).click();
    await playing(log(page).getByLabel('Vídeo quintal.mp4'));
    await gives(boxOf(page), 'paste', [{ name: 'passos.mp4', type: 'video/mp4', bytes: [...clip] }]);
    await expect.poll(() => listOf(page).getByRole('progressbar').count(), { timeout: 20_000 }).toBe(0);
    await boxOf(page).fill('assim');
    await boxOf(page).press('Enter');
    await playing(phone.getByLabel('Vídeo passos.mp4'));
    await sound(page, 'phone-video');
    // A smaller window still shows the end of what was said to whom was reading it.
    await page.setViewportSize({ width: 1280, height: 460 });
    const hidden = () =>
      log(page).evaluate((element) => Math.round(element.scrollHeight - element.scrollTop - element.clientHeight));
    await expect.poll(hidden).toBe(0);
    await page.setViewportSize(dark.viewport);
    await page.setViewportSize({ width: 1280, height: 700 });
    await expect.poll(hidden).toBe(0);
    expect(faults).toEqual([]);
  });
});

/** The film really runs. */
async function playing(video: ReturnType<Page['getByLabel']>): Promise<void> {
  await video.waitFor();
  await video.evaluate(async (shown: HTMLVideoElement) => {
    shown.muted = true;
    await shown.play();
  });
  await expect.poll(() => video.evaluate((shown: HTMLVideoElement) => shown.videoWidth), { timeout: 20_000 }).toBe(96);
}
