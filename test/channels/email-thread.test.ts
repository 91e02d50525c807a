import { describe, expect, it } from 'vitest';
import { isAddress, loopMark, plusAddress, tailOf } from '#channels/email/address.ts';
import type { ParsedMail } from '#channels/email/mail.ts';
import { isDeskId } from '#channels/email/report.ts';
import { answerAddress, rootOf, threadOf } from '#channels/email/thread.ts';

const own = 'suporte@acme.test';
const person = (address: string, name = '') => ({ address, name });
const ana = person('ana@correio.example', 'Ana');

function mail(more: Partial<ParsedMail>): ParsedMail {
  return {
    messageId: 'eu@x',
    inReplyTo: null,
    references: [],
    subject: '',
    at: null,
    from: ana,
    replyTo: [],
    to: [],
    cc: [],
    deliveredTo: [],
    loop: null,
    auto: null,
    report: null,
    text: '',
    full: null,
    html: null,
    files: [],
    filesDropped: 0,
    ...more,
  };
}

describe('by what a mail may belong to a ticket', () => {
  it('brings the tails of our plus addresses, wherever they stand, and nobody else’s', () => {
    const { tokens } = threadOf(
      own,
      mail({
        deliveredTo: ['suporte+t-1@acme.test', 'suporte+t-9@outra.test'],
        to: [person('SUPORTE+t-2@ACME.test'), person('suporte2+t-3@acme.test'), person(own)],
        cc: [person('suporte+T-1@acme.test'), person('suporte+@acme.test'), person('suporte+t-1@acme.test')],
      }),
    );
    expect(tokens).toEqual(['t-1', 't-2', 'T-1']);
  });
  it('brings references, the nearest first, each once', () => {
    const { references } = threadOf(own, mail({ inReplyTo: 'c@x', references: ['a@x', 'b@x', 'c@x'] }));
    expect(references).toEqual(['c@x', 'b@x', 'a@x']);
  });
  it.each([
    ['Re: [#2026-000123] Pedido', '2026-000123'],
    ['RES: Pedido [#2026-1234567]', '2026-1234567'],
    ['Pedido 2026-000123', null],
    ['[#26-123]', null],
  ])('finds the protocol of %s', (subject, protocol) => {
    expect(threadOf(own, mail({ subject })).protocol).toBe(protocol);
  });
  it('names the others: neither us, nor the sender, each once', () => {
    const to = [person(own), person('suporte+t-1@acme.test'), person('bia@x.test', 'Bia')];
    const cc = [person('BIA@x.test', 'Bia S.'), person('Ana@correio.example'), person('caio@x.test')];
    const { others } = threadOf(own, mail({ to, cc }));
    expect(others.map(({ address, identities }) => [address, identities[0]?.value])).toEqual([
      ['BIA@x.test', 'bia@x.test'],
      ['caio@x.test', 'caio@x.test'],
    ]);
  });
  it('hands on at most so many others', () => {
    const to = Array.from({ length: 200 }, (_, n) => person(`p${n}@x.test`));
    expect(threadOf(own, mail({ to })).others).toHaveLength(50);
  });
});

describe('the conversation', () => {
  it.each([
    ['the first reference', { references: ['raiz@x', 'b@x'], inReplyTo: 'b@x' }, 'raiz@x'],
    ['what is answered', { inReplyTo: 'b@x' }, 'b@x'],
    ['the mail itself', {}, 'eu@x'],
    ['its key', { messageId: null }, 'sha256:k'],
  ])('is named by %s', (_what, more, root) => {
    expect(rootOf(mail(more), 'k')).toBe(root);
  });
});

describe('where an answer goes', () => {
  it.each([
    ['nowhere else', [], 'ana@correio.example'],
    ['the same domain', ['ana.paula@Correio.example'], 'ana.paula@Correio.example'],
    ['a stranger', ['mal@x.test'], 'ana@correio.example'],
    ['two', ['a@correio.example', 'b@correio.example'], 'ana@correio.example'],
    ['a longer domain', ['a@correio.example.x.test'], 'ana@correio.example'],
  ])('Reply-To of %s', (_what, replyTo, address) => {
    expect(answerAddress(mail({ replyTo: replyTo.map((each) => person(each)) }), ana)).toBe(address);
  });
});

describe('addresses', () => {
  it.each(['a@b.c', 'ana.paula+x@correio.example', "o'neil@x.test", 'josé@x.test', 'a@[1]'.replace('[1]', 'b')])(
    '%s is one',
    (address) => {
      expect(isAddress(address)).toBe(true);
    },
  );
  it.each([
    '',
    'a',
    '@b.c',
    'a@',
    'a@b@c',
    'a b@c',
    'a@b c',
    '<a@b>',
    'a@b>',
    'a@b,c@d',
    'a@b\r\n',
    'a@b\0',
    '"a"@b',
    'a(x)@b',
  ])('%j is none', (address) => {
    expect(isAddress(address)).toBe(false);
  });
  it('have tails that come back', () => {
    expect(tailOf(own, plusAddress(own, 't-1'))).toBe('t-1');
    expect(tailOf(own, own)).toBe('');
    expect(tailOf(own, 'suportex@acme.test')).toBeNull();
  });
  it('have a mark that does not tell them', () => {
    expect(loopMark(own)).toBe(loopMark(own.toUpperCase()));
    expect(loopMark(own)).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('the shape of ids that the desk gives', () => {
  it.each([
    ['t.64f0c2.64f0c3.9f86d081aa@acme.test', true],
    ['t.64f0c2.64f0c3@acme.test', false],
    ['x.64f0c2.64f0c3.9f86d081aa@acme.test', false],
    ['t.64f0c2.64f0c3.9f86d081aa@acme.test>', false],
    ['algo@acme.test', false],
  ])('%s: %s', (id, is) => {
    expect(isDeskId(id)).toBe(is);
  });
});
