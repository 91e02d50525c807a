import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { MediaType } from '@whiskeysockets/baileys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutboundMessage } from '#channels/channel.ts';
import type { Content } from '#shared/message.ts';
import { picture } from './network.ts';
import { linked, until, type World } from './whatsapp-trial.ts';

let world: World;

beforeEach(async () => {
  world = await linked();
});
afterEach(async () => {
  await world.end();
});

/** Sends something to the customer; answers its id and what the phone shows of it. */
async function send(content: Content | null, more: Partial<OutboundMessage> = {}) {
  const { host, channel, customer } = world;
  const message = host.outbound('c', content ?? { text: '' }, { content, ...more });
  const sent = await channel.send(customer.jid, message);
  if (!('externalId' in sent)) throw new Error('uncertain');
  const got = customer.inbox.at(-1)!;
  expect(got.id).toBe(sent.externalId);
  return { id: sent.externalId, got, message };
}

describe('what the desk says', () => {
  it('has an id made of its own, of the shape of the network, told with the claim', async () => {
    const { id, message } = await send({ text: 'oi' });
    expect(id).toMatch(/^3EB0[0-9A-F]{18}$/);
    expect(message.claimed).toEqual([id]);
  });
  it('reaches numbers and LIDs alike, and a first contact by phone in either form', async () => {
    const { host, channel, fake } = world;
    const old = fake.phone('553188887777', '77665544332211', 'Rui');
    for (const to of [old.jid, old.lid, '+5531988887777']) {
      await channel.send(to, host.outbound('c', { text: to }));
    }
    expect(old.inbox).toHaveLength(3);
    const nobody = channel.send('+5511933334444', host.outbound('c', { text: 'oi' }));
    await expect(nobody).rejects.toMatchObject({ fault: 'refused', code: 'whatsapp.not-registered' });
  });
  it('is edited and deleted', async () => {
    const { id } = await send({ text: 'erado' });
    const edited = (await send({ text: 'errado' }, { changes: id })).got;
    expect(edited.edit).toBe('1');
    expect(edited.message.protocolMessage).toMatchObject({ type: 14, key: { id, fromMe: true } });
    expect(edited.message.protocolMessage?.editedMessage?.extendedTextMessage?.text).toBe('errado');
    const deleted = (await send(null, { changes: id })).got;
    expect(deleted.edit).toBe('7');
    expect(deleted.message.protocolMessage).toMatchObject({ type: 0, key: { id, fromMe: true } });
  });
  it('quotes what it answers to, the customer and ourselves', async () => {
    const { customer, trial } = world;
    const theirs = { externalId: 'ABC', mine: false, author: customer.jid, text: 'qual?' };
    const first = (await send({ text: 'este' }, { replyTo: theirs })).got.message.extendedTextMessage?.contextInfo;
    expect(first).toMatchObject({
      stanzaId: 'ABC',
      participant: customer.jid,
      quotedMessage: { conversation: 'qual?' },
    });
    const ours = { externalId: 'DEF', mine: true, author: '', text: 'este' };
    const second = (await send({ text: 'ou este' }, { replyTo: ours })).got.message.extendedTextMessage?.contextInfo;
    expect(second).toMatchObject({ stanzaId: 'DEF', participant: trial.owner.jid });
  });
  it('is a place or a card', async () => {
    const place = { latitude: -23.5, longitude: -46.6, name: 'Loja', address: 'Rua A' };
    const { locationMessage } = (await send({ text: '', place })).got.message;
    expect(locationMessage).toMatchObject({ degreesLatitude: -23.5, degreesLongitude: -46.6, name: 'Loja' });
    const cards = [{ name: 'Bia; a boa', phones: ['+55 11 90000-2222'], emails: ['b@c.d'] }];
    const { contactMessage } = (await send({ text: '', cards })).got.message;
    expect(contactMessage?.vcard).toContain('FN:Bia\\; a boa');
    expect(contactMessage?.vcard).toContain('waid=5511900002222:+55 11 90000-2222');
  });
  it.each([
    ['image', 'image/png', 'imageMessage', 'image'],
    ['video', 'video/mp4', 'videoMessage', 'video'],
    ['audio', 'audio/mpeg', 'audioMessage', 'audio'],
    ['voice', 'audio/ogg', 'audioMessage', 'audio'],
    ['sticker', 'image/webp', 'stickerMessage', 'sticker'],
    ['file', 'application/pdf', 'documentMessage', 'document'],
  ] as const)('is a %s, which the phone opens', async (kind, mime, field, type) => {
    const { host, fake } = world;
    const bytes = kind === 'image' ? picture : Buffer.from(`${kind} `.repeat(9_000));
    const file = host.file(bytes, { name: 'a.bin', mime, kind, seconds: 4.4 });
    const { got } = await send({ text: kind === 'image' ? 'segue' : '', attachments: [file] });
    const media = got.message[field]!;
    const opened = await fake.media.open(media.directPath!, media.mediaKey!, type as MediaType);
    expect(opened.equals(bytes)).toBe(true);
    if (kind === 'voice') {
      expect(media).toMatchObject({ ptt: true, mimetype: 'audio/ogg; codecs=opus', seconds: 4 });
      expect(got.message.audioMessage?.waveform).toHaveLength(64);
    }
    if (kind === 'image') expect([...got.message.imageMessage!.jpegThumbnail!.slice(0, 2)]).toEqual([0xff, 0xd8]);
    if (kind === 'file') expect(got.message.documentMessage?.fileName).toBe('a.bin');
  });
  it('is a voice note that a browser recorded, as the phone plays it', async () => {
    const { host, fake } = world;
    const recorded = readFileSync(fileURLToPath(new URL('./samples/voice-note.webm', import.meta.url)));
    const file = host.file(recorded, { name: 'voz.webm', mime: 'audio/webm', kind: 'voice' });
    const { audioMessage } = (await send({ text: '', attachments: [file] })).got.message;
    const opened = await fake.media.open(audioMessage!.directPath!, audioMessage!.mediaKey!, 'audio');
    expect(opened.subarray(0, 4).toString()).toBe('OggS');
    expect(audioMessage!.seconds).toBeGreaterThan(0);
    expect(new Set(audioMessage!.waveform).size).toBeGreaterThan(1);
  });
  it('leaves no sealed copy of a file behind', async () => {
    const { host } = world;
    const file = host.file(Buffer.from('%PDF'), { name: 'a.pdf', mime: 'application/pdf', kind: 'file' });
    const before = await left();
    await send({ text: '', attachments: [file] });
    expect(await left()).toEqual(before);
  });
  it('uploads a file once, however often it is tried', async () => {
    const { host, channel, customer, fake } = world;
    const file = host.file(Buffer.from('%PDF'), { name: 'a.pdf', mime: 'application/pdf', kind: 'file' });
    const message = host.outbound('c', { text: '', attachments: [file] });
    fake.faults.dropSend = 1;
    await expect(channel.send(customer.jid, message)).rejects.toMatchObject({
      fault: 'temporary',
      code: 'whatsapp.no-answer',
    });
    const uploads = fake.media.files.size;
    await channel.send(customer.jid, message);
    expect(fake.media.files.size).toBe(uploads);
    expect(customer.inbox).toHaveLength(1);
    expect(new Set(fake.sent.map(({ attrs }) => attrs.id)).size).toBe(1);
  });
  it('keeps the pace of a person, and shows that somebody is writing', async () => {
    await world.end();
    const waits: number[] = [];
    const clock = {
      at: 0,
      now: () => Date.now() + clock.at,
      sleep: async (ms: number, signal?: AbortSignal) => {
        // The wait for the server's word is the only one that is broken off.
        if (ms === 1_500)
          return await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
        waits.push(ms);
        clock.at += ms;
      },
    };
    world = await linked({ clock, pace: { perSecond: 0.01, burst: 1, composing: [50, 60] } });
    const { customer } = world;
    for (const text of ['um', 'dois']) await send({ text });
    expect(customer.states).toEqual(['composing', 'composing']);
    expect(waits.filter((ms) => ms >= 50 && ms <= 60)).toHaveLength(2);
    expect(waits.some((ms) => ms > 90_000)).toBe(true);
  });
  it('says when an upload fails, and that there is nothing to send', async () => {
    const { host, channel, customer, fake } = world;
    const file = host.file(Buffer.from('%PDF'), { name: 'a.pdf', mime: 'application/pdf', kind: 'file' });
    fake.media.refuseUploads = true;
    const failed = channel.send(customer.jid, host.outbound('c', { text: '', attachments: [file] }));
    await expect(failed).rejects.toMatchObject({ fault: 'temporary', code: 'whatsapp.upload' });
    const empty = channel.send(customer.jid, host.outbound('c', { text: '' }));
    await expect(empty).rejects.toMatchObject({ fault: 'refused', code: 'whatsapp.nothing-to-send' });
    const gone = { ...file, id: 'gone' };
    const lost = channel.send(customer.jid, host.outbound('c', { text: '', attachments: [gone] }));
    await expect(lost).rejects.toMatchObject({ fault: 'refused', code: 'media.not-found' });
  });
});

