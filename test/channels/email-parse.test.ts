import { describe, expect, it } from 'vitest';
import { mailKey } from '#channels/email/key.ts';
import { mailLimits } from '#channels/email/mail.ts';
import { TooComplex } from '#channels/email/outline.ts';
import { readMail } from '#channels/email/read-mail.ts';
import { compose } from '../networks/mail/post-office.ts';
import { picture } from './network.ts';

const head =
  'From: Ana <ana@correio.example>\r\nTo: suporte@acme.test\r\nSubject: oi\r\nMessage-ID: <1@correio.example>\r\n';

/** Latin-1 text becomes the very bytes. */
const bytes = (text: string) => Buffer.from(text, 'latin1');
const read = (raw: Uint8Array | string, headOnly = false) =>
  readMail({ raw: typeof raw === 'string' ? bytes(raw) : raw, nonce: 'nonce', headOnly });
const text = (type: string, body: string) => read(`${head}Content-Type: ${type}\r\n\r\n${body}`);

describe('texts of mails', () => {
  it.each([
    ['windows-1252 labelled utf-8', 'text/plain; charset=utf-8', 'promo\xe7\xe3o', 'promoção'],
    ['windows-1252 labelled us-ascii', 'text/plain; charset=us-ascii', 'n\xe3o', 'não'],
    ['windows-1252 without label', 'text/plain', 'caf\xe9 \x96 bom', 'café – bom'],
    ['utf-8 labelled iso-8859-1', 'text/plain; charset=iso-8859-1', 'promo\xc3\xa7\xc3\xa3o', 'promoção'],
    ['iso-8859-1', 'text/plain; charset="iso-8859-1"', 'a\xe7\xe3o', 'ação'],
    ['utf-8', 'text/plain; charset=UTF-8', 'a\xc3\xa7\xc3\xa3o', 'ação'],
    ['iso-2022-jp', 'text/plain; charset=iso-2022-jp', '\x1b$B$3$s$K$A$O\x1b(B', 'こんにちは'],
    ['iso-2022-jp without label', 'text/plain', '\x1b$B$3$s$K$A$O\x1b(B', 'こんにちは'],
    ['shift_jis as cp932', 'text/plain; charset=cp932', '\x82\xb1\x82\xf1', 'こん'],
    ['an unknown charset', 'text/plain; charset=klingon', 'a\xe7\xe3o', 'ação'],
    ['decomposed accents', 'text/plain; charset=utf-8', 'ac\xcc\xa7a\xcc\x83o', 'ação'],
  ])('reads %s', async (_what, type, body, wanted) => {
    expect((await text(type, body)).text).toBe(wanted);
  });
  it('reads headers in raw windows-1252, in UTF-8 and in encoded words', async () => {
    const mail = await read(
      `From: Jo\xe3o <j@x.test>\r\nCc: Jos\xc3\xa9 <e@x.test>\r\nSubject: =?iso-8859-1?Q?Or=E7amento?= n\xba 7\r\n\r\noi`,
    );
    expect(mail.from?.name).toBe('João');
    expect(mail.cc[0]?.name).toBe('José');
    expect(mail.subject).toBe('Orçamento nº 7');
  });
  it('keeps the lines of format=flowed, so that quotations keep their marks', async () => {
    const mail = await text(
      'text/plain; charset=utf-8; format=flowed',
      'sim \r\n\r\nEm 1/2/2026, Lia escreveu:\r\n> a \r\n> b',
    );
    expect(mail.text).toBe('sim');
    expect(mail.full).toContain('> a \n> b');
  });
  it('takes the text of HTML when there is no other, with quotations marked', async () => {
    const html =
      '<p>Ol&aacute; &amp; bom <b>dia</b></p><ul><li>um</li><li>dois</li></ul><blockquote>antes</blockquote>';
    const mail = await text('text/html; charset=utf-8', html);
    expect(mail.full).toBe('Olá & bom dia\n\n- um\n- dois\n\n> antes');
    expect(mail.text).toBe('Olá & bom dia\n\n- um\n- dois');
  });
  it('reads HTML beside a text as well', async () => {
    const part = (type: string, body: string) => `--x\r\nContent-Type: ${type}; charset=utf-8\r\n\r\n${body}\r\n`;
    const body = `${part('text/html', '<p>importante</p>')}${part('text/plain', 'rodap\xc3\xa9')}--x--\r\n`;
    const mail = await text('multipart/mixed; boundary=x', body);
    expect(mail.text).toBe('importante\n\nrodapé');
    expect(mail.html).toBe('<p>importante</p><br />\n<p>rodapé</p>');
  });
  it('prefers the text where HTML is another form of it', async () => {
    const mail = await read(await compose({ from: 'a@b.test', text: 'simples', html: '<p>bonito</p>' }));
    expect(mail.text).toBe('simples');
    expect(mail.html).toBe('<p>bonito</p>');
  });
  it('cuts what is longer than a message may be, never within a character', async () => {
    const mail = await read(await compose({ from: 'a@b.test', text: `a${'👋'.repeat(600_000)}` }));
    expect(mail.text.length).toBeLessThanOrEqual(mailLimits.text);
    expect(mail.text.isWellFormed()).toBe(true);
  });
  it('lives with NUL and lone surrogates', async () => {
    expect((await text('text/plain; charset=utf-8', 'a\x00b\xed\xa0\x80c')).text).toMatch(/^a\0b.+c$/u);
  });
});

