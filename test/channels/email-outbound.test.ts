import { afterEach, describe, expect, it } from 'vitest';
import { loopMark } from '#channels/email/address.ts';
import { customer, lastUid, until } from './email-network.ts';
import { closeAll, desk } from './email-world.ts';

afterEach(closeAll);

describe('mails that go out', () => {
  it('carry who speaks, the thread, and our mark', async () => {
    const { office, send, last } = await desk();
    const references = Array.from({ length: 15 }, (_, n) => `r${n}@correio.example`);
    const sent = await send(
      'Olá',
      {},
      { subject: 'Re: Orçamento [#2026-000001]', inReplyTo: 'r14@correio.example', references },
    );
    const mail = await last();
    expect(sent).toEqual({ externalId: mail.messageId?.slice(1, -1) });
    expect(mail.from?.value).toEqual([{ name: 'Lia via Acme', address: 'suporte@acme.test' }]);
    expect(mail.subject).toBe('Re: Orçamento [#2026-000001]');
    expect(mail.inReplyTo).toBe('<r14@correio.example>');
    expect(mail.references).toEqual([0, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14].map((n) => `<r${n}@correio.example>`));
    expect(mail.headers.get('x-balcao-loop')).toBe(loopMark('suporte@acme.test'));
    expect(mail.headers.has('reply-to')).toBe(false);
    expect(mail.headers.has('auto-submitted')).toBe(false);
    expect(office.smtp.sent[0]).toMatchObject({ from: 'suporte@acme.test', to: [customer] });
  });
  it('carry text and HTML that say the same', async () => {
    const { send, last } = await desk();
    await send('1 < 2 & "x"\n<script>alert(1)</script>\nação 👋');
    const mail = await last();
    expect(mail.text?.trimEnd()).toBe('1 < 2 & "x"\n<script>alert(1)</script>\nação 👋');
    expect(mail.html).toContain('1 &lt; 2 &amp; &quot;x&quot;<br>\n&lt;script&gt;alert(1)&lt;/script&gt;');
  });
  it('name the ticket in Reply-To where the mailbox takes plus addresses, and only there', async () => {
    const proved = await desk({ plusAddressing: true });
    await proved.send('oi', {}, { replyToken: 't-1a2b-9f86d081aa' });
    expect((await proved.last()).replyTo?.value[0]?.address).toBe('suporte+t-1a2b-9f86d081aa@acme.test');
    const unproved = await desk();
    await unproved.send('oi', {}, { replyToken: 't-1a2b-9f86d081aa' });
    expect((await unproved.last()).replyTo).toBeUndefined();
  });
  it('bring the token back when they are answered', async () => {
    const { office, host, send, last } = await desk({ plusAddressing: true });
    const sent = await send('oi', {}, { replyToken: 't-1a2b-9f86d081aa' });
    const to = (await last()).replyTo?.value[0]?.address;
    const id = 'externalId' in sent ? sent.externalId : '';
    const subject = 'Re: oi [#2026-000001]';
    const uid = await office.receive({ from: customer, to, subject, inReplyTo: `<${id}>`, text: 'resposta' });
    await until(() => lastUid(host) >= uid);
    expect(host.messages[0]).toMatchObject({
      thread: { tokens: ['t-1a2b-9f86d081aa'], references: [id], protocol: '2026-000001' },
      conversation: id,
      replyTo: { externalId: id },
    });
  });
  it('say that a machine wrote them, from nobody', async () => {
    const { office, send, last } = await desk();
    await send('Recebemos.', { auto: true });
    const { headers, from } = await last();
    expect(headers.get('auto-submitted')).toBe('auto-replied');
    expect(headers.get('x-auto-response-suppress')).toBe('All');
    expect(headers.get('precedence')).toBe('auto_reply');
    expect(from?.value[0]?.address).toBe('suporte@acme.test');
    expect(office.smtp.sent[0]?.from).toBe('');
  });
  it('go to the copies too, each address once', async () => {
    const { office, send } = await desk();
    await send('oi', {}, { cc: ['bia@correio.example', customer.toUpperCase()] });
    expect(office.smtp.sent[0]?.to).toEqual([customer, 'bia@correio.example']);
  });
  it('are the same mail when they are sent again', async () => {
    const { office, host, channel } = await desk();
    office.smtp.fail({ at: 'dot' });
    const message = host.outbound('x', { text: 'uma vez' });
    await expect(channel.send(customer, message)).rejects.toMatchObject({ fault: 'temporary' });
    await channel.send(customer, message);
    expect(office.smtp.attempts).toBe(2);
    expect(message.claimed).toEqual([message.mail!.messageId, message.mail!.messageId]);
  });
  it('carry several files, with their names', async () => {
    const { host, channel, last } = await desk();
    const attachments = ['Relatório 1.pdf', 'b.bin'].map((name, n) =>
      host.file(Buffer.alloc(70_000 + n, n), { name, mime: 'application/octet-stream' }),
    );
    await channel.send(customer, host.outbound('x', { text: 'segue', attachments }));
    const mail = await last();
    expect(mail.attachments.map(({ filename, size }) => [filename, size])).toEqual([
      ['Relatório 1.pdf', 70_000],
      ['b.bin', 70_001],
    ]);
  });
});

