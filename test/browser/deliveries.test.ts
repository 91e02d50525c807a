import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { once, story } from '../support/story.ts';
import { inBrowser, openWindow, picture } from './browser.ts';
import { playedNetwork, silence } from './network.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const from = '+5541988887777';

async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return await page.evaluate(async () => {
    const { violations } = await (
      window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    ).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
}

inBrowser('what networks bring and what becomes of replies', async () => {
  const network = playedNetwork();
  const desk = await story({ makerOf: network.makerOf });
  const { origin, admin } = desk;
  await desk.writes('minha internet caiu', { from });
  const { id } = await desk.ticketOf(from);
  await admin.post(`/tickets/${id}/take`);
  const { page, faults } = await openWindow(origin, { cookie: admin.cookie });
  const log = page.getByRole('log', { name: 'Mensagens' });
  const bubble = (text: string) => log.locator('.bubble', { hasText: text });
  const stateOf = async (text: string): Promise<string | undefined> => {
    const { items } = (await admin.get(`/tickets/${id}/messages`)).body;
    return items.find((item: { text: string }) => item.text === text)?.delivery?.state;
  };

  it('shows pictures, sounds, files, places, cards and what is missing', async () => {
    await page.goto(`${origin}/atendimentos/${id}`);
    await log.getByText('minha internet caiu').waitFor();
    const one = await network.picture('roteador.jpg', 800, 600, '#0a7');
    const three = [
      await network.picture('a.jpg', 600, 600, '#a70'),
      await network.picture('b.jpg', 400, 700, '#70a'),
      await network.picture('c.jpg', 900, 300, '#07a'),
    ];
    const pdf = await network.file('conta.pdf', 'application/pdf', Buffer.from('%PDF-1.4\n%%EOF\n'));
    const voice = await network.file('voz.wav', 'audio/wav', silence(), { kind: 'voice', seconds: 1 });
    await network.brings(from, { text: 'a luz está vermelha', attachments: [one] });
    await network.brings(from, { text: '', attachments: three });
    await network.brings(from, { text: '', attachments: [pdf] });
    await network.brings(from, { text: '', attachments: [voice] });
    const place = { latitude: -25.4284, longitude: -49.2733, name: 'Casa', address: 'Rua XV, 10' };
    await network.brings(from, { text: '', place });
    await network.brings(from, { text: '', cards: [{ name: 'Bia', phones: ['+55 41 3333-0000'], emails: [] }] });
    await network.brings(from, { text: '', missing: 'media' }, { raw: Buffer.from('x') } as object);
    await network.brings(from, { text: 'esta foto' }, { replyTo: { externalId: 'played-1' } });
    await bubble('esta foto').waitFor();
    await log.getByRole('link', { name: /^Baixar conta\.pdf 1\d B$/ }).waitFor();
    await log.getByText('Casa').waitFor();
    await log.getByRole('link', { name: '+55 41 3333-0000' }).waitFor();
    await log.getByText('Um arquivo que não pôde ser baixado.').waitFor();
    await log.getByRole('button', { name: 'Tentar de novo' }).waitFor();
    await picture(page, 'thread-1440-light');
    expect(await faultsOf(page)).toEqual([]);
  });

  it('tells in the thread and in the list that the customer is writing, until the words come', async () => {
    const who = { identities: [{ kind: 'phone' as const, value: from }], name: 'Sérgio Luz', address: from };
    const types = (on: boolean) => network.host().receive({ type: 'typing', from: who, conversation: from, on });
    const inThread = page.getByText('Sérgio Luz está digitando…');
    const inList = page.getByRole('link', { name: /Sérgio Luz.*digitando…/ });
    await types(true);
    await inThread.waitFor();
    await inList.waitFor();
    await picture(page, 'typing-1440-light');
    expect(await faultsOf(page)).toEqual([]);
    await types(false);
    await inThread.waitFor({ state: 'detached' });
    await inList.waitFor({ state: 'detached' });
    await types(true);
    await inThread.waitFor();
    await network.brings(from, { text: 'caiu de novo' });
    await bubble('caiu de novo').waitFor();
    await inThread.waitFor({ state: 'detached' });
    await inList.waitFor({ state: 'detached' });
  });

  it('plays a voice message', async () => {
    const player = log.locator('.player');
    await player.getByRole('button', { name: 'Velocidade 1x' }).click();
    await player.getByRole('button', { name: 'Velocidade 1,5x' }).waitFor();
    await player.getByRole('button', { name: 'Tocar Mensagem de voz' }).click();
    await expect
      .poll(() => player.locator('audio').evaluate((audio: HTMLAudioElement) => audio.played.length), {
        timeout: 20_000,
      })
      .toBe(1);
  });

  it('a click on a quote shows and marks the quoted message', async () => {
    await bubble('esta foto')
      .getByRole('button', { name: /Resposta a/ })
      .click();
    await log.locator('.bubble.marked', { hasText: 'a luz está vermelha' }).waitFor();
    await log.locator('.bubble.marked').waitFor({ state: 'detached' });
  });

  it('pictures open large; arrows walk, Esc closes and gives the focus back', async () => {
    const second = log.getByRole('button', { name: 'Abrir Imagem b.jpg' });
    await second.click();
    const large = page.getByRole('dialog', { name: /^Imagem/ });
    await large.getByText('2 de 3').waitFor();
    await picture(page, 'lightbox');
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press('ArrowRight');
    await large.getByText('3 de 3').waitFor();
    await page.keyboard.press('Escape');
    await large.waitFor({ state: 'detached' });
    expect(await second.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('an edited message says so, a deleted one stays readable, a reaction names its author', async () => {
    const who = { identities: [{ kind: 'phone' as const, value: from }], name: 'Sérgio Luz', address: from };
    const about = { from: who, at: new Date().toISOString() };
    await network.brings(from, { text: 'apague isto' }, { externalId: 'gone' });
    await page.locator('.jump').click();
    await network.host().receive({ type: 'change', key: 'c1', target: 'gone', content: null, ...about });
    await bubble('apague isto').getByText('apagada pelo cliente').waitFor();
    await network
      .host()
      .receive({ type: 'change', key: 'c2', target: 'played-8', content: { text: 'essa foto' }, ...about });
    await bubble('essa foto').getByText('editada').waitFor();
    await network.host().receive({ type: 'reaction', key: 'r1', target: 'played-8', emoji: '👍', ...about });
    await log.getByText('👍 de Sérgio Luz').waitFor();
  });

  it('a refused reply says why, and is sent again only when told', async () => {
    await admin.post(`/tickets/${id}/messages`, once({ text: 'refused um' }));
    await admin.post(`/tickets/${id}/messages`, once({ text: 'refused dois' }));
    await admin.post(`/tickets/${id}/messages`, once({ text: 'unsure um' }));
    await admin.post(`/tickets/${id}/messages`, once({ text: 'unsure dois' }));
    await bubble('refused um')
      .getByText(/^Não enviada: ./)
      .waitFor();
    await bubble('unsure dois').getByText('Não sabemos se chegou.').waitFor();
    await picture(page, 'deliveries-1440-light');
    expect(await faultsOf(page)).toEqual([]);
    await bubble('refused dois').getByRole('button', { name: 'Editar' }).click();
    await bubble('refused dois').getByText('descartada').waitFor();
    await expect
      .poll(() => page.getByRole('textbox', { name: 'Escreva uma mensagem' }).inputValue())
      .toBe('refused dois');
    await bubble('unsure um').getByRole('button', { name: 'Conferi, chegou' }).click();
    await bubble('unsure um').locator('.progress', { hasText: 'enviada' }).waitFor();
    network.mend();
    await bubble('refused um').getByRole('button', { name: 'Tentar de novo' }).click();
    await bubble('refused um').getByText('entregue').waitFor();
    await bubble('unsure dois').getByRole('button', { name: 'Enviar de novo' }).click();
    await bubble('unsure dois').getByText('entregue').waitFor();
    expect(await stateOf('refused dois')).toBe('discarded');
    expect(faults).toEqual([]);
  });

  it('reads well in the dark and on a phone', async () => {
    const small = await openWindow(origin, {
      cookie: admin.cookie,
      viewport: { width: 360, height: 800 },
      colorScheme: 'dark',
    });
    await small.page.goto(`${origin}/atendimentos/${id}`);
    await small.page.getByText('unsure dois').waitFor();
    await picture(small.page, 'thread-360-dark');
    const timeline = small.page.getByRole('log', { name: 'Mensagens' });
    await timeline.evaluate((element) => element.scrollTo(0, 0));
    await small.page.getByText('a luz está vermelha').first().waitFor();
    await picture(small.page, 'thread-360-dark-top');
    expect(await faultsOf(small.page)).toEqual([]);
    const wide = await timeline.evaluate((element) => element.scrollWidth - element.clientWidth);
    expect(wide).toBe(0);
  });
});
