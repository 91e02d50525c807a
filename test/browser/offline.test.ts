import { expect, it } from 'vitest';
import { unattended } from '#shared/unattended.ts';
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

  it('nothing stays missing when the first questions after it are lost while the connection stands', async () => {
    const rita = '+5541966665555';
    await desk.writes('bom dia', { from: rita, name: 'Rita' });
    const { id } = await desk.ticketOf(rita);
    await admin.post(`/tickets/${id}/take`);
    const { context, page, faults } = await openWindow(origin, { cookie: admin.cookie });
    const way = { shut: false, losing: new Set<string>(), lost: [] as string[] };
    /** Each of what is to be lost is lost once. */
    const loses = (name: string) => way.losing.delete(name) && way.lost.push(name) > 0;
    const cut: (() => Promise<void>)[] = [];
    await context.routeWebSocket(/socket\.io/, (socket) => {
      if (way.shut) {
        unattended(socket.close(), 'close');
        return;
      }
      const server = socket.connectToServer();
      cut.push(() => socket.close());
      socket.onMessage((message) => {
        if (!(message.includes('"ticket:watch"') && loses('watch'))) server.send(message);
      });
    });
    const routes = { list: /\/api\/v1\/tickets\?/, counts: /\/api\/v1\/tickets\/counts/ };
    for (const [name, path] of Object.entries(routes))
      await context.route(path, (route) => (loses(name) ? route.abort() : route.continue()));
    await page.goto(`${origin}/atendimentos/${id}?status=open`);
    const log = page.getByRole('log', { name: 'Mensagens' });
    await log.getByText('bom dia').waitFor();
    way.shut = true;
    for (const close of cut) await close();
    await page.getByText('Sem conexão').waitFor();
    await desk.writes('ainda aí?', { from: rita });
    await desk.writes('sou nova aqui', { from: '+5541955554444', name: 'Nova' });
    way.losing = new Set(['watch', 'list', 'counts']);
    way.shut = false;
    await page.locator('a.row', { hasText: 'sou nova aqui' }).waitFor();
    await log.getByText('ainda aí?').waitFor();
    expect(way.lost.toSorted()).toEqual(['counts', 'list', 'watch']);
    expect(faults).toEqual([]);
  });
});
