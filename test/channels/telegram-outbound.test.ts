import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wayOf } from '#channels/telegram/ways.ts';
import type { Attachment, Content } from '#shared/message.ts';
import { faults } from '../networks/telegram/faults.ts';
import { ana, attached, big, online, say, seen, to } from '../networks/telegram/world.ts';

const file = (kind: Attachment['kind'], mime: string, more: Partial<Attachment> = {}): Attachment => ({
  id: '1',
  kind,
  name: 'a',
  mime,
  bytes: 1_000,
  width: null,
  height: null,
  seconds: null,
  thumbnail: false,
  ...more,
});

describe('how a file is sent to Telegram', () => {
  it.each([
    [file('image', 'image/jpeg'), 'sendPhoto'],
    [file('image', 'image/png', { width: 8_000, height: 2_000 }), 'sendPhoto'],
    [file('image', 'image/png', { width: 8_001, height: 2_000 }), 'sendDocument'],
    [file('image', 'image/png', { width: 2_100, height: 100 }), 'sendDocument'],
    [file('image', 'image/jpeg', { bytes: 10_000_001 }), 'sendDocument'],
    [file('image', 'image/svg+xml'), 'sendDocument'],
    [file('image', 'image/gif'), 'sendAnimation'],
    [file('video', 'video/mp4'), 'sendVideo'],
    [file('video', 'video/webm'), 'sendDocument'],
    [file('audio', 'audio/mpeg'), 'sendAudio'],
    [file('audio', 'audio/wav'), 'sendDocument'],
    [file('voice', 'audio/ogg'), 'sendVoice'],
    [file('voice', 'audio/mp4'), 'sendVoice'],
    [file('voice', 'audio/wav'), 'sendDocument'],
    [file('sticker', 'image/webp'), 'sendSticker'],
    [file('sticker', 'image/png'), 'sendDocument'],
    [file('file', 'image/png'), 'sendDocument'],
  ])('%o goes by %s', (attachment, method) => {
    expect(wayOf(attachment)).toMatchObject({ method });
    expect(wayOf(attachment)).not.toHaveProperty('remux');
  });
  it.each([
    ['image', 'image/png', 'photo'],
    ['video', 'video/mp4', 'video'],
    ['audio', 'audio/mpeg', 'audio'],
    ['voice', 'audio/ogg', 'voice'],
    ['file', 'application/pdf', 'document'],
  ] as const)('a %s arrives whole, with its name and caption', async (kind, mime, shown) => {
    const world = await online();
    const name = 'relatório "final" 100% %22.bin';
    const sent = await say(world, {
      text: 'segue',
      attachments: [attached(world, { kind, mime, name, seconds: 12.4 })],
    });
    expect(seen(world)).toMatchObject([{ text: 'segue', file: { kind: shown, name: name.replace('%22', '"'), mime } }]);
    expect(seen(world)[0]?.file?.bytes.equals(big)).toBe(true);
    expect(seen(world)[0]?.file?.seconds).toBe(['video', 'audio', 'voice'].includes(kind) ? 12 : null);
    expect(sent).toEqual({ externalId: `${ana}:${seen(world)[0]!.messageId}` });
  });
  it('a voice note of a browser arrives as Ogg, as long as it was', async () => {
    const world = await online();
    const webm = readFileSync(new URL('./samples/voice-note.webm', import.meta.url));
    await say(world, {
      text: '',
      attachments: [attached(world, { kind: 'voice', mime: 'audio/webm', name: 'v.webm' }, webm)],
    });
    expect(seen(world)).toMatchObject([{ file: { kind: 'voice', mime: 'audio/ogg', seconds: 3 } }]);
    expect(seen(world)[0]?.file?.bytes.toString('latin1', 0, 4)).toBe('OggS');
  });
  it('a recording that is no voice note arrives as a document', async () => {
    const world = await online();
    await say(world, {
      text: '',
      attachments: [attached(world, { kind: 'voice', mime: 'video/webm', name: 'v.webm' })],
    });
    expect(seen(world)).toMatchObject([{ file: { kind: 'document', name: 'v.webm' } }]);
    expect(seen(world)[0]?.file?.bytes.equals(big)).toBe(true);
  });
  it('places and cards arrive as such', async () => {
    const world = await online();
    await say(world, { text: '', place: { latitude: -30, longitude: -51, name: '', address: '' } });
    await say(world, { text: '', place: { latitude: -30, longitude: -51, name: 'Loja', address: '' } });
    await say(world, { text: '', cards: [{ name: 'Rui', phones: ['+5551'], emails: [] }] });
    expect(seen(world)).toMatchObject([
      { place: { latitude: -30, longitude: -51, name: '' } },
      { place: { name: 'Loja', address: 'Loja' } },
      { card: { phone: '+5551', name: 'Rui' } },
    ]);
  });
  it.each<[string, Content, string]>([
    ['nothing', { text: '' }, 'telegram.empty'],
    [
      'a place with a text',
      { text: 'aqui', place: { latitude: 1, longitude: 2, name: '', address: '' } },
      'telegram.one-thing',
    ],
    ['two files', { text: '', attachments: [file('file', 'a/b'), file('file', 'a/b')] }, 'telegram.one-thing'],
    ['a file that is gone', { text: '', attachments: [file('file', 'a/b', { id: 'nope' })] }, 'media.not-found'],
  ])('%s is refused before it is claimed', async (_what, content, code) => {
    const world = await online();
    const message = world.host.outbound(to, content);
    await expect(world.channel.send(to, message)).rejects.toMatchObject({ fault: 'refused', code });
    expect(message.claimed).toEqual([]);
    expect(seen(world)).toEqual([]);
  });
});

