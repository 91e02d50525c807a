import { expect, it } from 'vitest';
import { story } from '../support/story.ts';
import { gives, inBrowser, openWindow, photo, picture } from './browser.ts';

const from = '+5541988887777';

inBrowser('files in a reply', async () => {
  const desk = await story();
  const { origin, admin } = desk;
  await desk.writes('manda a conta', { from });
  const { id } = await desk.ticketOf(from);
  await admin.post(`/tickets/${id}/take`);
  const { page, faults } = await openWindow(origin, { cookie: admin.cookie });
  const log = page.getByRole('log', { name: 'Mensagens' });
  const box = page.getByRole('textbox', { name: 'Escreva uma mensagem' });
  const list = page.getByRole('list', { name: 'Anexos' });
  const jpeg = await photo();
  const pdf = [...Buffer.from('%PDF-1.4\n%%EOF\n')];
  const received = async () =>
    (await admin.get(`/simulator/outbox?to=${encodeURIComponent(from)}`)).body.items.map(
      ({ text, attachments }: { text: string; attachments: { name: string }[] }) => [text, attachments[0]?.name],
    );

  it('pasted and dropped ones are uploaded, survive a reload, and tell how many messages they become', async () => {
    await page.goto(`${origin}/atendimentos/${id}`);
    await box.waitFor();
    await gives(box, 'paste', [
      { name: 'um.jpg', type: 'image/jpeg', bytes: jpeg },
      { name: 'dois.jpg', type: 'image/jpeg', bytes: jpeg },
    ]);
    await gives(box, 'drop', [{ name: 'conta.pdf', type: 'application/pdf', bytes: pdf }]);
    await expect.poll(() => list.getByRole('listitem').count()).toBe(3);
    await page.getByText('Serão enviadas 3 mensagens.').waitFor();
    await expect.poll(() => list.getByRole('progressbar').count(), { timeout: 20_000 }).toBe(0);
    await page.reload();
    await expect.poll(() => list.getByRole('listitem').count(), { timeout: 20_000 }).toBe(3);
    await picture(page, 'attaching-1440-light');
    await list.getByRole('button', { name: 'Remover dois.jpg' }).click();
    await expect.poll(() => list.getByRole('listitem').count()).toBe(2);
  });

  it('go with text and quote, and are seen in the thread and by the customer', async () => {
    await log.locator('.bubble', { hasText: 'manda a conta' }).hover();
    await log.getByRole('button', { name: 'Citar esta mensagem' }).click();
    await page.getByText('Respondendo a Sérgio Luz').waitFor();
    await picture(page, 'quoting-1440-light');
    await box.fill('aqui está');
    await box.press('Enter');
    await log.getByRole('button', { name: 'Abrir Imagem um.jpg' }).waitFor();
    await log.getByRole('link', { name: /^Baixar conta\.pdf/ }).waitFor();
    await log.getByRole('button', { name: /Resposta a Sérgio Luz/ }).waitFor();
    await expect.poll(() => list.count()).toBe(0);
    expect(await box.inputValue()).toBe('');
    await expect
      .poll(async () => (await received()).map(([, name]: [string, string]) => name).toSorted(), { timeout: 20_000 })
      .toEqual(['conta.pdf', 'um.jpg']);
    expect((await received()).map(([text]: [string, string]) => text)).toContain('aqui está');
  });

  it('one that does not arrive says so and goes on a second try', async () => {
    await page.route('**/api/v1/media', (route) => route.abort(), { times: 1 });
    await gives(box, 'paste', [{ name: 'tres.jpg', type: 'image/jpeg', bytes: jpeg }]);
    await list.getByRole('alert').waitFor();
    await picture(page, 'attaching-failed');
    await box.fill('mais uma');
    await box.press('Enter');
    expect(await box.inputValue()).toBe('mais uma');
    await list.getByRole('button', { name: 'Tentar de novo' }).click();
    await list.getByText('kB').or(list.getByText(/\d B$/)).waitFor();
    await box.press('Enter');
    await log.getByRole('button', { name: 'Abrir Imagem tres.jpg' }).waitFor();
    expect(faults).toEqual([]);
  });
});
