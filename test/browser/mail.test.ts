import { afterAll, expect, it } from 'vitest';
import { addChannel, deskAt, onlyTicket } from '../flow/networks.ts';
import { PostOffice } from '../networks/mail/post-office.ts';
import { inBrowser, openWindow, photo } from './browser.ts';
import { dark, sound } from './sound.ts';

inBrowser('a conversation by mail', async () => {
  const office = await PostOffice.open();
  afterAll(() => office.close());
  const desk = await deskAt({});
  const { origin, admin } = desk;
  let ticketId = '';
  const { page, faults } = await openWindow(origin, { cookie: admin.cookie });
  const log = page.getByRole('log', { name: 'Mensagens' });
  const letter = log.locator('.bubble', { hasText: 'Preciso da nota.' });

  it('shows subject, words and files; not the pictures of its body; the citation when asked', async () => {
    const config = { ...office.settings(), plusAddressing: true };
    const channelId = await addChannel(desk, { kind: 'email', config });
    const quoted = '\n\nEm 1 de maio, Loja escreveu:\n> Segue o boleto de abril.\n> Até logo';
    await office.receive({
      from: { name: 'Ana Paula', address: 'ana@correio.example' },
      cc: 'bia@correio.example',
      subject: 'Nota fiscal de maio',
      messageId: '<um@correio.example>',
      text: `Preciso da nota.${quoted}`,
      html: '<p>Preciso da <b>nota</b>. <img src="cid:foto"><img src="https://rastreio.example/p.gif"></p><p>Em 1 de maio, Loja escreveu:</p><blockquote>Segue o boleto de abril.</blockquote>',
      attachments: [
        { filename: 'assinatura.jpg', content: Buffer.from(await photo()), cid: 'foto' },
        { filename: 'pedido.pdf', content: Buffer.from('%PDF-1.4\n%%EOF\n') },
      ],
    });
    ticketId = (await onlyTicket(desk, channelId)).id;
    await admin.post(`/tickets/${ticketId}/take`);
    await page.goto(`${origin}/atendimentos/${ticketId}`);
    await letter.getByText('Assunto: Nota fiscal de maio').waitFor();
    await letter.getByText('Cc: bia@correio.example').waitFor();
    await letter.getByRole('link', { name: /^Baixar pedido\.pdf/ }).waitFor();
    expect(await letter.getByText('assinatura.jpg').count()).toBe(0);
    expect(await letter.getByRole('button', { name: /^Abrir Imagem/ }).count()).toBe(0);
    expect(await letter.getByText('Segue o boleto de abril.').count()).toBe(0);
    await letter.getByRole('button', { name: 'Mostrar citação' }).click();
    await letter.getByText('Segue o boleto de abril.').waitFor();
    await sound(page, 'mail');
    await letter.getByRole('button', { name: 'Esconder citação' }).click();
    await letter.getByText('Segue o boleto de abril.').waitFor({ state: 'detached' });
  });

  it('shows the page as it was laid out; pictures from elsewhere only when asked', async () => {
    const asked: string[] = [];
    await page.route('https://rastreio.example/**', async (route) => {
      asked.push(route.request().url());
      await route.abort();
    });
    await letter.getByRole('button', { name: 'Ver original em HTML' }).click();
    const dialog = page.getByRole('dialog', { name: 'Nota fiscal de maio' });
    const frame = dialog.frameLocator('iframe');
    await frame.locator('b', { hasText: 'nota' }).waitFor();
    expect(await dialog.locator('iframe').getAttribute('sandbox')).toBe('allow-same-origin allow-popups');
    await expect
      .poll(() =>
        frame
          .locator('img')
          .first()
          .evaluate((image: HTMLImageElement) => image.naturalWidth),
      )
      .toBe(400);
    expect(asked).toEqual([]);
    await sound(page, 'mail-page');
    await dialog.getByRole('button', { name: 'Carregar imagens externas' }).click();
    await expect.poll(() => asked).toEqual(['https://rastreio.example/p.gif']);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    // The one picture that was asked for.
    expect(faults.filter((fault) => !fault.includes('rastreio.example'))).toEqual([]);
  });

  it('gives the mail as it came', async () => {
    const coming = page.waitForEvent('download');
    await letter.getByRole('link', { name: 'Baixar o e-mail original' }).click();
    expect((await coming).suggestedFilename()).toMatch(/\.eml$/);
  });

  it('offers neither voice nor reactions, and reads well on a phone in the dark', async () => {
    const small = await openWindow(origin, { cookie: admin.cookie, ...dark });
    await small.page.goto(`${origin}/atendimentos/${ticketId}`);
    await small.page.getByText('Assunto: Nota fiscal de maio').waitFor();
    expect(await small.page.getByRole('button', { name: 'Gravar mensagem de voz' }).count()).toBe(0);
    await small.page.getByRole('button', { name: 'Mais ações da mensagem' }).click();
    await small.page.getByRole('menuitem', { name: 'Citar esta mensagem' }).waitFor();
    expect(await small.page.getByRole('menuitem').count()).toBe(1);
    await sound(small.page, 'mail-360-dark');
  });
});
