import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMail } from '#channels/email/read-mail.ts';
import { stripReply } from '#channels/email/strip.ts';

const lines = (...all: string[]) => all.join('\n');

describe('what a person wrote', () => {
  it.each([
    ['Gmail, pt', 'Em seg., 23 de nov. de 2026 às 10:22, Lia <suporte@acme.test> escreveu:', '> Qual o pedido?'],
    ['Gmail, en', 'On Mon, Nov 23, 2026 at 10:22 AM Lia <suporte@acme.test> wrote:', '> Which one?'],
    ['Gmail, es', 'El lun, 23 nov 2026 a las 10:22, Lia (<suporte@acme.test>) escribió:', '> ¿Cuál?'],
    ['Thunderbird, pt', 'Em 23/11/2026 10:22, Lia escreveu:', '> Qual?'],
    [
      'wrapped in two',
      lines('Em seg., 23 de nov. de 2026 às 10:22, Lia da Silva', '<suporte@acme.test> escreveu:'),
      '> a',
    ],
    [
      'wrapped in three',
      lines('On Mon, Nov 23, 2026', 'at 10:22 AM Lia da Silva', '<suporte@acme.test> wrote:'),
      '> a',
    ],
    ['unmarked quotation', 'Em 23/11/2026 10:22, Lia escreveu:', lines('', 'Qual o pedido?')],
    ['another language', '23.11.2026 10:22, Лия <suporte@acme.test> написал:', '> a'],
    [
      'Outlook, pt',
      lines('De: Lia <s@acme.test>', 'Enviada em: segunda-feira, 23 de novembro', 'Para: Ana', 'Assunto: Pedido'),
      'a',
    ],
    ['Outlook, en', lines('From: Lia', 'Sent: Monday, November 23', 'To: Ana', 'Cc: Bia', 'Subject: Order'), 'a'],
    ['Outlook, es', lines('De: Lia', 'Enviado el: lunes, 23 de noviembre', 'Para: Ana', 'Asunto: Pedido'), 'a'],
    ['Outlook in bold', lines('*De:* Lia', '*Enviado:* segunda-feira', '*Para:* Ana', '*Assunto:* Pedido'), 'a'],
    ['Outlook under a rule', lines('________________________________', 'De: Lia', 'Enviado: hoje', 'Para: Ana'), 'a'],
    ['original, pt', '-----Mensagem original-----', 'De: Lia'],
    ['original, en', '-----Original Message-----', 'From: Lia'],
    ['original, es', '-----Mensaje original-----', 'De: Lia'],
    ['forwarded, pt', '---------- Mensagem encaminhada ---------', 'De: Lia'],
    ['forwarded, en', '---------- Forwarded message ---------', 'From: Lia'],
    ['only marks', '> a', '> b'],
    ['our marker, pt', '> ##- Responda acima desta linha -##', '> a'],
    ['our marker, en, unmarked', '##- Reply above this line -##', 'a'],
    [
      'our marker under an attribution',
      lines('Em 1/2/2026 10:00, Lia escreveu:', '> ##- Responda acima desta linha -##'),
      '> a',
    ],
    ['a signature', '-- ', 'Ana Paula\n(51) 3333-0000'],
    ['iPhone, pt', 'Enviado do meu iPhone', ''],
    ['iPhone, en', 'Sent from my iPhone', ''],
    ['iPhone, es', 'Enviado desde mi iPhone', ''],
    ['Outlook for Android', 'Obter o Outlook para Android<https://aka.ms/x>', ''],
    ['a device and a quotation', lines('Enviado do meu iPhone', '', 'Em 1/2/2026 10:00, Lia escreveu:'), '> a'],
    ['a signature and a quotation', lines('-- ', 'Ana', '', 'Em 1/2/2026 10:00, Lia escreveu:'), '> a'],
  ])('is told from what was answered: %s', (_what, above, below) => {
    expect(stripReply(lines('Bom dia,', '', 'é o 1234.', '', above, below))).toBe(lines('Bom dia,', '', 'é o 1234.'));
  });
  it('may stand below the quotation', () => {
    const mail = lines('Em 1/2/2026 10:00, Lia escreveu:', '> Qual?', '> Diga.', '', 'O 1234.', '', '-- ', 'Ana');
    expect(stripReply(mail)).toBe('O 1234.');
  });
  it.each([
    ['between quotations', lines('Em 1/2/2026, Lia escreveu:', '> Qual?', 'O 1234.', '> Quando?', 'Ontem.')],
    ['above and below', lines('Oi,', 'Em 1/2/2026 10:00, Lia escreveu:', '> Qual?', 'O 1234.')],
    ['only quoted', lines('Em 1/2/2026 10:00, Lia escreveu:', '> Qual?')],
    ['only a signature', lines('-- ', 'Ana')],
    ['nothing to cut', lines('Em 2026 comprei um. Ele escreveu:', 'nada', '', 'De: onde vem isso?')],
    ['a date', 'Em 23/11/2026 comprei um aparelho.'],
    ['a long text below two dashes', lines('a', '--', ...Array.from({ length: 30 }, (_, n) => `linha ${n}`))],
    ['one field of a form', lines('De: Porto Alegre', 'Quero viajar amanhã.')],
    ['empty', ''],
  ])('is kept whole when %s', (_what, mail) => {
    expect(stripReply(mail)).toBe(mail);
  });
  it.each([
    ['marks', '>\n'.repeat(300_000)],
    ['dates', 'On 1\n'.repeat(100_000)],
    ['senders', 'De: x\n'.repeat(100_000)],
    ['empty lines', '\n'.repeat(500_000)],
    ['one blank line', ' '.repeat(1_000_000)],
    ['signatures', '-- \n'.repeat(150_000)],
    ['devices', 'Sent from my x\n'.repeat(50_000)],
    ['attributions', 'On 1 wrote:\n\n\n'.repeat(50_000)],
  ])('is found at once among nothing but %s', (_what, mail) => {
    expect(typeof stripReply(mail)).toBe('string');
  });
});

const corpus = process.env.MAIL_CORPUS_DIR ?? '';
const replies = join(corpus, 'talon/tests/fixtures/standard_replies');

describe.skipIf(!existsSync(replies))('replies of real mail programs (MAIL_CORPUS_DIR)', () => {
  const mails = existsSync(replies) ? readdirSync(replies).filter((name) => name.endsWith('.eml')) : [];
  it.each(mails)('%s', async (name) => {
    const expected = join(replies, name.replace('.eml', '_reply_text'));
    // Where the collection gives no text of its own the reply is this one word; it leaves signatures in, we do not.
    const reply = existsSync(expected) ? readFileSync(expected, 'utf8') : 'Hello';
    const mail = await readMail({ raw: readFileSync(join(replies, name)), nonce: '', headOnly: false });
    expect(mail.text).toBe(stripReply(reply.trimEnd()));
    expect(mail.full ?? mail.text).toContain(mail.text);
  });
});
