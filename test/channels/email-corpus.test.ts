import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { emailChannel } from '#channels/email/email.ts';
import { eventsOf } from '#channels/email/inbound.ts';
import { mailKey } from '#channels/email/key.ts';
import { parser } from '#channels/email/parse.ts';
import { available, Dovecot } from '../networks/mail/dovecot.ts';
import { compose, PostOffice } from '../networks/mail/post-office.ts';
import { lastUid, means, quick, rowOf, until } from './email-network.ts';
import { HostDouble } from './host-double.ts';
import { picture } from './network.ts';

const corpus = process.env.MAIL_CORPUS_DIR ?? '';

function mailsUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.eml'))
    .map((name) => join(folder, name))
    .sort();
}

const files = mailsUnder(corpus);

/** Two-line records of a run, for whoever reads the output. */
function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

interface Box {
  imapPort: number;
  deliver(raw: Buffer): Promise<unknown>;
  close(): Promise<void>;
}

async function fake(): Promise<Box> {
  const office = await PostOffice.open();
  return {
    imapPort: office.imapPort,
    deliver: async (raw) => office.imap.deliver(raw),
    close: () => office.close(),
  };
}

async function dovecot(): Promise<Box> {
  const server = await Dovecot.start();
  return { imapPort: server.imapPort, deliver: (raw) => server.deliver(raw), close: () => server.stop() };
}

const server = { host: '127.0.0.1', secure: false, user: 'suporte@acme.test', password: 'segredo-do-correio' };

describe.skipIf(files.length === 0)('every mail of the collections (MAIL_CORPUS_DIR)', () => {
  it.each([
    ['hoodiecrow', true, fake],
    ['Dovecot', available(), dovecot],
  ])('comes in through %s', async (name, there, open) => {
    if (!there) return tell(`${name} is not installed: nothing was tried`);
    const box = await open();
    const host = new HostDouble();
    const imap = { ...server, port: box.imapPort };
    const row = rowOf({ address: server.user, name: 'Acme', imap, smtp: { ...server, port: 1 } });
    const channel = emailChannel(row, means, quick);
    try {
      await channel.connect(host);
      await until(() => lastUid(host) >= 0);
      for (const file of files) await box.deliver(readFileSync(file));
      await until(() => lastUid(host) >= files.length);
    } finally {
      await channel.disconnect();
      await box.close();
    }
    const kept = host.messages.length + host.unreadable.length + host.receipts.length;
    const keys = new Set(files.map((file) => mailKey(readFileSync(file))));
    const attachments = host.messages.flatMap(({ content }) => content.attachments ?? []).length;
    tell(
      `${name}: ${files.length} mails, ${keys.size} different; ${host.messages.length} messages with ` +
        `${attachments} files, ${host.receipts.length} receipts, ${host.unreadable.length} without a sender`,
    );
    expect(kept).toBe(keys.size);
    expect(host.unreadable.filter(({ reason }) => reason !== 'mail.no-sender')).toEqual([]);
    // One mail of the collections has an empty file.
    expect(host.logged.filter((line) => !line.startsWith('files of a mail were left out'))).toEqual([]);
    for (const { content, at, from } of host.messages) {
      expect(content.text.isWellFormed()).toBe(true);
      expect(content.text).toBe(content.text.normalize('NFC'));
      expect(new Date(at).toISOString()).toBe(at);
      expect(from.address).toMatch(/^[^\s@]+@[^\s@]+$/);
      expect(host.files.has(content.mail?.original ?? '')).toBe(true);
    }
  });
});

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const shards = [
  ...[
    '\r\n',
    '\r\n\r\n',
    '\0',
    '--',
    'Content-Type: multipart/mixed; boundary=',
    'Content-Type: message/rfc822\r\n\r\n',
  ],
  ...[
    'Content-Transfer-Encoding: base64\r\n',
    '=?utf-8?B?',
    '?=',
    '<',
    '>',
    '"',
    ';',
    '=',
    '\xff\xfe',
    'charset=utf-16',
  ],
  ...['From: a@b.test\r\n', '<div>', '<![CDATA[', '&#x110000;', '\x1b$B', '=\r\n', 'cid:', '[#2026-000001]'],
];