describe('a file that cannot be read to its end', () => {
  it('stops the mail, and it can be sent again', async () => {
    const { office, host, channel } = await desk();
    const about = host.file(Buffer.alloc(400_000), { name: 'a.bin', mime: 'application/octet-stream' });
    const { open } = host.media;
    host.media.open = async (id) => {
      const { bytes } = await open(id);
      const broken = async function* () {
        yield* bytes;
        throw new Error('the disk is gone');
      };
      return { about, bytes: broken() };
    };
    const message = host.outbound('x', { text: 'segue', attachments: [about] });
    const sent = channel.send(customer, message);
    await expect(sent).rejects.toMatchObject({ fault: 'temporary', code: 'mail.file-unreadable' });
    expect(office.smtp.sent).toEqual([]);
    host.media.open = open;
    await channel.send(customer, message);
    expect(office.smtp.sent).toHaveLength(1);
  });
  it('is named when it is not there at all', async () => {
    const { host, channel } = await desk();
    const about = host.file(Buffer.from('x'), { name: 'a.bin', mime: 'text/plain' });
    host.files.clear();
    const sent = channel.send(customer, host.outbound('x', { text: 'segue', attachments: [about] }));
    await expect(sent).rejects.toMatchObject({ fault: 'refused', code: 'media.not-found' });
  });
});

describe('what must not get into a header', () => {
  const evil = 'x\r\nBcc: mal@x.test';
  it.each([
    ['subject', {}, { subject: evil }],
    ['author', { authorName: evil }, {}],
    ['line feed alone', { authorName: 'x\nBcc: mal@x.test' }, {}],
    ['NUL', {}, { subject: 'a\0b' }],
    ['next line', {}, { subject: 'a\u0085b' }],
    ['Message-ID', {}, { messageId: `1@x>${evil}` }],
    ['brackets in an id', {}, { messageId: '1@x> <2@x' }],
    ['In-Reply-To', {}, { inReplyTo: evil }],
    ['References', {}, { references: ['a@b', evil] }],
    ['NUL in References', {}, { references: ['a\0@b'] }],
    ['copies', {}, { cc: [evil] }],
    ['token', {}, { replyToken: `t\r\n${evil}` }],
    ['a token that is an address', {}, { replyToken: 'x@y.test,z' }],
  ])('is refused in %s', async (_what, rest, mail) => {
    const { office, send } = await desk({ plusAddressing: true });
    await expect(send('oi', rest, mail)).rejects.toMatchObject({ fault: 'refused', code: 'mail.header-refused' });
    expect(office.smtp.attempts).toBe(0);
  });
  it.each([
    'a@b.test, mal@x.test',
    'Ana <a@b.test>',
    '<a@b.test>',
    'a b@c.test',
    'a@b@c.test',
    '"a"@b.test',
    'ana',
    '',
    'a@b.test>',
    'a@b.test SIZE=1',
  ])('%s is no address', async (to) => {
    const { office, host, channel } = await desk();
    const sent = channel.send(to, host.outbound('x', { text: 'oi' }));
    await expect(sent).rejects.toMatchObject({ fault: 'refused', code: 'mail.address-invalid' });
    expect(office.smtp.attempts).toBe(0);
  });
  it('is refused in the name of a file', async () => {
    const { host, channel } = await desk();
    const file = host.file(Buffer.from('x'), { name: evil, mime: 'text/plain' });
    const sent = channel.send(customer, host.outbound('x', { text: 'oi', attachments: [file] }));
    await expect(sent).rejects.toMatchObject({ fault: 'refused', code: 'mail.header-refused' });
  });
  it('changes nothing that was sent', async () => {
    const { send } = await desk();
    const refused = { fault: 'refused', code: 'mail.cannot-change' };
    await expect(send('b', { changes: 'a@b' })).rejects.toMatchObject(refused);
    await expect(send('b', { content: null })).rejects.toMatchObject(refused);
  });
});
