import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { oggOfWebm } from '#channels/support/voice.ts';
import { inPhase, onlyTicket } from '../flow/networks.ts';
import { available } from '../networks/mail/dovecot.ts';
import { inBrowser } from './browser.ts';
import { type Mailbox, mailboxOnDovecot } from './mailbox.ts';
import { dark, sound } from './sound.ts';
import { choose, threeNetworks, typeServers } from './three-networks.ts';
import { walkerOf } from './walker.ts';

const sample = readFileSync(new URL('../channels/samples/voice-note.webm', import.meta.url));
const voiceNote = Buffer.from(oggOfWebm(sample)?.ogg ?? []);
const caio = { name: 'Caio Nunes', address: 'caio@correio.example' };

if (!available()) {
  if (process.env.BALCAO_NOTHING_SKIPPED === '1') throw new Error('no Dovecot, and here nothing may be skipped');
  process.stderr.write('no Dovecot on this machine: the mailbox of the walk is skipped\n');
}

inBrowser('the walk of a new company through its networks', async () => {
  const { desk, telegram, whatsapp, device, channels } = await threeNetworks();
  const { admin } = desk;
  const owner = whatsapp.phone('5511900001111', '11223344556677', 'Acme');
  const branch = whatsapp.phone('5511900002222', '22334455667788', 'Filial');
  const ana = whatsapp.phone('5511988887777', '99887766554433', 'Ana Lima');
  const bia = telegram.customer(77_001, 'Bia Reis');
  const fromBot = () => telegram.chat(77_001).messages.filter(({ from }) => from === 'bot');
  const photo = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#d62828' } })
    .png()
    .toBuffer();
  const { page, faults } = await channels();
  const { log, box, bubble, looks, finish, opens, answers, seesPicture } = walkerOf(page, desk);
  const asked = (text: string) => log.locator('.bubble.in', { hasText: text });
  const ids = { whatsapp: '', telegram: '', email: '' };
  const phones: Record<'zap' | 'branch', () => ReturnType<typeof device>> = { zap: device, branch: device };
  let mailbox: Mailbox | null = null;
  afterAll(() => mailbox?.close());

  it('pairs a phone by QR', async () => {
    await page.getByRole('heading', { name: 'Canais' }).first().waitFor();
    await looks('empty');
    await choose(page, 'WhatsApp');
    await looks('notice');
    await page.getByRole('button', { name: 'Entendi' }).click();
    const qr = page.locator('[data-qr]');
    await qr.waitFor();
    await looks('qr');
    whatsapp.scan((await qr.getAttribute('data-qr')) ?? '', owner);
    await page.getByText(/Conectado: \+5511900001111/).waitFor();
    await looks('linked');
    await page.getByRole('button', { name: 'Continuar' }).click();
    await looks('first-message');
    await page.getByRole('button', { name: 'Continuar' }).click();
    ids.whatsapp = await finish('Zap');
    const zap = device();
    phones.zap = () => [...whatsapp.devices.values()].find((one) => one === zap) ?? zap;
    await page.getByRole('button', { name: 'Fechar' }).last().click();
  });

  it('pairs a second phone by code', async () => {
    await choose(page, 'WhatsApp');
    await page.getByRole('button', { name: 'Entendi' }).click();
    await page.getByRole('button', { name: 'Usar código de pareamento' }).click();
    await page.getByLabel('Número do WhatsApp').fill('+55 11 90000-2222');
    await looks('number');
    await page.getByRole('button', { name: 'Gerar código' }).click();
    const code = page.locator('[data-code]');
    await code.waitFor();
    await looks('code');
    await expect.poll(() => whatsapp.asksForCode, { timeout: 20_000 }).toBeTruthy();
    await whatsapp.type((await code.getAttribute('data-code')) ?? '', branch);
    await page.getByText(/Conectado: \+5511900002222/).waitFor();
    await page.getByRole('button', { name: 'Continuar' }).click();
    await page.getByRole('button', { name: 'Continuar' }).click();
    await finish('Filial');
    await page.getByRole('button', { name: 'Fechar' }).last().click();
  });

  it('adds a Telegram bot', async () => {
    await choose(page, 'Telegram');
    await looks('token');
    await page.getByLabel('Token do bot').fill(telegram.token);
    await page.getByRole('button', { name: 'Continuar' }).click();
    await page.getByText('Acme @acme_desk_bot').waitFor();
    await looks('bot');
    await page.getByRole('button', { name: 'Continuar' }).click();
    ids.telegram = await finish('Bot');
    await page.getByRole('button', { name: 'Fechar' }).last().click();
  });

  it.skipIf(!available())('adds a mailbox on Dovecot', async () => {
    mailbox = await mailboxOnDovecot();
    await choose(page, 'E-mail');
    await looks('mail');
    await page.getByLabel('Endereço de e-mail').fill(mailbox.address);
    await page.getByLabel('Senha').fill(mailbox.password);
    await page.getByRole('button', { name: 'Procurar servidores' }).click();
    await typeServers(page, mailbox);
    await looks('mail-servers');
    await page.getByRole('button', { name: 'Testar a caixa' }).click();
    await page.getByRole('button', { name: 'Continuar' }).waitFor();
    await expect.poll(() => page.locator('[data-check=ok]').count()).toBe(4);
    await looks('mail-checked');
    await page.getByRole('button', { name: 'Continuar' }).click();
    ids.email = await finish('Correio');
    await page.getByRole('button', { name: 'Fechar' }).last().click();
    await looks('channels');
  });

  it('WhatsApp: picture, voice and quote come in; a quote, a text and a file reach the phone', async () => {
    await expect.poll(() => phones.zap().active, { timeout: 20_000 }).toBe(true);
    const sealed = await whatsapp.media.put(photo, 'image');
    const image = { ...sealed, mimetype: 'image/png', caption: 'a luz está vermelha' };
    const first = await ana.say(phones.zap(), { imageMessage: image });
    const voice = await whatsapp.media.put(voiceNote, 'audio');
    const audio = { ...voice, mimetype: 'audio/ogg; codecs=opus', ptt: true, seconds: 2 };
    await ana.say(phones.zap(), { audioMessage: audio });
    const contextInfo = { stanzaId: first, participant: ana.jid, quotedMessage: { imageMessage: image } };
    await ana.say(phones.zap(), { extendedTextMessage: { text: 'esta luz', contextInfo } });
    await onlyTicket(desk, ids.whatsapp);
    await opens('Ana Lima');
    await seesPicture();
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
    ana.acknowledge(phones.zap(), ana.inbox[0]?.id ?? '');
    await bubble('Reinicie o modem').getByText('entregue').waitFor();
    await looks('whatsapp');
  });

  it('WhatsApp: any emoji of the whole picker is a reaction', async () => {
    const said = asked('esta luz');
    await said.hover();
    await said.getByRole('button', { name: 'Reagir' }).click();
    const reacting = page.getByRole('dialog', { name: 'Reagir' });
    await reacting.getByRole('button', { name: 'Outro emoji' }).click();
    const search = reacting.getByRole('combobox');
    await search.waitFor();
    await sound(page, 'walk-reactions-all-1440-light');
    await search.fill('unicórnio');
    await reacting.getByRole('option', { name: /🦄/ }).first().click();
    await log.getByRole('button', { name: '🦄 de Ana Prado', pressed: true }).waitFor();
    await expect
      .poll(() => ana.inbox.map(({ message }) => message.reactionMessage?.text ?? null), { timeout: 20_000 })
      .toContain('🦄');
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
    await seesPicture();
    await log.getByRole('button', { name: 'Tocar Mensagem de voz' }).waitFor();
    await bubble('entendeu?')
      .getByRole('button', { name: /Resposta a/ })
      .waitFor();
    await answers('entendeu?', 'Entendi, segue');
    await expect.poll(() => fromBot().length, { timeout: 20_000 }).toBe(1);
    expect(fromBot()[0]).toMatchObject({ text: 'Entendi, segue', file: { name: 'recibo.pdf' } });
    expect(fromBot()[0]?.replyTo).toBe(telegram.chat(77_001).messages[2]?.messageId);
    await looks('telegram');
  });

  it('Telegram: only the reactions that it allows to bots are offered', async () => {
    await asked('entendeu?').hover();
    await asked('entendeu?').getByRole('button', { name: 'Reagir' }).click();
    const reacting = page.getByRole('dialog', { name: 'Reagir' });
    await reacting.waitFor();
    expect(await reacting.getByRole('button', { name: 'Outro emoji' }).count()).toBe(0);
    const offered = await reacting.getByRole('button').allInnerTexts();
    expect(offered).toHaveLength(12);
    await sound(page, 'walk-reactions-telegram-1440-light');
    await page.keyboard.press('Escape');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize(dark.viewport);
    await asked('entendeu?').getByRole('button', { name: 'Mais ações da mensagem' }).click();
    await page.getByRole('menuitem', { name: 'Reagir' }).click();
    await reacting.waitFor();
    await sound(page, 'walk-reactions-telegram-360-dark');
    await page.keyboard.press('Escape');
    await reacting.waitFor({ state: 'hidden' });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1440, height: 860 });
    for (const emoji of offered) {
      await asked('entendeu?').hover();
      await asked('entendeu?').getByRole('button', { name: 'Reagir' }).click();
      await reacting.getByRole('button', { name: emoji }).click();
      await log.getByRole('button', { name: `${emoji} de Ana Prado`, pressed: true }).waitFor();
    }
    const set = () => telegram.called('setMessageReaction').map((one) => JSON.stringify(one.reaction));
    await expect.poll(() => set().length, { timeout: 20_000 }).toBe(offered.length);
    expect(await page.locator('.toast.bad').count()).toBe(0);
  });

  it.skipIf(!available())('e-mail: picture, voice and quote come in; a text and a file reach the mailbox', async () => {
    await mailbox?.receive({
      from: caio,
      subject: 'Cobrança de maio',
      messageId: '<um@correio.example>',
      text: 'Veio errada.',
      attachments: [
        { filename: 'fatura.png', content: photo },
        { filename: 'recado.ogg', content: voiceNote, contentType: 'audio/ogg' },
      ],
    });
    await onlyTicket(desk, ids.email);
    await opens('Caio Nunes');
    await log.getByText('Cobrança de maio').waitFor();
    await seesPicture();
    await log.getByRole('button', { name: 'Tocar Áudio' }).waitFor();
    await answers('Veio errada.', 'Segue corrigida');
    const sent = () => mailbox?.sent.filter(({ to }) => to.includes(caio.address)) ?? [];
    await expect.poll(() => sent().length, { timeout: 20_000 }).toBe(1);
    const raw = sent()[0]?.raw.toString() ?? '';
    expect(raw).toContain('Segue corrigida');
    expect(raw).toContain('recibo.pdf');
    expect(raw).toMatch(/^In-Reply-To: <um@correio\.example>/im);
    const ours = /^Message-ID:\s+<(.+)>/im.exec(raw)?.[1] ?? '';
    await mailbox?.receive({
      ...{ from: caio, subject: 'Re: Cobrança de maio', messageId: '<dois@correio.example>' },
      inReplyTo: `<${ours}>`,
      text: 'Agora sim.\n\nEm 26/11/2026 10:00, Acme escreveu:\n> Segue corrigida\n',
    });
    await bubble('Agora sim.').waitFor();
    expect(await bubble('Agora sim.').getByText('> Segue corrigida').count()).toBe(0);
    await looks('email');
  });

  it('the network goes and comes back: what was written meanwhile waits and goes out once, and it is told', async () => {
    const health = `${desk.origin}/configuracoes/canais?canal=${ids.whatsapp}`;
    await page.clock.install();
    await page.goto(health);
    await page.locator('.figures').waitFor();
    whatsapp.faults.upgrade = 503;
    whatsapp.dropAll();
    await inPhase(desk, ids.whatsapp, 'waiting');
    await expect
      .poll(
        () =>
          page
            .locator('.items')
            .getByText(/^Fora do ar/)
            .count(),
        { timeout: 20_000 },
      )
      .toBe(2);
    await page.clock.fastForward(31_000);
    const bar = page.getByText(/^(Filial e Zap|Zap e Filial) estão fora do ar\. O que for enviado espera na fila\./);
    await bar.waitFor();
    await looks('away-health');
    await page.getByRole('link', { name: 'Conversas', exact: true }).click();
    await page
      .getByRole('region', { name: /^Conversas em/ })
      .getByRole('link', { name: /Ana Lima/ })
      .click();
    await box.fill('Volto já');
    await box.press('Enter');
    await bubble('Volto já').getByText('na fila').waitFor();
    await looks('away-thread');
    await ana.say(phones.zap(), { conversation: 'ainda aí?' });
    whatsapp.faults.upgrade = null;
    await inPhase(desk, ids.whatsapp, 'online');
    await page.getByText(/(está|estão) fora do ar\./).waitFor({ state: 'detached' });
    const wanted = () => ana.inbox.filter(({ message }) => wordsOf(message) === 'Volto já').length;
    await expect.poll(wanted, { timeout: 30_000 }).toBe(1);
    await page.goto(health);
    await expect
      .poll(async () => (await admin.get(`/channels/${ids.whatsapp}`)).body.health.log[0].recovered, {
        timeout: 20_000,
      })
      .toBe(1);
    await page.getByText(/^Fora do ar \S+ a \S+, 1 mensagem recuperada/).waitFor();
    await looks('back-health');
    expect(wanted()).toBe(1);
    expect(faults).toEqual([]);
  });
});

/** The words of a text on a phone. */
function wordsOf(message: { conversation?: string | null; extendedTextMessage?: { text?: string | null } | null }) {
  return message.conversation || message.extendedTextMessage?.text || '';
}