describe('what becomes of it', () => {
  it.each([
    ['463', 'refused', 'whatsapp.restricted'],
    ['479', 'refused', 'whatsapp.rejected'],
    ['503', 'temporary', 'whatsapp.unavailable'],
  ])('error %s of the server is told as %s', async (error, fault, code) => {
    const { host, channel, customer, fake } = world;
    fake.faults.failSend.push(error);
    const refused = channel.send(customer.jid, host.outbound('c', { text: 'oi' }));
    await expect(refused).rejects.toMatchObject({ fault, code });
    expect(host.connections.at(-1)?.phase).toBe('online');
    await send({ text: 'oi' });
    expect(host.receipts.filter(({ status }) => status === 'failed')).toEqual([]);
  });
  it('comes as delivered and read, also both at once', async () => {
    const { host, customer, device } = world;
    const { id } = await send({ text: 'um' });
    customer.acknowledge(device, id);
    customer.acknowledge(device, id, 'read');
    await until(() => host.receipts.some(({ status }) => status === 'read'));
    expect(host.receipts.every(({ externalId }) => externalId === id)).toBe(true);
    const second = await send({ text: 'dois' });
    customer.acknowledge(device, second.id, 'read', customer.lid);
    await until(() => host.receipts.some(({ externalId, status }) => externalId === second.id && status === 'read'));
  });
  it('is temporary when the connection goes in the middle', async () => {
    const { host, channel, customer, fake } = world;
    fake.faults.dropSend = 1;
    const sending = channel.send(customer.jid, host.outbound('c', { text: 'oi' }));
    await until(() => fake.sent.length === 1);
    fake.dropAll();
    await expect(sending).rejects.toMatchObject({ fault: 'temporary', code: 'whatsapp.no-answer' });
    const offline = channel.send(customer.jid, host.outbound('c', { text: 'oi' }));
    await expect(offline).rejects.toMatchObject({ fault: 'temporary', code: 'whatsapp.offline' });
  });
  it('is sent again, with the same words, to a phone that could not read it, also after a restart', async () => {
    const { host, customer, device, trial, fake } = world;
    const { id } = await send({ text: 'oi' });
    await world.channel.disconnect();
    world.channel = trial.channel();
    await world.channel.connect(host);
    await trial.online(host);
    customer.signal.forget();
    customer.inbox.length = 0;
    customer.acknowledge(device, id, 'retry');
    await until(() => customer.inbox.length === 1);
    expect(customer.inbox[0]).toMatchObject({ id, message: { extendedTextMessage: { text: 'oi' } } });
    expect(fake.failures).toEqual([]);
  });
  it('begins no new session with somebody who has one', async () => {
    const { customer, device, host, fake, trial } = world;
    await customer.say(device, { conversation: 'oi' });
    await until(() => host.messages.length === 1);
    await send({ text: 'um' });
    await customer.say(device, { conversation: 'certo' });
    await until(() => host.messages.length === 2);
    fake.dropAll();
    await until(() => host.connections.at(-1)?.phase !== 'online');
    await trial.online(host);
    const bundles = customer.signal.bundles;
    await send({ text: 'dois' });
    expect(customer.signal.bundles).toBe(bundles);
  });
});

