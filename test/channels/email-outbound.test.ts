import { simpleParser } from 'mailparser';
import { afterEach, describe, expect, it } from 'vitest';
import type { Channel, MailOut, OutboundMessage } from '#channels/channel.ts';
import { loopMark } from '#channels/email/address.ts';
import { emailChannel } from '#channels/email/email.ts';
import { PostOffice } from '../networks/mail/post-office.ts';
import { lastUid, means, quick, rowOf, until } from './email-network.ts';
import { HostDouble } from './host-double.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Desk {
  office: PostOffice;
  host: HostDouble;
  channel: Channel;
  send(text: string, more?: Partial<OutboundMessage>, mail?: Partial<MailOut>): ReturnType<Channel['send']>;
  /** The mail that was sent last, as a person's program reads it. */
  last(): ReturnType<typeof simpleParser>;
}

const customer = 'ana@correio.example';

async function desk(more = {}, address = 'suporte@acme.test'): Promise<Desk> {
  const office = await PostOffice.open(address);
  closing.push(() => office.close());
  const host = new HostDouble();
  const channel = emailChannel(rowOf({ ...office.settings(), ...more }), means, quick);
  closing.push(() => channel.disconnect());
  await channel.connect(host);
  await until(() => lastUid(host) >= 0 && host.connections.some(({ phase }) => phase === 'online'));
  return {
    office,
    host,
    channel,
    send(text, rest = {}, mail = {}) {
      const message = host.outbound('x', { text }, rest);
      return channel.send(customer, { ...message, mail: { ...message.mail!, ...mail } });
    },
    last: () => simpleParser(office.smtp.sent.at(-1)!.raw),
  };
}

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

describe('what the server answers', () => {
  it.each([
    [{ at: 'rcpt', code: 550, text: '5.1.1 no such user' }, 'refused', 'mail.address-refused'],
    [{ at: 'rcpt', code: 550, text: 'User unknown' }, 'refused', 'mail.address-refused'],
    [{ at: 'rcpt', code: 552, text: '5.2.2 mailbox full' }, 'refused', 'mail.mailbox-full'],
    [{ at: 'mail', code: 552, text: '5.3.4 too big' }, 'refused', 'mail.too-big'],
    [{ at: 'data', code: 554, text: '5.7.1 looks like spam' }, 'refused', 'mail.blocked'],
    [{ at: 'mail', code: 553, text: 'not yours' }, 'refused', 'mail.refused'],
    [{ at: 'rcpt', code: 451, text: '4.3.0 later' }, 'temporary', 'mail.deferred'],
    [{ at: 'data', code: 452, text: '4.3.1 full' }, 'temporary', 'mail.deferred'],
    [{ at: 'connect', code: 421, text: 'busy' }, 'temporary', 'mail.server-busy'],
    [{ at: 'auth', code: 535, text: '5.7.8 no' }, 'logged-out', 'mail.login-refused'],
    [
      { at: 'auth', code: 534, text: '5.7.9 Application-specific password required' },
      'logged-out',
      'mail.app-password',
    ],
    [{ at: 'auth', code: 454, text: '4.7.0 Temporary authentication failure' }, 'temporary', 'mail.login-later'],
    [{ at: 'dot' }, 'temporary', 'mail.connection-lost'],
  ] as const)('%j is %s, %s', async (fault, kind, code) => {
    const { office, send } = await desk();
    office.smtp.fail(fault);
    await expect(send('não')).rejects.toMatchObject({ fault: kind, code });
    expect(office.smtp.sent).toEqual([]);
    await send('sim');
    expect(office.smtp.sent).toHaveLength(1);
  });
  it('says when greylisting is worth another try', async () => {
    const { office, send } = await desk();
    office.smtp.beGreylisting();
    await expect(send('oi')).rejects.toMatchObject({ fault: 'temporary', retryAfterMs: 300_000 });
    await send('oi');
    expect(office.smtp.sent).toHaveLength(1);
  });
  it('sends the letter though a copy is refused', async () => {
    const { office, host, send } = await desk();
    office.smtp.fail({ at: 'rcpt', code: 550, only: 'bia@correio.example' });
    await send('oi', {}, { cc: ['bia@correio.example'] });
    expect(office.smtp.sent[0]?.to).toEqual([customer]);
    expect(host.logged.some((line) => line.includes('copies'))).toBe(true);
  });
  it('refuses when the copy was taken and the letter was not', async () => {
    const { office, send } = await desk();
    office.smtp.fail({ at: 'rcpt', code: 550, text: '5.1.1 no', only: customer });
    const sent = send('oi', {}, { cc: ['bia@correio.example'] });
    await expect(sent).rejects.toMatchObject({ fault: 'refused', code: 'mail.address-refused' });
  });
  it('takes a server that nobody finds for one that is away', async () => {
    const { office, send } = await desk();
    office.away(true);
    await expect(send('oi')).rejects.toMatchObject({ fault: 'temporary', code: 'mail.connection-lost' });
  });
  it('cuts a send that is under way when the lease is lost', async () => {
    const { office, host, send } = await desk();
    const release = office.smtp.hold();
    const sending = send('oi');
    await until(() => office.smtp.attempts === 1);
    host.loseLease();
    await expect(sending).rejects.toMatchObject({ fault: 'temporary' });
    release();
  });
  it('finishes a send that is under way before it lets go', async () => {
    const { office, channel, send } = await desk();
    const release = office.smtp.hold();
    const sending = send('oi');
    await until(() => office.smtp.attempts === 1);
    const leaving = channel.disconnect();
    release();
    await leaving;
    expect(await sending).toHaveProperty('externalId');
  });
});

describe('two desks that write to each other', () => {
  it('end after one automatic answer', async () => {
    const a = await desk({}, 'suporte@acme.test');
    const b = await desk({}, 'ajuda@outra.test');
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      one.office.onSent = ({ from, raw }) => {
        other.office.imap.deliver(Buffer.concat([Buffer.from(`Return-Path: <${from}>\r\n`), raw]));
      };
    }
    await a.channel.send('ajuda@outra.test', a.host.outbound('x', { text: 'Recebemos.' }, { auto: true }));
    await until(() => b.host.messages.length === 1);
    // What the desk sees tells it not to answer by itself: that ends it.
    expect(b.host.messages[0]).toMatchObject({ auto: expect.any(String), content: { text: 'Recebemos.' } });
    await b.channel.send('suporte@acme.test', b.host.outbound('x', { text: 'Aqui é gente.' }));
    await until(() => a.host.messages.length === 1);
    expect(a.host.messages[0]?.auto).toBeUndefined();
  });
});