/** One to eight small hurts. */
function mutated(raw: Buffer, next: () => number): Buffer {
  let bytes = raw;
  const place = () => Math.floor(next() * (bytes.length + 1));
  for (let hurts = 1 + Math.floor(next() * 8); hurts > 0; hurts -= 1) {
    const from = place();
    const to = Math.min(bytes.length, from + Math.floor(next() * 200));
    const rest = [bytes.subarray(0, from), bytes.subarray(to)] as const;
    const shard = Buffer.from(shards[Math.floor(next() * shards.length)]!, 'latin1');
    const hurt = [
      () => Buffer.concat([rest[0], rest[1]]),
      () => Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]),
      () => Buffer.concat([bytes.subarray(0, from), shard, bytes.subarray(from)]),
      () => Buffer.concat([rest[0], Buffer.from(Array.from({ length: to - from }, () => next() * 256)), rest[1]]),
      () => bytes.subarray(0, Math.max(1, from)),
    ][Math.floor(next() * 5)]!;
    bytes = hurt();
  }
  return bytes;
}

async function whole(): Promise<Buffer[]> {
  const from = 'Ana <ana@correio.example>';
  const attachments = [{ filename: 'ação.png', content: picture, cid: 'x' }];
  return await Promise.all([
    compose({ from, to: 'suporte@acme.test', subject: 'Orçamento', text: 'oi\n\n> a\n' }),
    compose({ from, text: 'ção '.repeat(200), html: '<p>x <img src="cid:x"></p>'.repeat(20), attachments }),
    compose({ from, html: '<table><tr><td style="color:red">x</td></tr></table>', inReplyTo: '<a@b>' }),
    compose({
      from,
      text: 'x',
      attachments: [{ filename: 'm.eml', content: 'From: b@c.test\r\n\r\nx', contentType: 'message/rfc822' }],
    }),
    compose({ from, text: 'x', icalEvent: { content: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR' } }),
  ]);
}

describe('2,000 hurt mails', () => {
  const taking = parser();
  afterAll(() => taking.close());
  // Our own always; those from outside only where they are at hand.
  const sources = { composed: whole, found: async () => files.map((file) => readFileSync(file)) };
  it.each(files.length > 0 ? (['composed', 'found'] as const) : (['composed'] as const))(
    'of those %s never hurt the channel',
    async (source) => {
      const originals = await sources[source]();
      const next = random(20_261_126);
      const host = new HostDouble();
      const counts: Record<string, number> = {};
      for (let index = 0; index < 2_000; index += 1) {
        const raw = mutated(originals[index % originals.length]!, next);
        const arrived = { raw, complete: true, at: null, backlog: false };
        for (const event of await eventsOf({ host, parser: taking, own: 'suporte@acme.test' }, arrived)) {
          const kind = event.type === 'unreadable' ? event.reason : event.type;
          counts[kind] = (counts[kind] ?? 0) + 1;
          if (event.type === 'message') expect(event.content.text.isWellFormed()).toBe(true);
        }
      }
      tell(`2,000 hurt mails of ${originals.length}: ${JSON.stringify(counts)}`);
      expect(Object.keys(counts).sort()).toEqual(expect.arrayContaining(['message']));
      const known = ['message', 'receipt', 'mail.no-sender', 'mail.unreadable', 'mail.too-complex'];
      expect(Object.keys(counts).filter((kind) => !known.includes(kind))).toEqual([]);
      // What the parser process could not bear would be here: none of these mails is that bad.
      expect(counts['mail.unreadable'] ?? 0).toBe(0);
    },
    300_000,
  );
});