describe('files of mails', () => {
  const file = (type: string, more = '') =>
    text(
      'multipart/mixed; boundary=x',
      `--x\r\nContent-Type: text/plain\r\n\r\noi\r\n--x\r\nContent-Type: ${type}\r\n${more}\r\nconte\xfado\r\n--x--\r\n`,
    );
  it.each([
    ['message/rfc822', 'message.eml'],
    ['text/calendar; method=REQUEST', 'invite.ics'],
    ['application/ms-tnef', 'winmail.dat'],
    ['application/pkcs7-mime', 'smime.p7m'],
    ['image/png', 'image.png'],
    ['text/csv', 'attachment.txt'],
    ['application/octet-stream', 'attachment'],
  ])('passes %s on as a file', async (type, name) => {
    const mail = await file(type);
    expect(mail.text).toBe('oi');
    expect(mail.files.map((each) => each.name)).toEqual([name]);
  });
  it.each(['application/pkcs7-signature', 'application/x-pkcs7-signature', 'application/pgp-signature'])(
    'hides %s',
    async (type) => {
      expect((await file(type)).files).toEqual([]);
    },
  );
  it('does not show the inside of a forwarded mail as what the sender wrote', async () => {
    const mail = await file('message/rfc822', 'Content-Disposition: inline\r\n\r\nFrom: x@y.test\r\n');
    expect(mail.text).toBe('oi');
    expect(mail.files[0]?.bytes.toString()).not.toBe('');
  });
  it('names the picture that the HTML shows, and forgets one that is not there', async () => {
    const mail = await read(
      await compose({
        from: 'a@b.test',
        html: '<img src="cid:logo@x" alt="a"><img src="cid:outra" alt="b">',
        attachments: [
          { filename: 'logo.png', content: picture, cid: 'logo@x', contentType: 'image/png' },
          { filename: 'foto.png', content: picture, contentType: 'image/png' },
        ],
      }),
    );
    expect(mail.html).toBe('<img alt="a" src="cid:nonce-0" /><img alt="b" />');
    expect(mail.files.map(({ name, inline }) => [name, inline])).toEqual([
      ['logo.png', true],
      ['foto.png', false],
    ]);
  });
  it.each(['Content-Type:', 'Content-Type: ; name=x', 'X-Nothing: x'])('takes a file of no type: %s', async (type) => {
    const part = (about: string, body: string) => `--z\r\n${about}\r\n\r\n${body}\r\n`;
    const file = part(`${type}\r\nContent-Disposition: attachment; filename=a.bin`, 'x');
    const mail = await text('multipart/mixed; boundary=z', `${part('Content-Type: text/plain', 'oi')}${file}--z--\r\n`);
    expect(mail.text).toBe('oi');
    expect(mail.files.map(({ name, bytes: content }) => [name, String(content)])).toEqual([['a.bin', 'x']]);
  });
  it('keeps at most as many files as a message may have', async () => {
    const attachments = Array.from({ length: mailLimits.files + 7 }, (_, n) => ({
      filename: `${n}.txt`,
      content: 'x',
    }));
    const mail = await read(await compose({ from: 'a@b.test', text: 'oi', attachments }));
    expect(mail.files).toHaveLength(mailLimits.files);
    expect(mail.filesDropped).toBe(7);
  });
  it('reads only the head of a mail that is too large', async () => {
    const mail = await read(await compose({ from: 'Ana <a@b.test>', subject: 'grande', text: 'não' }), true);
    expect(mail).toMatchObject({ subject: 'grande', text: '', html: null, files: [], from: { name: 'Ana' } });
  });
});

