import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { once, story } from '../support/story.ts';
import { inBrowser, openWindow, picture } from './browser.ts';

inBrowser('the web chat', async () => {
  const desk = await story();
  const { origin, admin } = desk;
  const channel = (await admin.get('/channels')).body.items.find(
    (item: { kind: string; simulated: boolean }) => item.kind === 'webchat' && !item.simulated,
  );

  it('what the visitor writes arrives in the desk, answers arrive in the widget, also after both reload', async () => {
    const { page, faults } = await openWindow(origin, { viewport: { width: 1100, height: 760 } });
    await page.goto(`${origin}/teste-do-chat?canal=${channel.publicId}`);
    await page.getByRole('button', { name: 'Abrir o chat' }).click();
    const chat = page.frameLocator('iframe');
    await chat.getByRole('textbox', { name: 'Escreva sua mensagem' }).fill('vocês entregam hoje? 🚚');
    await chat.getByRole('button', { name: 'Enviar' }).click();
    await expect
      .poll(async () => (await admin.get('/tickets?channel=webchat')).body.items.length, { timeout: 20_000 })
      .toBe(1);
    const ticket = (await admin.get('/tickets?channel=webchat')).body.items[0];
    expect(ticket).toMatchObject({
      channel: 'webchat',
      simulated: false,
      lastMessage: { preview: 'vocês entregam hoje? 🚚' },
    });
    await admin.post(`/tickets/${ticket.id}/messages`, once({ text: 'Sim, até as 18h.' }));
    await chat.getByText('Sim, até as 18h.').waitFor();
    await picture(page, 'widget');
    await expect
      .poll(async () => (await admin.get(`/tickets/${ticket.id}/messages`)).body.items.at(-1).delivery.state, {
        timeout: 20_000,
      })
      .toMatch(/delivered|read/);

    await page.reload();
    const again = page.frameLocator('iframe');
    if ((await page.locator('iframe').count()) === 0 || !(await page.locator('iframe').isVisible())) {
      await page.getByRole('button', { name: /Abrir o chat/ }).click();
    }
    await again.getByText('Sim, até as 18h.').waitFor();
    await again.getByText('vocês entregam hoje? 🚚').waitFor();
    expect(faults).toEqual([]);
  });

  it("without a network the visitor's text waits and goes out once; the desk's answer is there afterwards", async () => {
    const { context, page } = await openWindow(origin, { viewport: { width: 1100, height: 760 } });
    await page.goto(`${origin}/teste-do-chat?canal=${channel.publicId}`);
    await page.getByRole('button', { name: 'Abrir o chat' }).click();
    const chat = page.frameLocator('iframe');
    const box = chat.getByRole('textbox', { name: 'Escreva sua mensagem' });
    await box.fill('primeira do Nilo');
    await chat.getByRole('button', { name: 'Enviar' }).click();
    await expect
      .poll(async () => (await admin.get('/tickets?channel=webchat')).body.items.length, { timeout: 20_000 })
      .toBe(2);
    const ticket = (await admin.get('/tickets?channel=webchat')).body.items.find(
      (item: { lastMessage: { preview: string } }) => item.lastMessage.preview === 'primeira do Nilo',
    );
    await context.setOffline(true);
    await box.fill('segunda do Nilo');
    await chat.getByRole('button', { name: 'Enviar' }).click();
    await chat.getByText('segunda do Nilo').waitFor();
    await admin.post(`/tickets/${ticket.id}/messages`, once({ text: 'resposta durante a queda' }));
    await context.setOffline(false);
    await chat.getByText('resposta durante a queda').waitFor();
    await expect
      .poll(
        async () =>
          (await admin.get(`/tickets/${ticket.id}/messages`)).body.items.map(({ text }: { text: string }) => text),
        { timeout: 30_000 },
      )
      .toEqual(['primeira do Nilo', 'resposta durante a queda', 'segunda do Nilo']);
  });

  it('only the sites that the channel allows may frame the chat', async () => {
    await admin.patch(`/channels/${channel.id}`, { config: { origins: ['https://loja.example'] } });
    const page = await desk.call('GET', `/!chat/${channel.publicId}`);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'self' https://loja.example");
    const site = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(
        `<!doctype html><script async src="${origin}/widget.js" data-channel="${channel.publicId}"></script>`,
      );
    });
    await new Promise<void>((resolve) => site.listen(0, 'localhost', resolve));
    afterAll(() => {
      site.close();
    });
    const foreign = `http://localhost:${(site.address() as AddressInfo).port}`;
    const refused = await openWindow(origin);
    await refused.page.goto(foreign);
    await refused.page.getByRole('button', { name: 'Abrir o chat' }).click();
    await refused.page.waitForTimeout(1_500);
    expect(await refused.page.frameLocator('iframe').getByRole('textbox').count()).toBe(0);

    await admin.patch(`/channels/${channel.id}`, { config: { origins: [foreign] } });
    const allowed = await openWindow(origin);
    await allowed.page.goto(foreign);
    await allowed.page.getByRole('button', { name: 'Abrir o chat' }).click();
    await allowed.page.frameLocator('iframe').getByRole('textbox', { name: 'Escreva sua mensagem' }).waitFor();
  });
});
