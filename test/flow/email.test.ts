import { afterAll, describe, expect, it } from 'vitest';
import { PostOffice } from '../networks/mail/post-office.ts';
import { once } from '../support/story.ts';
import { addChannel, bytesOf, deskAt, manyMessages, messagesOf, onlyTicket, ticketsOf, upload } from './networks.ts';

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

describe('a mailbox at the desk', async () => {
  const office = await PostOffice.open();
  const desk = await deskAt({});
  afterAll(() => office.close());
  const { admin } = desk;
  const config = office.settings();
  const ana = { name: 'Ana Paula', address: 'ana@correio.example' };
  let channelId = '';
  // biome-ignore lint/suspicious/noExplicitAny: a ticket as JSON brings it
  let ticket: any;

  it('is tried in four steps before it is added', async () => {
    const { body } = await admin.post('/channels/probe', { kind: 'email', config });
    const steps = body.checks.map(({ step, ok }: { step: string; ok: boolean }) => [step, ok]);
    expect(steps.slice(0, 4)).toEqual([
      ['mail.imap-login', true],
      ['mail.folder', true],
      ['mail.smtp-login', true],
      ['mail.round-trip', true],
    ]);
    expect(body.settings).toMatchObject({ plusAddressing: true });
  });

  it('opens a ticket for a mail, with its words, its picture and its original', async () => {
    channelId = await addChannel(desk, { kind: 'email', config: { ...config, plusAddressing: true } });
    const { body: view } = await admin.get(`/channels/${channelId}`);
    expect(JSON.stringify(view)).not.toContain(office.password);
    expect(view.config.imap).toEqual({
      host: '127.0.0.1',
      port: office.imapPort,
      secure: false,
      user: office.address,
      folder: 'INBOX',
    });
    await office.receive({
      from: ana,
      subject: 'Nota fiscal de maio',
      messageId: '<um@correio.example>',
      html: '<p>Preciso da <b>nota</b>. <img src="cid:foto"><img src="https://rastreio.example/p.gif"></p><script>alert(1)</script>',
      text: 'Preciso da nota.',
      attachments: [{ filename: 'foto.png', content: pixel, cid: 'foto' }],
    });
    ticket = await onlyTicket(desk, channelId);
    expect(ticket).toMatchObject({ channel: 'email', contact: { name: 'Ana Paula' }, address: ana.address });
    const [mail] = await manyMessages(desk, ticket.id, 1);
    expect(mail).toMatchObject({ text: 'Preciso da nota.', mail: { subject: 'Nota fiscal de maio', full: null } });
    const page = (await bytesOf(desk, mail.mail.html)).toString();
    expect(page).toContain('<b>nota</b>');
    expect(page).not.toContain('<script');
    expect(page).not.toContain(' src="https://rastreio.example');
    expect(page).toMatch(/src="\/api\/v1\/media\/[0-9a-f]{24}"/);
    const open = (await bytesOf(desk, `${mail.mail.html}?images=1`)).toString();
    expect(open).toContain(' src="https://rastreio.example');
    expect((await bytesOf(desk, mail.mail.original)).toString()).toContain('Message-ID: <um@correio.example>');
  });

  it('answers in the same thread, with a file, and takes the answer to that in', async () => {
    const file = await upload(desk, Buffer.from('%PDF-1.4 nota'), 'nota.pdf', 'application/pdf');
    await admin.post(`/tickets/${ticket.id}/messages`, once({ text: 'Segue a nota.', attachmentIds: [file.id] }));
    await expect
      .poll(() => office.smtp.sent.filter((mail) => mail.to.includes(ana.address)).length, { timeout: 20_000 })
      .toBe(1);
    const sent = office.smtp.sent.find((mail) => mail.to.includes(ana.address))!;
    const raw = sent.raw.toString();
    expect(raw).toContain('In-Reply-To: <um@correio.example>');
    expect(raw).toContain(`[#${ticket.protocol}]`);
    expect(raw).toMatch(/nota\.pdf/);
    const messageId = /^Message-ID:\s+<(.+)>/im.exec(raw)?.[1] ?? '';
    expect(messageId).toMatch(/^t\.[0-9a-f]{24}\.[0-9a-f]{24}\.[0-9a-f]{10}@acme\.test$/);
    await office.receive({
      from: ana,
      subject: `Re: Nota fiscal de maio [#${ticket.protocol}]`,
      messageId: '<dois@correio.example>',
      inReplyTo: `<${messageId}>`,
      references: [`<um@correio.example>`, `<${messageId}>`],
      cc: 'contador@correio.example',
      text: 'Recebi, obrigada!\n\nEm 26/11/2026 10:00, Ana via Acme escreveu:\n> Segue a nota.\n',
    });
    const all = await manyMessages(desk, ticket.id, 3);
    expect(all[2]).toMatchObject({
      text: 'Recebi, obrigada!',
      mail: { full: expect.stringContaining('> Segue a nota.') },
    });
    expect((await ticketsOf(desk, channelId)).length).toBe(1);
  });

  it('answers to everybody whom the customer wrote to', async () => {
    await admin.post(`/tickets/${ticket.id}/messages`, once({ text: 'Aos dois.' }));
    const last = () => office.smtp.sent.at(-1)!;
    await expect.poll(() => last().raw.toString(), { timeout: 20_000 }).toContain('Aos dois.');
    expect(last().to.toSorted()).toEqual([ana.address, 'contador@correio.example']);
    expect(last().raw.toString()).toMatch(/^Cc: contador@correio\.example/im);
  });

  it('lets a stranger into a ticket only with a proof of ours, never as the customer', async () => {
    const forged = { name: 'Mallory', address: 'm@mau.example' };
    await office.receive({
      from: forged,
      subject: `[#${ticket.protocol}] oi`,
      messageId: '<tres@mau.example>',
      inReplyTo: '<um@correio.example>',
      text: 'sou eu',
    });
    await expect.poll(async () => (await ticketsOf(desk, channelId)).length, { timeout: 20_000 }).toBe(2);
    expect(await messagesOf(desk, ticket.id)).toHaveLength(4);
    const sent = office.smtp.sent.find((mail) => mail.to.includes(ana.address))!;
    const messageId = /^Message-ID:\s+<(.+)>/im.exec(sent.raw.toString())?.[1] ?? '';
    await office.receive({ from: forged, subject: 'cópia', inReplyTo: `<${messageId}>`, text: 'fui copiado' });
    const all = await manyMessages(desk, ticket.id, 5);
    expect(all[4]).toMatchObject({ text: 'fui copiado', author: { kind: 'customer', name: 'Mallory' } });
    expect((await admin.get(`/tickets/${ticket.id}`)).body).toMatchObject({
      address: ana.address,
      contact: { name: 'Ana Paula' },
    });
  });

  it('shows a bounce on the mail that bounced', async () => {
    const { items } = (await admin.get(`/tickets/${ticket.id}/messages`)).body;
    const ours = items.find((one: { direction: string }) => one.direction === 'out');
    const sent = office.smtp.sent.find((mail) => mail.to.includes(ana.address))!;
    const messageId = /^Message-ID:\s+<(.+)>/im.exec(sent.raw.toString())?.[1] ?? '';
    const report = [
      'From: MAILER-DAEMON@acme.test',
      `To: ${office.address}`,
      'Subject: Undelivered',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'It could not be delivered.',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; acme.test',
      '',
      `Final-Recipient: rfc822; ${ana.address}`,
      'Action: failed',
      'Status: 5.1.1',
      '',
      '--b',
      'Content-Type: text/rfc822-headers',
      '',
      `Message-ID: <${messageId}>`,
      '',
      '--b--',
      '',
    ].join('\r\n');
    office.imap.deliver(Buffer.from(report));
    await expect
      .poll(
        async () => (await messagesOf(desk, ticket.id)).find((one: { id: string }) => one.id === ours.id).delivery,
        {
          timeout: 20_000,
        },
      )
      .toMatchObject({ state: 'failed', failure: expect.stringMatching(/^mail\./) });
  });
});
