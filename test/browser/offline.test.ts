import { expect, it } from 'vitest';
import { story } from '../support/story.ts';
import { inBrowser, openWindow, picture } from './browser.ts';

const from = '+5541977776666';

inBrowser('without a network', async () => {
  const desk = await story();
  const { origin, admin } = desk;

  it('texts wait, survive a reload, go out once and in order; what was missed comes in; nothing asks to refresh', async () => {
    await desk.writes('oi', { from, name: 'Otto' });
    const { id } = await desk.ticketOf(from);
    await admin.post(`/tickets/${id}/take`);
    const { context, page, faults } = await openWindow(origin, { cookie: admin.cookie });
    await page.goto(`${origin}/atendimentos/${id}`);
    const box = page.getByRole('textbox', { name: 'Escreva uma mensagem' });
    const log = page.getByRole('log', { name: 'Mensagens' });
    await box.waitFor();
    await log.getByText('oi', { exact: true }).waitFor();

    await context.setOffline(true);
    for (const text of ['primeira', 'segunda', 'terceira']) {
      await box.fill(text);
      await page.keyboard.press('Enter');
      await log.getByText(text).waitFor();
      expect(await box.inputValue()).toBe('');
    }
    await page.getByText('Sem conexão').waitFor();
    await picture(page, 'offline');
    await desk.writes('ainda aí?', { from, name: 'Otto' });
    await context.setOffline(false);
    await log.getByText('ainda aí?').waitFor();
    await expect
      .poll(
        async () =>
          (await admin.get(`/simulator/outbox?to=${encodeURIComponent(from)}`)).body.items.map(
            ({ text }: { text: string }) => text,
          ),
        { timeout: 60_000 },
      )
      .toEqual(['primeira', 'segunda', 'terceira']);

    await box.fill('rascunho que fica');
    await page.reload();
    await expect.poll(() => box.inputValue(), { timeout: 20_000 }).toBe('rascunho que fica');
    const { items } = (await admin.get(`/tickets/${id}/messages`)).body;
    expect(items.map(({ text }: { text: string }) => text)).toEqual(
      ['oi', 'ainda aí?', 'primeira', 'segunda', 'terceira'].sort(
        (a, b) =>
          items.findIndex((m: { text: string }) => m.text === a) -
          items.findIndex((m: { text: string }) => m.text === b),
      ),
    );
    expect(items).toHaveLength(5);
    expect(faults).toEqual([]);
  });
});
