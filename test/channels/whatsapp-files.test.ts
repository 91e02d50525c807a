import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import type { proto } from '@whiskeysockets/baileys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageEvent } from '#channels/channel.ts';
import { picture } from './network.ts';
import { linked, until, type World } from './whatsapp-trial.ts';

let world: World;

beforeEach(async () => {
  world = await linked();
});
afterEach(async () => {
  await world.end();
});

/** Says something and answers what the desk got of it. */
async function said(message: proto.IMessage, options = {}) {
  const { host, customer, device } = world;
  const before = host.messages.length;
  const id = await customer.say(device, message, options);
  await until(() => host.messages.length > before);
  expect(host.messages[before]!.externalId).toBe(id);
  return host.messages[before]! as MessageEvent & { raw?: Uint8Array };
}

describe('files of customers', () => {
  const kinds = [
    ['image', 'imageMessage', { mimetype: 'image/png', caption: 'o modem' }, 'image', 'image.png'],
    ['video', 'videoMessage', { mimetype: 'video/mp4', seconds: 7 }, 'video', 'video.mp4'],
    ['audio', 'audioMessage', { mimetype: 'audio/mpeg', seconds: 3 }, 'audio', 'audio.mp3'],
    ['audio', 'audioMessage', { mimetype: 'audio/ogg; codecs=opus', ptt: true, seconds: 4 }, 'voice', 'voice.ogg'],
    ['document', 'documentMessage', { mimetype: 'application/pdf', fileName: 'boleto.pdf' }, 'file', 'boleto.pdf'],
    ['sticker', 'stickerMessage', { mimetype: 'image/webp' }, 'sticker', 'sticker.webp'],
  ] as const;
  it.each(kinds)('of kind %s in %s come byte for byte', async (type, field, fields, kind, name) => {
    const { host, fake } = world;
    const bytes = Buffer.concat(Array.from({ length: 5_000 }, (_, n) => Buffer.from(`${n} `)));
    const sealed = await fake.media.put(bytes, type);
    const { content } = await said({ [field]: { ...sealed, ...fields } });
    expect(content.missing).toBeUndefined();
    expect(content.attachments).toMatchObject([{ kind, name }]);
    expect(host.files.get(content.attachments![0]!.id)!.bytes.equals(bytes)).toBe(true);
    expect(content.text).toBe('caption' in fields ? fields.caption : '');
    if ('seconds' in fields) expect(content.attachments![0]!.seconds).toBe(fields.seconds);
  });
  it.each<[string, (sealed: Sealed) => Partial<Sealed>]>([
    ['whose bytes were changed', ({ directPath }) => change(directPath, (file) => flip(file, 3))],
    ['whose MAC was changed', ({ directPath }) => change(directPath, (file) => flip(file, file.length - 1))],
    ['whose MAC alone is wrong', ({ directPath }) => ({ fileEncSha256: rehashed(directPath) })],
    ['that is cut off', ({ directPath }) => change(directPath, (file) => file.subarray(0, -16))],
    ['whose digest is another', () => ({ fileSha256: Buffer.alloc(32, 1) })],
    ['that is gone', ({ directPath }) => change(directPath, () => null)],
    ['without a key', () => ({ mediaKey: Buffer.alloc(0) })],
    ['whose path leaves the host', () => ({ directPath: '//127.0.0.1:1/x' })],
  ])('%s are missing, and their message stays', async (_what, spoil) => {
    const { host, fake } = world;
    const sealed = await fake.media.put(picture, 'image');
    const spoilt = { ...sealed, ...spoil(sealed) };
    const { content, raw } = await said({ imageMessage: { ...spoilt, mimetype: 'image/png', caption: 'olha' } });
    expect(content).toEqual({ text: 'olha', missing: 'media' });
    expect(raw).toBeInstanceOf(Uint8Array);
    expect(host.files.size).toBe(0);
  });
  it('of one album say to which they belong', async () => {
    const { fake } = world;
    const imageMessage = { ...(await fake.media.put(picture, 'image')), mimetype: 'image/png' };
    const parentMessageKey = { remoteJid: 'x@s.whatsapp.net', fromMe: false, id: 'ALBUM1' };
    const messageContextInfo = { messageAssociation: { associationType: 1, parentMessageKey } };
    expect((await said({ imageMessage, messageContextInfo })).content.album).toBe('ALBUM1');
    const wrapped = { associatedChildMessage: { message: { imageMessage, messageContextInfo } } };
    expect((await said(wrapped, { id: 'CHILD2' })).content).toMatchObject({ album: 'ALBUM1', attachments: [{}] });
    expect((await said({ imageMessage })).content.album).toBeUndefined();
  });
  it('that are too big are not fetched, and said to be so', async () => {
    const { fake } = world;
    const sealed = await fake.media.put(picture, 'image');
    const { content } = await said({ imageMessage: { ...sealed, fileLength: 2 ** 40, mimetype: 'image/png' } });
    expect(content.missing).toBe('too-big');
    expect(fake.media.asked).toEqual([]);
  });
  it('of who has sent too many today are not fetched, and said to be so', async () => {
    const { host, fake } = world;
    const imageMessage = { ...(await fake.media.put(picture, 'image')), mimetype: 'image/png', caption: 'mais' };
    const { conversation } = await said({ conversation: 'oi' });
    host.tooMuchOf.add(conversation);
    expect((await said({ imageMessage })).content).toEqual({ text: 'mais', missing: 'quota' });
    expect(host.files.size).toBe(0);
  });
  it('of no bytes are missing', async () => {
    const sealed = await world.fake.media.put(Buffer.alloc(0), 'document');
    const { content } = await said({ documentMessage: { ...sealed, mimetype: 'text/plain', fileName: 'a.txt' } });
    expect(content.missing).toBe('media');
  });
  it('that were missing come when they are asked for again', async () => {
    const { channel, fake, host } = world;
    const sealed = await fake.media.put(picture, 'image');
    const file = fake.media.files.get(sealed.directPath)!;
    fake.media.files.delete(sealed.directPath);
    const { raw, key } = await said({ imageMessage: { ...sealed, mimetype: 'image/png' } });
    fake.media.files.set(sealed.directPath, file);
    const [event] = (await channel.reread?.(raw!)) ?? [];
    expect(event).toMatchObject({ type: 'message', key, content: { attachments: [{ kind: 'image' }] } });
    expect([...host.files.values()][0]!.bytes.equals(picture)).toBe(true);
  });
  it('that are gone come when the phone uploads them again', async () => {
    const { fake, host } = world;
    const gone = await fake.media.put(picture, 'image');
    const again = await fake.media.put(picture, 'image');
    const file = fake.media.files.get(gone.directPath)!;
    fake.media.files.delete(gone.directPath);
    fake.media.files.set(again.directPath, file);
    fake.uploadedAgain.set('AGAIN1', { ...gone, directPath: again.directPath });
    const { content } = await said({ imageMessage: { ...gone, mimetype: 'image/png' } }, { id: 'AGAIN1' });
    expect(content.attachments).toHaveLength(1);
    expect([...host.files.values()][0]!.bytes.equals(picture)).toBe(true);
  });
  it('stay with an edited caption, and an edit whose file cannot be had waits', async () => {
    const { host, customer, device, fake, trial } = world;
    const sealed = await fake.media.put(picture, 'image');
    const image = { ...sealed, mimetype: 'image/png', caption: 'o modem' };
    const { externalId: id } = await said({ imageMessage: image });
    const key = { remoteJid: trial.owner.jid, fromMe: true, id };
    const edit = (imageMessage: object) => ({ protocolMessage: { type: 14, key, editedMessage: { imageMessage } } });
    await customer.say(device, edit({ ...image, caption: 'o roteador' }));
    await customer.say(device, edit({ caption: 'sem o arquivo' }));
    await said({ conversation: 'fim' });
    expect(host.changes).toMatchObject([
      { target: id, content: { text: 'o roteador', attachments: [{ kind: 'image' }] } },
    ]);
    expect(host.unreadable).toMatchObject([{ reason: 'media' }]);
  });
  it('are never fetched from a host that the message names', async () => {
    const { fake } = world;
    let asked = 0;
    const trap = createServer((socket) => {
      asked += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    const address = trap.address() as { port: number };
    const sealed = await fake.media.put(picture, 'image');
    const url = `https://127.0.0.1:${address.port}${sealed.directPath}`;
    const { content } = await said({ imageMessage: { ...sealed, url, mimetype: 'image/png' } });
    expect(content.attachments).toHaveLength(1);
    expect(asked).toBe(0);
    await new Promise((resolve) => trap.close(resolve));
  });
});

type Sealed = Awaited<ReturnType<World['fake']['media']['put']>>;

/** Changes what lies at the media server; the message says what it said. */
function change(path: string, how: (file: Buffer) => Buffer | null): Partial<Sealed> {
  const { files } = world.fake.media;
  const changed = how(Buffer.from(files.get(path)!));
  if (changed === null) files.delete(path);
  else files.set(path, changed);
  return {};
}

/** Changes the MAC of a file; answers the digest of what lies there now. */
function rehashed(path: string): Buffer {
  change(path, (file) => flip(file, file.length - 1));
  return createHash('sha256').update(world.fake.media.files.get(path)!).digest();
}

function flip(file: Buffer, at: number): Buffer {
  file[at]! ^= 1;
  return file;
}