describe('gestures', () => {
  it('react, mark as read and show that somebody is writing', async () => {
    const { host, channel, customer, device } = world;
    await customer.say(device, { conversation: 'oi' });
    await until(() => host.messages.length === 1);
    const { externalId } = host.messages[0]!;
    const target = { externalId, mine: false, author: customer.jid };
    await channel.gesture?.(customer.jid, { type: 'react', target, emoji: '👍' });
    await channel.gesture?.(customer.jid, { type: 'react', target, emoji: null });
    await until(() => customer.inbox.length === 2);
    const reactions = customer.inbox.map(({ message }) => message.reactionMessage);
    expect(reactions).toMatchObject([
      { key: { id: externalId, fromMe: false }, text: '👍' },
      { key: { id: externalId, fromMe: false }, text: '' },
    ]);
    await channel.gesture?.(customer.jid, { type: 'read', targets: [target] });
    await until(() => customer.receipts.some(({ id, type }) => id === externalId && type === 'read'));
    await channel.gesture?.(customer.jid, { type: 'typing', on: true });
    await channel.gesture?.(customer.jid, { type: 'typing', on: false });
    await until(() => customer.states.length === 2);
    expect(customer.states).toEqual(['composing', 'paused']);
  });
  it('never throw, and keep the mark of reading back when it is not wanted', async () => {
    await world.end();
    world = await linked({}, { readReceipts: false });
    const { channel, customer, fake } = world;
    const target = { externalId: 'ABC', mine: false, author: customer.jid };
    await channel.gesture?.(customer.jid, { type: 'read', targets: [target] });
    await channel.gesture?.(customer.jid, { type: 'typing', on: true });
    await until(() => customer.states.length === 1);
    expect(customer.receipts).toEqual([]);
    fake.dropAll();
    await channel.gesture?.(customer.jid, { type: 'typing', on: true });
    await channel.disconnect();
    await channel.gesture?.(customer.jid, { type: 'typing', on: true });
  });
});

/** Sealed files that the library left among the temporary ones. */
async function left(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => /3EB0[0-9A-F]+-(enc|original)$/.test(name)).sort();
}
