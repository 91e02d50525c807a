import { expect, it } from 'vitest';
import { unattended } from '#shared/unattended.ts';
import { story } from '../support/story.ts';
import { gives, inBrowser, openWindow, photo, type Window } from './browser.ts';
import { dark, sound } from './sound.ts';

const from = '+5541977776666';

inBrowser('files without a network', async () => {
  const desk = await story();
  const { origin, admin } = desk;
  await desk.writes('pode mandar as fotos?', { from, name: 'Otto' });
  const { id } = await desk.ticketOf(from);
  await admin.post(`/tickets/${id}/take`);
  const jpeg = await photo();
  const pictureOf = (name: string) => ({ name, type: 'image/jpeg', bytes: jpeg });
  const partsOf = ({ page }: Pick<Window, 'page'>) => ({
    box: page.getByRole('textbox', { name: 'Escreva uma mensagem' }),
    list: page.getByRole('list', { name: 'Anexos' }),
    log: page.getByRole('log', { name: 'Mensagens' }),
    send: page.getByRole('button', { name: 'Enviar' }),
  });
  /** Names and words in the order in which the customer got them. */
  const received = async () =>
    (await admin.get(`/simulator/outbox?to=${encodeURIComponent(from)}`)).body.items.map(
      ({ text, attachments }: { text: string; attachments: { name: string }[] }) =>
        [...attachments.map(({ name }) => name), text].filter(Boolean).join(' '),
    );

  /** A window whose way to the desk can be shut while the page itself still comes: what a reload needs. */
  async function opened(options: Parameters<typeof openWindow>[1] = {}) {
    const window = await openWindow(origin, { cookie: admin.cookie, ...options });
    const way = { shut: false };
    await window.context.routeWebSocket(/socket\.io/, (socket) => {
      if (way.shut) unattended(socket.close(), 'close');
      else socket.connectToServer();
    });
    await window.context.route('**/api/v1/media', (route) => (way.shut ? route.abort() : route.continue()));
    return { ...window, way };
  }

  it('that were uploaded before go out once and in order, from two tabs and after a reload', async () => {
    const window = await opened();
    const { context, page, faults, way } = window;
    const { box, list, log } = partsOf(window);
    await page.goto(`${origin}/atendimentos/${id}`);
    const second = await context.newPage();
    await second.goto(`${origin}/atendimentos/${id}`);
    await partsOf({ page: second }).box.waitFor();
    await gives(box, 'paste', [pictureOf('um.jpg'), pictureOf('dois.jpg')]);
    await list.getByText('dois.jpg').waitFor();
    await expect.poll(() => list.getByRole('progressbar').count(), { timeout: 20_000 }).toBe(0);
    way.shut = true;
    await context.setOffline(true);
    await page.getByText('Sem conexão').waitFor();
    await box.fill('estas duas');
    await box.press('Enter');
    await log.getByText('estas duas').waitFor();
    await box.fill('e mais nada');
    await box.press('Enter');
    await log.getByText('e mais nada').waitFor();
    expect(await list.count()).toBe(0);
    await context.setOffline(false);
    await page.reload();
    await second.reload();
    for (const one of [page, second]) await partsOf({ page: one }).log.getByText('e mais nada').waitFor();
    expect(await received()).toEqual([]);
    way.shut = false;
    await expect.poll(received, { timeout: 60_000 }).toEqual(['um.jpg estas duas', 'dois.jpg', 'e mais nada']);
    for (const one of [page, second])
      await partsOf({ page: one }).log.locator('.bubble', { hasText: 'e mais nada' }).getByText('entregue').waitFor();
    expect(await received()).toHaveLength(3);
    expect((await admin.get(`/tickets/${id}/messages`)).body.items).toHaveLength(4);
    expect(faults).toEqual([]);
  });

  it('that were not uploaded yet wait, survive a reload, and go on by themselves', async () => {
    const window = await opened(dark);
    const { page, context, faults, way } = window;
    const { box, list, log, send } = partsOf(window);
    await page.goto(`${origin}/atendimentos/${id}`);
    await box.waitFor();
    way.shut = true;
    await context.setOffline(true);
    await page.getByText('Sem conexão').waitFor();
    await gives(box, 'paste', [pictureOf('tres.jpg'), pictureOf('quatro.jpg')]);
    const waits = list.getByText('Sem conexão: segue quando ela voltar.');
    await expect.poll(() => waits.count(), { timeout: 20_000 }).toBe(2);
    await box.fill('faltavam estas');
    expect(await send.getAttribute('aria-disabled')).toBe('true');
    await sound(page, 'files-offline-360-dark');
    await context.setOffline(false);
    await page.reload();
    await expect.poll(() => waits.count(), { timeout: 20_000 }).toBe(2);
    expect(await box.inputValue()).toBe('faltavam estas');
    way.shut = false;
    await expect.poll(() => send.getAttribute('aria-disabled'), { timeout: 30_000 }).toBe(null);
    await box.press('Enter');
    await log.getByRole('button', { name: 'Abrir Imagem quatro.jpg' }).waitFor();
    await expect
      .poll(async () => (await received()).slice(3), { timeout: 60_000 })
      .toEqual(['tres.jpg faltavam estas', 'quatro.jpg']);
    await page.reload();
    await log.getByRole('button', { name: 'Abrir Imagem quatro.jpg' }).waitFor();
    expect(await list.count()).toBe(0);
    expect(faults).toEqual([]);
  });
});
