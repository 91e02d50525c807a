import sharp from 'sharp';
import { expect, it } from 'vitest';
import { inBrowser, openWindow } from './browser.ts';
import { dark, sound } from './sound.ts';
import { threeNetworks, typeServers } from './three-networks.ts';

inBrowser('connecting channels', async () => {
  const { desk, telegram, whatsapp, office, device } = await threeNetworks();
  const { origin, admin } = desk;
  const owner = whatsapp.phone('5511900001111', '11223344556677', 'Acme');
  const second = whatsapp.phone('5511900002222', '22334455667788', 'Filial');
  const ana = whatsapp.phone('5511988887777', '99887766554433', 'Ana');

  async function begin(kind: string, options: Parameters<typeof openWindow>[1] = {}) {
    const opened = await openWindow(origin, { cookie: admin.cookie, ...options });
    await opened.page.goto(`${origin}/configuracoes/canais`);
    await opened.page.getByRole('button', { name: 'Conectar canal' }).first().click();
    const choice = opened.page.locator('.kinds').getByRole('button', { name: kind });
    await choice.waitFor();
    return { ...opened, choice };
  }

  it('a Telegram bot: a wrong token at its field, then who it is, and its first message', async () => {
    telegram.chats.files.set('profile', {
      ...{ id: 'profile', path: 'photos/profile.png', name: 'profile.png', mime: 'image/png' },
      bytes: await sharp({ create: { width: 96, height: 96, channels: 3, background: '#2a9d8f' } })
        .png()
        .toBuffer(),
    });
    const { page, faults, choice } = await begin('Telegram');
    await sound(page, 'connect-kinds');
    await choice.click();
    await page.getByLabel('Token do bot').fill('nada');
    await page.getByRole('button', { name: 'Continuar' }).click();
    await page.getByText('não aceita este token').waitFor();
    await sound(page, 'connect-telegram-wrong');
    await page.getByLabel('Token do bot').fill(telegram.token);
    await page.getByRole('button', { name: 'Continuar' }).click();
    await page.locator('[data-check=ok]').first().waitFor();
    const heading = page.getByRole('heading', { name: 'Etapa 2 de 4: Veja se funciona' });
    expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await page.locator('.found img').evaluate((photo: HTMLImageElement) => photo.naturalWidth)).toBe(96);
    await sound(page, 'connect-telegram-found');
    await page.getByRole('button', { name: 'Continuar' }).click();
    await page.getByLabel('Nome', { exact: true }).fill('Bot da Acme');
    await page.getByRole('button', { name: 'Conectar canal' }).last().click();
    await page.getByText('Bot da Acme está conectado.').waitFor();
    await page.locator('svg.qr').waitFor();
    await page.getByText('Aguardando a primeira mensagem').waitFor();
    telegram.customer(77_001, 'Ana').write('oi');
    await page.getByText(/Chegou às/).waitFor();
    await sound(page, 'connect-telegram-done');
    await page.getByRole('button', { name: 'Ver o canal' }).click();
    await page.getByText('Última recebida').waitFor();
    await page.getByRole('button', { name: 'Testar' }).click();
    await page.getByText(/Respondeu em \d/).waitFor();
    await sound(page, 'channel-telegram');
    expect(faults).toEqual([]);
  });

  it('a mailbox: a wrong password at its field, then four green checks', async () => {
    const { page, faults, choice } = await begin('E-mail', dark);
    await choice.click();
    await page.getByLabel('Endereço de e-mail').fill(office.address);
    await page.getByLabel('Senha').fill('errada');
    await page.getByRole('button', { name: 'Procurar servidores' }).click();
    await typeServers(page, office);
    await page.getByRole('button', { name: 'Testar a caixa' }).click();
    const password = page.getByLabel('Senha');
    await expect.poll(() => password.getAttribute('aria-invalid'), { timeout: 30_000 }).toBe('true');
    await expect.poll(() => password.evaluate((field) => field === document.activeElement)).toBe(true);
    await sound(page, 'connect-email-wrong');
    await password.fill(office.password);
    await page.getByRole('button', { name: 'Testar a caixa' }).click();
    await expect.poll(() => page.locator('[data-check=ok]').count(), { timeout: 60_000 }).toBe(4);
    await sound(page, 'connect-email-checked');
    await page.getByRole('button', { name: 'Continuar' }).click();
    await page.getByLabel('Nome', { exact: true }).fill('Suporte');
    await sound(page, 'connect-email-rules');
    await page.getByRole('button', { name: 'Conectar canal' }).last().click();
    await page.getByText('Suporte está conectado.').waitFor();
    await page.getByRole('button', { name: 'Ver o canal' }).click();
    await page.getByText('Última recebida').waitFor();
    expect(await page.getByLabel('Senha').inputValue()).toBe('');
    await sound(page, 'channel-email');
    expect(faults).toEqual([]);
  });

  it('a WhatsApp number by QR, known by name once it is linked', async () => {
    const { page, faults, choice } = await begin('WhatsApp');
    await choice.click();
    await sound(page, 'connect-whatsapp-notice');
    await page.getByRole('button', { name: 'Entendi' }).click();
    const qr = page.locator('[data-qr]');
    await qr.waitFor();
    await page.getByText('Aguardando leitura').first().waitFor();
    await sound(page, 'connect-whatsapp-qr');
    whatsapp.scan((await qr.getAttribute('data-qr')) ?? '', owner);
    await page.getByText(/Conectado: \+5511900001111/).waitFor();
    await page.getByRole('button', { name: 'Continuar' }).click();
    await page.getByText('Envie uma mensagem para +5511900001111 agora.').waitFor();
    await expect.poll(() => device().active, { timeout: 20_000 }).toBe(true);
    await ana.say(device(), { conversation: 'Bom dia' });
    await page.getByText(/Chegou às/).waitFor();
    await sound(page, 'connect-whatsapp-came');
    await page.getByRole('button', { name: 'Continuar' }).click();
    await page.getByRole('button', { name: 'Conectar canal' }).last().click();
    await page.getByText('WhatsApp está conectado.').waitFor();
    expect(faults).toEqual([]);
  });

  it('a WhatsApp number by code, from the page of the channel, on a phone in the dark', async () => {
    const departmentId = (await admin.get('/departments')).body.items[0].id;
    const { body } = await admin.post('/channels', { kind: 'whatsapp', name: 'Filial', departmentId });
    const { page, faults } = await openWindow(origin, { cookie: admin.cookie, ...dark });
    await page.goto(`${origin}/configuracoes/canais?canal=${body.id}`);
    await page.getByRole('button', { name: 'Usar código de pareamento' }).click();
    await page.getByLabel('Número do WhatsApp').fill('+55 11 90000-2222');
    await page.getByRole('button', { name: 'Gerar código' }).click();
    const code = page.locator('[data-code]');
    await code.waitFor();
    await page.getByText('digite o código').waitFor();
    await sound(page, 'connect-whatsapp-code');
    await expect.poll(() => whatsapp.asksForCode, { timeout: 20_000 }).toBeTruthy();
    await whatsapp.type((await code.getAttribute('data-code')) ?? '', second);
    await page.locator('.figures').getByText('+5511900002222').waitFor();
    await sound(page, 'channel-whatsapp');
    whatsapp.logOut(device());
    await page.getByRole('button', { name: 'Vincular de novo' }).waitFor();
    await page
      .getByText(/desconectado no celular/)
      .first()
      .waitFor();
    await sound(page, 'channel-whatsapp-gone');
    expect(faults).toEqual([]);
  });

  it('tells administrators of a channel that stays away, until they dismiss it', async () => {
    const { page } = await openWindow(origin, { cookie: admin.cookie });
    await page.clock.install();
    await page.goto(origin);
    await page.getByRole('navigation', { name: 'Caixas' }).waitFor();
    const told = page.getByText('Filial foi desconectado pela rede.');
    await page.waitForLoadState('networkidle');
    expect(await told.count()).toBe(0);
    await page.clock.fastForward(31_000);
    await told.waitFor();
    await sound(page, 'channel-bar');
    const gear = page.getByRole('link', { name: 'Configurações: um canal está fora do ar' });
    await gear.waitFor();
    await page.getByRole('button', { name: 'Dispensar' }).click();
    await told.waitFor({ state: 'detached' });
    // A reload neither brings the words back nor takes the mark away.
    await page.reload();
    // The clock may only jump when the page stands: on its way its own waits would run out with it.
    await page.getByRole('navigation', { name: 'Caixas' }).waitFor();
    await page.waitForLoadState('networkidle');
    await page.clock.fastForward(31_000);
    await gear.waitFor();
    expect(await told.count()).toBe(0);
    await page.setViewportSize(dark.viewport);
    await page.goto(`${origin}/configuracoes/canais`);
    await page.getByText(/^Desconectado pela rede desde/).waitFor();
    await sound(page, 'channels-away-360');
  });
});
