import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { oggOfWebm } from '#channels/support/voice.ts';
import { inPhase, onlyTicket } from '../flow/networks.ts';
import { inBrowser, picture } from './browser.ts';
import { dark, sound } from './sound.ts';
import { choose, threeNetworks, typeServers } from './three-networks.ts';

const sample = readFileSync(new URL('../channels/samples/voice-note.webm', import.meta.url));
const voiceNote = Buffer.from(oggOfWebm(sample)?.ogg ?? []);
const receipt = { name: 'recibo.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 recibo\n%%EOF\n') };

inBrowser('a new company, its three networks and their customers', async () => {
  const { desk, telegram, whatsapp, office, device, channels } = await threeNetworks();
  const { admin } = desk;
  const owner = whatsapp.phone('5511900001111', '11223344556677', 'Acme');
  const ana = whatsapp.phone('5511988887777', '99887766554433', 'Ana Lima');
  const bia = telegram.customer(77_001, 'Bia Reis');
  const caio = { name: 'Caio Nunes', address: 'caio@correio.example' };
  const photo = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#d62828' } })
    .png()
    .toBuffer();
  const { page, faults } = await channels();
  const log = page.getByRole('log', { name: 'Mensagens' });
  const box = page.getByRole('textbox', { name: 'Escreva uma mensagem' });
  const bubble = (text: string) => log.locator('.bubble', { hasText: text });
  const ids = { whatsapp: '', telegram: '', email: '' };

  /** Goes through "Regras" and "Pronto". */
  async function finish(name: string): Promise<void> {
    await page.getByLabel('Nome', { exact: true }).fill(name);
    await sound(page, `step-rules-${name}`);
    await page.getByRole('button', { name: 'Conectar canal' }).last().click();
    await page.getByText(`${name} está conectado.`).waitFor();
    await sound(page, `step-done-${name}`);
    await page.getByRole('button', { name: 'Ver o canal' }).click();
    await page.getByText('Última recebida').waitFor();
    await sound(page, `health-${name}`);
    await page.getByRole('button', { name: 'Voltar' }).click();
  }

  async function opens(name: string): Promise<void> {
    await page.getByRole('link', { name: 'Conversas', exact: true }).click();
    await page.getByRole('link', { name: /^Aguardando/ }).click();
    await page
      .getByRole('region', { name: /^Conversas em/ })
      .getByRole('link', { name: new RegExp(name) })
      .click();
    await page.getByText('Espiando: nada muda para o cliente.').waitFor();
    await page.keyboard.press('Enter');
    await box.waitFor();
  }

  async function answers(quoted: string, text: string): Promise<void> {
    await bubble(quoted).hover();
    await bubble(quoted).getByRole('button', { name: 'Citar esta mensagem' }).click();
    await page.locator('input[type=file]').setInputFiles(receipt);
    await page.getByRole('list', { name: 'Anexos' }).getByText('recibo.pdf').waitFor();
    await box.fill(text);
    await expect.poll(() => page.getByRole('progressbar').count(), { timeout: 20_000 }).toBe(0);
    await box.press('Enter');
    await bubble(text).waitFor();
    await log.getByRole('link', { name: /^Baixar recibo\.pdf/ }).waitFor();
  }

  it('connects a phone, a bot and a mailbox, every step on a phone in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize(dark.viewport);
    await choose(page, 'WhatsApp');
    await sound(page, 'step-notice');
    await page.getByRole('button', { name: 'Entendi' }).click();
    const qr = page.locator('[data-qr]');
    await qr.waitFor();
    await sound(page, 'step-qr');
    whatsapp.scan((await qr.getAttribute('data-qr')) ?? '', owner);
    await page.getByText(/Conectado: \+5511900001111/).waitFor();
    await sound(page, 'step-linked');
    await page.getByRole('button', { name: 'Continuar' }).click();
    await sound(page, 'step-message');
    await page.getByRole('button', { name: 'Continuar' }).click();
    await finish('Zap da Acme');
    await choose(page, 'Telegram');
    await page.getByLabel('Token do bot').fill(telegram.token);
    await page.getByRole('button', { name: 'Continuar' }).click();
    await page.getByText('Acme @acme_desk_bot').waitFor();
    await sound(page, 'step-bot');
    await page.getByRole('button', { name: 'Continuar' }).click();
    await finish('Bot da Acme');
    await choose(page, 'E-mail');
    await page.getByLabel('Endereço de e-mail').fill(office.address);
    await page.getByLabel('Senha').fill(office.password);
    await page.getByRole('button', { name: 'Procurar servidores' }).click();
    await typeServers(page, office);
    await page.getByRole('button', { name: 'Testar a caixa' }).click();
    await page.getByRole('button', { name: 'Continuar' }).click();
    await finish('Correio da Acme');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1440, height: 860 });
    const made = (await admin.get('/channels')).body.items;
    for (const { id, kind, simulated } of made) if (!simulated && kind in ids) Reflect.set(ids, kind, id);
    for (const id of Object.values(ids)) await inPhase(desk, id, 'online');
    await expect.poll(() => device().active, { timeout: 20_000 }).toBe(true);
  });

  it('WhatsApp: picture, voice and quote come in; a quote, a text and a file reach the phone', async () => {
    const sealed = await whatsapp.media.put(photo, 'image');
    const image = { ...sealed, mimetype: 'image/png', caption: 'a luz está vermelha' };
    const first = await ana.say(device(), { imageMessage: image });
    const voice = await whatsapp.media.put(voiceNote, 'audio');
    const audio = { ...voice, mimetype: 'audio/ogg; codecs=opus', ptt: true, seconds: 2 };
    await ana.say(device(), { audioMessage: audio });
    const contextInfo = { stanzaId: first, participant: ana.jid, quotedMessage: { imageMessage: image } };
    await ana.say(device(), { extendedTextMessage: { text: 'esta luz', contextInfo } });
    await onlyTicket(desk, ids.whatsapp);
    await opens('Ana Lima');
    await seesPicture(page);
    await log.getByRole('button', { name: 'Tocar Mensagem de voz' }).waitFor();
    await bubble('esta luz')
      .getByRole('button', { name: /Resposta a/ })
      .waitFor();
    await answers('esta luz', 'Reinicie o modem');
    await expect.poll(() => ana.inbox.length, { timeout: 20_000 }).toBe(1);
    const document =
      ana.inbox[0]?.message.documentMessage ??
      ana.inbox[0]?.message.documentWithCaptionMessage?.message?.documentMessage;
    expect(document).toMatchObject({ fileName: 'recibo.pdf', caption: 'Reinicie o modem' });
    expect(document?.contextInfo?.stanzaId).toBeTruthy();
    ana.acknowledge(device(), ana.inbox[0]?.id ?? '');
    await bubble('Reinicie o modem').getByText('entregue').waitFor();
    await sound(page, 'networks-whatsapp');
  });

  it('Telegram: picture, voice and quote come in; a quote, a text and a file reach the chat', async () => {
    const { messageId } = bia.send('photo', {
      name: 'foto.png',
      mime: 'image/png',
      bytes: photo,
      caption: 'olha isto',
    });
    bia.send('voice', { name: 'voz.oga', mime: 'audio/ogg', bytes: voiceNote, seconds: 2 });
    bia.write('entendeu?', { replyTo: messageId });
    await onlyTicket(desk, ids.telegram);
    await opens('Bia Reis');
    await seesPicture(page);
    await log.getByRole('button', { name: 'Tocar Mensagem de voz' }).waitFor();
    await bubble('entendeu?')
      .getByRole('button', { name: /Resposta a/ })
      .waitFor();
    await answers('entendeu?', 'Entendi, segue');
    const got = () => telegram.chat(77_001).messages.filter(({ from }) => from === 'bot');
    await expect.poll(() => got().length, { timeout: 20_000 }).toBe(1);
    expect(got()[0]).toMatchObject({ text: 'Entendi, segue', file: { name: 'recibo.pdf' } });
    expect(got()[0]?.replyTo).toBe(telegram.chat(77_001).messages[2]?.messageId);
    await sound(page, 'networks-telegram');
  });

  it('e-mail: a picture comes in; a text and a file reach the mailbox; the customer’s quote stays folded', async () => {
    await office.receive({
      from: caio,
      subject: 'Cobrança de maio',
      messageId: '<um@correio.example>',
      text: 'Veio errada.',
      attachments: [{ filename: 'fatura.png', content: photo }],
    });
    await onlyTicket(desk, ids.email);
    await opens('Caio Nunes');
    await log.getByText('Cobrança de maio').waitFor();
    await seesPicture(page);
    await answers('Veio errada.', 'Segue corrigida');
    const sent = () => office.smtp.sent.filter(({ to }) => to.includes(caio.address));
    await expect.poll(() => sent().length, { timeout: 20_000 }).toBe(1);
    const raw = sent()[0]?.raw.toString() ?? '';
    expect(raw).toContain('Segue corrigida');
    expect(raw).toContain('recibo.pdf');
    expect(raw).toMatch(/^In-Reply-To: <um@correio\.example>/im);
    const ours = /^Message-ID:\s+<(.+)>/im.exec(raw)?.[1] ?? '';
    await office.receive({
      ...{ from: caio, subject: 'Re: Cobrança de maio', messageId: '<dois@correio.example>' },
      inReplyTo: `<${ours}>`,
      text: 'Agora sim.\n\nEm 26/11/2026 10:00, Acme escreveu:\n> Segue corrigida\n',
    });
    await bubble('Agora sim.').waitFor();
    expect(await bubble('Agora sim.').getByText('> Segue corrigida').count()).toBe(0);
    await sound(page, 'networks-email');
  });

  it('the network goes and comes back: told, then told what was recovered', async () => {
    await page.clock.install();
    await page.goto(`${desk.origin}/configuracoes/canais?canal=${ids.whatsapp}`);
    await page.locator('.figures').waitFor();
    expect(await page.locator('.figures div').filter({ hasText: 'Última enviada' }).getByText('nenhuma').count()).toBe(
      0,
    );
    whatsapp.faults.upgrade = 503;
    whatsapp.dropAll();
    await inPhase(desk, ids.whatsapp, 'waiting');
    await page
      .getByText(/^Fora do ar desde/)
      .first()
      .waitFor();
    await page.clock.fastForward(31_000);
    await page.getByText('Zap da Acme está fora do ar. O que for enviado espera na fila.').waitFor();
    await picture(page, 'networks-away');
    await ana.say(device(), { conversation: 'ainda aí?' });
    whatsapp.faults.upgrade = null;
    await inPhase(desk, ids.whatsapp, 'online');
    await page.getByText('Zap da Acme está fora do ar.').waitFor({ state: 'detached' });
    await expect
      .poll(async () => (await admin.get(`/channels/${ids.whatsapp}`)).body.health.log[0].recovered, {
        timeout: 20_000,
      })
      .toBe(1);
    await page.clock.fastForward(5_000);
    await page.getByText(/^Fora do ar \S+ a \S+, 1 mensagem recuperada/).waitFor();
    await sound(page, 'networks-back');
    expect(faults).toEqual([]);
  });
});

/** The picture of the thread is really drawn. */
async function seesPicture(page: Page): Promise<void> {
  const image = page.getByRole('log', { name: 'Mensagens' }).locator('img').first();
  await image.waitFor();
  await expect
    .poll(() => image.evaluate((shown: HTMLImageElement) => shown.naturalWidth), { timeout: 20_000 })
    .toBeGreaterThan(0);
}