describe('words sent to Telegram', () => {
  it('arrive as they were typed, markup too', async () => {
    const world = await online();
    await say(world, { text: '<b>oi</b> *x* _y_ `z` <' });
    expect(seen(world)[0]?.text).toBe('<b>oi</b> *x* _y_ `z` <');
    expect(world.fake.called('sendMessage')[0]).not.toHaveProperty('parse_mode');
  });
  it('answer to a message of this chat; one of elsewhere, or gone, holds nothing back', async () => {
    const world = await online();
    const { messageId } = world.customer.write('qual?');
    const answer = async (externalId: string) =>
      say(world, { text: 'este' }, { replyTo: { externalId, mine: false, author: to, text: 'qual?' } });
    for (const target of [`${ana}:${messageId}`, `${ana}:999`, `77:${messageId}`, 'update:1000']) await answer(target);
    expect(seen(world).map(({ replyTo }) => replyTo)).toEqual([messageId, null, null, null]);
  });
  it('are edited and deleted, each once although told twice', async () => {
    const world = await online();
    const first = await say(world, { text: 'amanha' });
    const changes = 'externalId' in first ? first.externalId : '';
    for (let n = 0; n < 2; n += 1)
      expect(await say(world, { text: 'amanhã' }, { changes })).toEqual({ externalId: changes });
    expect(seen(world)).toMatchObject([{ text: 'amanhã', edits: ['amanha'] }]);
    for (let n = 0; n < 2; n += 1) await say(world, { text: '' }, { changes, content: null });
    expect(seen(world)).toMatchObject([{ deleted: true }]);
    const late = say(world, { text: 'tarde' }, { changes });
    await expect(late).rejects.toMatchObject({ fault: 'refused', code: 'telegram.not-editable' });
  });
  it('of a caption are edited as such', async () => {
    const world = await online();
    const content = { text: 'a', attachments: [attached(world, { kind: 'image', mime: 'image/png', name: 'a.png' })] };
    const sent = await say(world, content);
    const changes = 'externalId' in sent ? sent.externalId : '';
    await world.host.outbound(to, content).claim(changes);
    await say(world, { text: 'b' }, { changes });
    expect(seen(world)).toMatchObject([{ text: 'b', edits: ['a'] }]);
  });
  it('are edited again when there was no answer: that is harmless', async () => {
    const world = await online();
    const sent = await say(world, { text: 'a' });
    const changes = 'externalId' in sent ? sent.externalId : '';
    world.fake.faults.plan('editMessageText', faults.cutAfter);
    await expect(say(world, { text: 'b' }, { changes })).rejects.toMatchObject({ fault: 'temporary' });
    await say(world, { text: 'b' }, { changes });
    expect(seen(world)).toMatchObject([{ text: 'b', edits: ['a'] }]);
  });
  it('are accompanied by gestures, of which only a reaction says that it failed', async () => {
    const world = await online();
    const { messageId } = world.customer.write('oi');
    const target = { externalId: `${ana}:${messageId}`, mine: false, author: to };
    const { channel, fake } = world;
    await channel.gesture!(to, { type: 'react', target, emoji: '👍' });
    expect(fake.chat(ana).messages[0]?.reactions.bot).toBe('👍');
    await channel.gesture!(to, { type: 'react', target, emoji: null });
    expect(fake.chat(ana).messages[0]?.reactions.bot).toBeNull();
    await channel.gesture!(to, { type: 'typing', on: true });
    await channel.gesture!(to, { type: 'typing', on: false });
    await channel.gesture!(to, { type: 'read', targets: [target] });
    expect(fake.chat(ana).actions).toEqual(['typing']);
    fake.faults.plan('setMessageReaction', faults.badGateway);
    const refused = channel.gesture!(to, { type: 'react', target, emoji: '👍' });
    await expect(refused).rejects.toMatchObject({ code: 'channel.gesture-refused' });
    fake.faults.plan('sendChatAction', faults.badGateway);
    await channel.gesture!(to, { type: 'typing', on: true });
    await channel.gesture!('nowhere', { type: 'typing', on: true });
  });
});
