import { expect, it } from 'vitest';
import { addChannel, inPhase, messagesOf, onlyTicket, ticketsOf } from '../flow/networks.ts';
import { inBrowser, type Window } from './browser.ts';
import { dark, sound } from './sound.ts';
import { choose, threeNetworks, typeServers } from './three-networks.ts';

inBrowser('caring for channels', async () => {
  const world = await threeNetworks({ qrMs: 1_500 });
  const { desk, telegram, whatsapp, office } = world;
  const { app, admin, origin } = desk;
  const bia = telegram.customer(88_001, 'Bia');
  let bot = '';
  const focused = (element: Element) => element === document.activeElement;

  async function pageOf(channelId: string, options = {}): Promise<Window> {
    const opened = await world.channels(options);
    await opened.page.goto(`${origin}/configuracoes/canais?canal=${channelId}`);
    return opened;
  }

  it('shows what could not be read; it is tried again, and thrown away after a question', async () => {
    bot = await addChannel(desk, { kind: 'telegram', name: 'Bot', config: { token: telegram.token } });
    bia.say({ text: 'quando?' }, {}, { wire: { date: 'nunca' } });
    const { page, faults } = await pageOf(bot, dark);
    const letters = page.locator('.letters li');
    await letters.getByText('não entendeu o formato').waitFor();
    await letters.getByRole('button', { name: 'Reprocessar' }).click();
    await page.getByText('Ainda não foi possível ler.').waitFor();
    await letters.first().scrollIntoViewIfNeeded();
    await sound(page, 'channel-letters');
    await letters.getByRole('button', { name: 'Descartar' }).click();
    await page
      .getByRole('dialog', { name: 'Descartar para sempre?' })
      .getByRole('button', { name: 'Descartar' })
      .click();
    await page.getByText('Nada: tudo o que chegou foi lido.').waitFor();
    await expect.poll(() => page.getByRole('region', { name: /conseguiu ler/ }).evaluate(focused)).toBe(true);
    expect((await admin.get(`/channels/${bot}/dead-letters`)).body.items).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('takes in what can be read by now', async () => {
    const company = await app.deskOf((await admin.get('/me')).body.company.id);
    const chat = { id: 88_002, type: 'private', first_name: 'Caio' };
    const from = { id: 88_002, is_bot: false, first_name: 'Caio' };
    const message = { message_id: 7, from, chat, date: Math.floor(Date.now() / 1_000), text: 'ainda dá tempo' };
    const raw = Buffer.from(JSON.stringify({ update_id: 999_001, message }));
    const at = new Date().toISOString();
    const letter = {
      id: company.newId(),
      channelId: bot,
      key: 'later',
      at,
      reason: 'RangeError',
      tries: 1,
      event: null,
    };
    await company.store.deadLetters.keep(letter, raw);
    const { page } = await pageOf(bot);
    await page.locator('.letters').getByRole('button', { name: 'Reprocessar' }).click();
    await page.getByText('Reprocessada: já está no atendimento.').waitFor();
    await page.getByText('Nada: tudo o que chegou foi lido.').waitFor();
    const ticket = await onlyTicket(desk, bot);
    expect((await messagesOf(desk, ticket.id)).map(({ text }: { text: string }) => text)).toEqual(['ainda dá tempo']);
  });

  it('pauses a bot and takes it up again with what was written meanwhile', async () => {
    const { page, faults } = await pageOf(bot);
    await page.getByRole('button', { name: 'Pausar' }).click();
    await page.getByRole('dialog', { name: 'Pausar Bot?' }).getByRole('button', { name: 'Pausar' }).click();
    await page.getByText('Pausado: não recebe nem envia.').waitFor();
    await sound(page, 'channel-paused');
    bia.write('tem alguém?');
    await page.getByRole('button', { name: 'Retomar' }).click();
    await inPhase(desk, bot, 'online');
    await expect
      .poll(async () => JSON.stringify(await ticketsOf(desk, bot)), { timeout: 20_000 })
      .toContain('tem alguém?');
    await page.getByRole('button', { name: 'Reconectar' }).click();
    await expect
      .poll(async () => (await admin.get(`/channels/${bot}`)).body.health.reconnects, { timeout: 20_000 })
      .toBe(2);
    await page
      .locator('.figures .wrong, .figures div')
      .filter({ hasText: 'Reconexões em 24 h' })
      .getByText('2')
      .waitFor();
    await page.locator('.health .about').getByText('No ar').waitFor();
    expect(faults).toEqual([]);
  });

  it('tries a new token before it is kept', async () => {
    const { page, faults } = await pageOf(bot);
    const token = page.getByLabel('Token do bot');
    await token.fill('123456:errado');
    await page.getByRole('button', { name: 'Salvar' }).click();
    await page.getByText('não aceita este token').waitFor();
    expect(await token.evaluate(focused)).toBe(true);
    await inPhase(desk, bot, 'online');
    await token.fill(telegram.token);
    await page.getByRole('button', { name: 'Salvar' }).click();
    await expect.poll(() => token.inputValue(), { timeout: 20_000 }).toBe('');
    expect(faults).toEqual([]);
  });

  it('tries changed servers of a mailbox with the password that is kept', async () => {
    const mail = await addChannel(desk, { kind: 'email', name: 'Caixa', config: office.settings() });
    const { page, faults } = await pageOf(mail, dark);
    const port = page.getByRole('group', { name: 'Receber (IMAP)' }).getByLabel('Porta');
    await port.fill('1');
    await page.getByRole('button', { name: 'Salvar' }).click();
    await page.getByRole('group', { name: 'Receber (IMAP)' }).getByText('Confira a porta.').waitFor();
    expect(await port.evaluate(focused)).toBe(true);
    await sound(page, 'channel-email-port');
    await port.fill(String(office.imapPort));
    await page.getByLabel('Usuário').fill(office.address.toUpperCase());
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/channels/probe', async (route) => {
      await held;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Salvar' }).click();
    const sender = page.getByLabel('Nome de quem envia');
    await sender.fill('Acme ');
    release();
    await page.getByLabel('Senha').and(page.locator('[aria-invalid=true]')).waitFor();
    await page.getByRole('button', { name: 'Salvar' }).waitFor();
    // A refusal that comes while somebody types on does not take the words to the field that it names.
    expect(await sender.evaluate(focused)).toBe(true);
    await page.keyboard.type('Suporte');
    await page.getByLabel('Usuário').fill(office.address);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.getByRole('button', { name: 'Salvar' }).click();
    await expect
      .poll(async () => (await admin.get(`/channels/${mail}`)).body.config.name, { timeout: 20_000 })
      .toBe('Acme Suporte');
    expect(asked).not.toContain('/api/v1/channels/probe');
    expect(faults).toEqual([]);
  });

  it('checks of a mailbox appear as they end, and what was typed is not lost by Esc', async () => {
    const { page } = await world.channels(dark);
    await choose(page, 'E-mail');
    await page.getByLabel('Endereço de e-mail').fill(office.address);
    await page.getByLabel('Senha').fill(office.password);
    await page.getByRole('button', { name: 'Procurar servidores' }).click();
    await typeServers(page, office);
    office.deaf = true;
    await page.getByRole('button', { name: 'Testar a caixa' }).click();
    await expect.poll(() => page.locator('[data-check=ok]').count(), { timeout: 20_000 }).toBe(3);
    await page.getByText('Testando… pode levar um minuto.').waitFor();
    await page.locator('.checks').scrollIntoViewIfNeeded();
    await sound(page, 'connect-email-checking');
    office.deaf = false;
    await page.keyboard.press('Escape');
    const question = page.getByRole('dialog', { name: 'Descartar o que você mudou?' });
    await question.waitFor();
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    expect(await page.getByLabel('Endereço de e-mail').inputValue()).toBe(office.address);
  });

  it('makes a new QR when all have ended; a channel that was not linked goes with its wizard', async () => {
    whatsapp.faults.refs = 2;
    const { page, faults } = await world.channels(dark);
    await choose(page, 'WhatsApp');
    await page.getByRole('button', { name: 'Entendi' }).click();
    const qr = page.locator('[data-qr]');
    await qr.waitFor();
    const first = await qr.getAttribute('data-qr');
    await page.getByText('Os códigos acabaram sem leitura').waitFor();
    await sound(page, 'connect-whatsapp-ended');
    whatsapp.faults.refs = 6;
    await page.getByRole('button', { name: 'Gerar novo QR' }).click();
    await qr.waitFor();
    expect(await qr.getAttribute('data-qr')).not.toBe(first);
    // The button is gone; the keyboard goes on from where it stood.
    expect(await page.locator('.pairing').evaluate(focused)).toBe(true);
    await page.keyboard.press('Escape');
    const kinds = async () =>
      (await admin.get('/channels')).body.items.map(({ kind, simulated }: never) => [kind, simulated]);
    await expect.poll(kinds, { timeout: 20_000 }).not.toContainEqual(['whatsapp', false]);
    expect(faults).toEqual([]);
  });

  it('removes a number that was never linked, after a question', async () => {
    const number = await addChannel(desk, { kind: 'whatsapp', name: 'Vendas' }, 'off');
    const { page, faults } = await pageOf(number);
    await page.getByRole('button', { name: 'Remover canal' }).click();
    await page.getByRole('dialog', { name: 'Remover Vendas?' }).getByRole('button', { name: 'Remover canal' }).click();
    await page.locator('.items').getByText('Vendas').waitFor({ state: 'detached' });
    expect((await admin.get(`/channels/${number}`)).status).toBe(404);
    await page.goto(`${origin}/configuracoes/canais?canal=${bot}`);
    await page.getByText('Última recebida').waitFor();
    expect(await page.getByRole('button', { name: 'Remover canal' }).count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('a wizard goes by keyboard alone: headings are read, Esc asks, the list gets the focus back', async () => {
    const { page, faults } = await world.channels();
    await page.getByRole('button', { name: 'Conectar canal' }).first().waitFor();
    const here = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press('n');
    await expect.poll(here).toBe('Por onde seus clientes escrevem?');
    await press('Tab', 'Tab', 'Enter');
    await expect.poll(here).toBe('Etapa 1 de 4: Conecte a conta');
    await press('Tab');
    await page.keyboard.type(telegram.token);
    await press('Enter');
    await expect.poll(here, { timeout: 20_000 }).toBe('Etapa 2 de 4: Veja se funciona');
    await press('Tab', 'Enter');
    await expect.poll(here).toBe('Etapa 3 de 4: Quem atende');
    await press('Tab');
    await page.keyboard.type('Outro bot');
    await press('Escape');
    const question = page.getByRole('dialog', { name: 'Descartar o que você mudou?' });
    await question.waitFor();
    await press('Enter');
    await question.waitFor({ state: 'detached' });
    expect(await page.getByLabel('Nome', { exact: true }).evaluate(focused)).toBe(true);
    await press('Escape');
    await question.getByRole('button', { name: 'Descartar' }).click();
    await page.locator('.wizard').waitFor({ state: 'detached' });
    await expect.poll(() => page.getByRole('button', { name: 'Conectar canal' }).first().evaluate(focused)).toBe(true);
    expect(faults).toEqual([]);
  });

  it('the list tells each state and since when, on a phone too', async () => {
    const { page } = await world.channels(dark);
    const row = page.getByRole('button', { name: /^Bot/ });
    await row.getByText(/^No ar desde \d\d:\d\d$/).waitFor();
    await sound(page, 'channels-360');
  });
});