describe('people and ids', () => {
  it('lives without From, Message-ID and Date', async () => {
    const mail = await read('Subject: oi\r\n\r\ncorpo');
    expect(mail).toMatchObject({ from: null, messageId: null, at: null, references: [], text: 'corpo' });
  });
  it('takes no address that is not one', async () => {
    const mail = await read('From: "x" <a@b@c.test>\r\nTo: <a@b@c.test>, ok@c.test, "q q"@c.test\r\n\r\n');
    expect(mail.from).toBeNull();
    expect(mail.to).toEqual([{ address: 'ok@c.test', name: '' }]);
  });
  it('does not read a name as an address', async () => {
    const mail = await read('From: =?utf-8?B?Y2hlZmVAYWNtZS50ZXN0?= <mal@x.test>\r\n\r\n');
    expect(mail.from).toEqual({ address: 'mal@x.test', name: 'chefe@acme.test' });
  });
  it('makes names harmless', async () => {
    const name = Buffer.from('A\r\nBcc: b\0\u202ex').toString('base64');
    const mail = await read(`From: =?utf-8?B?${name}?= <a@x.test>\r\n\r\n`);
    expect(mail.from?.name).toBe('A Bcc: b x');
  });
  it('reads ids with and without brackets, each once', async () => {
    const mail = await read(
      `${head}In-Reply-To: Your mail of today <p@x>\r\nReferences: <r@x> <p@x>\r\n <p@x>\r\n\r\n`,
    );
    expect(mail).toMatchObject({ messageId: '1@correio.example', inReplyTo: 'p@x', references: ['r@x', 'p@x'] });
    expect((await read('From: a@b.test\r\nIn-Reply-To: p@x\r\n\r\n')).inReplyTo).toBe('p@x');
  });
  it('tells by the trace where a mail was delivered to', async () => {
    const mail = await read(`Delivered-To: suporte+t-1@acme.test\r\nX-Original-To: <b@acme.test>\r\n${head}\r\n`);
    expect(mail.deliveredTo).toEqual(['suporte+t-1@acme.test', 'b@acme.test']);
  });
});

describe('what machines wrote', () => {
  it.each([
    ['Auto-Submitted: auto-replied', 'reply'],
    ['Auto-Submitted: auto-generated (rejected)', 'reply'],
    ['Auto-Submitted: no', null],
    ['Precedence: bulk', 'bulk'],
    ['Precedence: junk', 'bulk'],
    ['Precedence: list', 'list'],
    ['Precedence: auto_reply', 'reply'],
    ['X-Autoreply: yes', 'reply'],
    ['X-Autorespond: x', 'reply'],
    ['X-Auto-Response-Suppress: All', 'reply'],
    ['X-Auto-Response-Suppress: OOF, AutoReply', 'reply'],
    ['X-Auto-Response-Suppress: DR, RN, NRN', null],
    ['List-Id: <lista.example>', 'list'],
    ['List-Unsubscribe: <mailto:x@y.test>', 'bulk'],
    ['Return-Path: <>', 'reply'],
    ['Return-Path: <ana@correio.example>', null],
    ['X-Mailer: Thunderbird', null],
  ])('%s -> %s', async (header, auto) => {
    expect((await read(`${header}\r\n${head}\r\noi`)).auto).toBe(auto);
  });
  it.each(['MAILER-DAEMON@x.test', 'postmaster@x.test'])('%s is a machine', async (from) => {
    expect((await read(`From: ${from}\r\n\r\noi`)).auto).toBe('reply');
  });
});

describe('what is too much', () => {
  it.each([
    ['parts', `Content-Type: multipart/mixed; boundary=x\r\n\r\n${'--x\r\n\r\na\r\n'.repeat(mailLimits.parts + 1)}`],
    [
      'depth',
      Array.from(
        { length: mailLimits.depth + 1 },
        (_, n) => `Content-Type: multipart/mixed; boundary=x${n}\r\n\r\n--x${n}\r\n`,
      ).join(''),
    ],
    ['headers', `X-Long: ${'a'.repeat(mailLimits.headerBytes)}\r\n\r\nb`],
  ])('refuses too many or too large %s', async (_what, rest) => {
    await expect(read(head + rest)).rejects.toThrow(TooComplex);
  });
  it.each([
    ['tags that never end', '<div>'.repeat(200_000)],
    ['nothing but <', '<'.repeat(1_000_000)],
    ['a style without end', `<p style="${'color:red;'.repeat(100_000)}">x</p>`],
    ['entities', '&#60;'.repeat(300_000)],
  ])('gets through HTML of %s', async (_what, html) => {
    expect((await text('text/html', html)).from?.address).toBe('ana@correio.example');
  });
  it('gets through headers made to take for ever', async () => {
    const evil = `To: ${'('.repeat(60_000)}\r\nCc: ${'a:'.repeat(30_000)}\r\nReferences: ${'<'.repeat(60_000)}\r\n`;
    expect((await read(`${head}${evil}Content-Type: text/plain${' '.repeat(60_000)}x\r\n\r\noi`)).subject).toBe('oi');
  });
});

describe('the key of a mail', () => {
  const mail = 'From: a@b.test\r\nSubject: x\r\n y\r\nMessage-ID: <1@b>\r\n\r\ncorpo\r\nfim\r\n';
  const key = (raw: string) => mailKey(bytes(raw));
  it('does not depend on traces of the way, nor on line ends', () => {
    const again = `Return-Path: <a@b.test>\r\nDelivered-To: z@b.test\r\nReceived: by x\r\n\tfor z; now\r\n${mail}`;
    expect(key(again)).toBe(key(mail));
    expect(key(mail.replaceAll('\r\n', '\n'))).toBe(key(mail));
  });
  it('depends on all else', () => {
    const others = [
      mail.replace('fim', 'fin'),
      mail.replace('Subject: x', 'Subject: z'),
      mail.replace('<1@b>', '<2@b>'),
    ];
    expect(new Set([mail, ...others].map(key)).size).toBe(4);
  });
});
