import { describe, expect, it, vi } from 'vitest';
import type { SentKind } from '../networks/telegram/files.ts';
import { webp } from '../networks/telegram/files.ts';
import { ana, online, openWorld } from '../networks/telegram/world.ts';

const bytes = (text: string) => Buffer.from(text.repeat(50_000));
const pdf = { name: 'boleto março.pdf', mime: 'application/pdf', bytes: bytes('%PDF') };

describe('a message from Telegram', () => {
  it('is keyed by where it stands, and so is the person', async () => {
    const { customer, host, quiet } = await online();
    const { messageId } = customer.write('Bom dia');
    await quiet();
    expect(host.messages).toMatchObject([
      {
        key: `${ana}:${messageId}`,
        externalId: `${ana}:${messageId}`,
        conversation: String(ana),
        from: { identities: [{ kind: 'telegram', value: String(ana) }], name: 'Ana Paula Reis', address: String(ana) },
        content: { text: 'Bom dia' },
      },
    ]);
    for (const absent of ['raw', 'replyTo', 'start', 'choice', 'backlog', 'fromDevice', 'auto']) {
      expect(host.messages[0]).not.toHaveProperty(absent);
    }
  });
  it.each<[SentKind, string, string, string]>([
    ['photo', 'image', 'photo.jpg', 'image/jpeg'],
    ['video', 'video', 'arquivo.mp4', 'video/mp4'],
    ['animation', 'video', 'arquivo.mp4', 'video/mp4'],
    ['video_note', 'video', 'video.mp4', 'video/mp4'],
    ['audio', 'audio', 'arquivo.mp4', 'video/mp4'],
    ['voice', 'voice', 'voice.ogg', 'video/mp4'],
    // Without a kind of its own: the desk tells it by the bytes.
    ['document', 'file', 'arquivo.mp4', 'video/mp4'],
    ['sticker', 'sticker', 'sticker.webp', 'image/webp'],
  ])('brings %s as %s, byte for byte', async (sent, kind, name, mime) => {
    const { customer, host, quiet } = await online();
    const file = bytes(sent);
    customer.send(sent, { name: 'arquivo.mp4', mime: 'video/mp4', bytes: file, seconds: 7, caption: 'veja' });
    await quiet();
    const [attachment] = host.messages[0]!.content.attachments!;
    expect(attachment).toMatchObject({ kind, name, mime, bytes: file.length });
    expect(host.files.get(attachment!.id)?.bytes.equals(file)).toBe(true);
    expect(host.messages[0]?.content.text).toBe('veja');
    if (!['photo', 'document', 'sticker'].includes(sent)) expect(attachment?.seconds).toBe(7);
  });
  it('shows the still picture of an animated sticker', async () => {
    const { customer, host, quiet } = await online();
    customer.send('sticker', { name: 's.tgs', mime: 'application/x-tgsticker', bytes: bytes('tgs'), animated: true });
    await quiet();
    expect(host.files.get(host.messages[0]!.content.attachments![0]!.id)?.bytes).toEqual(webp);
  });
  it('is one of its own for each part of an album, in order', async () => {
    const { customer, host, quiet } = await online();
    const parts = ['a', 'b', 'c'].map((caption) => ({
      kind: 'document' as const,
      ...pdf,
      bytes: bytes(caption),
      caption,
    }));
    const written = customer.album(parts);
    await quiet();
    expect(host.messages.map(({ key }) => key)).toEqual(written.map(({ messageId }) => `${ana}:${messageId}`));
    expect(host.messages.map(({ content }) => content.text)).toEqual(['a', 'b', 'c']);
    expect(host.messages.every(({ content }) => content.attachments?.length === 1)).toBe(true);
    expect(new Set(host.messages.map(({ content }) => content.album)).size).toBe(1);
    expect(host.messages[0]?.content.album).toMatch(/^\d+$/);
  });
  it('brings places, cards and dice', async () => {
    const { customer, host, quiet } = await online();
    customer.place(-30.03, -51.23);
    customer.place(-30.03, -51.23, { title: 'Loja Centro', address: 'Rua A, 1' });
    customer.contact('5551999990000', 'Rui', 'BEGIN:VCARD\r\nEMAIL;TYPE=work:rui@loja.example\r\nEND:VCARD');
    customer.say({ dice: { emoji: '🎲', value: 4 } });
    await quiet();
    expect(host.messages.map(({ content }) => content)).toEqual([
      { text: '', place: { latitude: -30.03, longitude: -51.23, name: '', address: '' } },
      { text: '', place: { latitude: -30.03, longitude: -51.23, name: 'Loja Centro', address: 'Rua A, 1' } },
      { text: '', cards: [{ name: 'Rui', phones: ['+5551999990000'], emails: ['rui@loja.example'] }] },
      { text: '🎲 4' },
    ]);
  });
  it('keeps the address of a link that stands behind words', async () => {
    const { customer, host, quiet } = await online();
    const link = (offset: number, length: number, url: string) => ({ type: 'text_link', offset, length, url });
    const entities = [
      link(3, 4, 'https://a.example/x'),
      { type: 'bold', offset: 0, length: 2 },
      link(10, 5, 'https://b.example'),
    ];
    customer.say({ text: '👍 aqui e outro', entities });
    await quiet();
    const bare = 'https://c.example';
    customer.say({ text: bare, entities: [link(0, bare.length, bare)] });
    await quiet();
    expect(host.messages[0]?.content.text).toBe('👍 aqui (https://a.example/x) e outro (https://b.example)');
    expect(host.messages[1]?.content.text).toBe(bare);
  });
  it('names what it answers to, with the words that were quoted', async () => {
    const { customer, host, quiet } = await online();
    const first = customer.write('um dois três');
    customer.write('este', { replyTo: first.messageId, quote: 'dois' });
    await quiet();
    expect(host.messages[1]?.replyTo).toEqual({ externalId: `${ana}:${first.messageId}`, text: 'dois' });
  });
  it('belongs to its topic, whose first message is not answered to', async () => {
    const { customer, host, channel, fake, quiet } = await online();
    const begun = customer.say({ forum_topic_created: { name: 'Cobrança' } }, {}, { topic: 77 });
    customer.write('no tópico', { topic: 77, replyTo: begun.messageId });
    customer.write('fora');
    await quiet();
    expect(host.messages.map(({ conversation }) => conversation)).toEqual([`${ana}/77`, String(ana)]);
    expect(host.messages[0]).not.toHaveProperty('replyTo');
    await channel.send(host.messages[0]!.from.address, host.outbound('', { text: 'certo' }));
    expect(fake.chat(ana).messages.at(-1)).toMatchObject({ text: 'certo', topic: 77 });
  });
  it.each([
    ['/start ticket-2026_000123', 'ticket-2026_000123'],
    ['/start@acme_desk_bot vendas', 'vendas'],
    ['/start', undefined],
    ['/started x', undefined],
    [`/start ${'x'.repeat(65)}`, undefined],
  ])('tells what the deep link of %s carried', async (text, start) => {
    const { customer, host, quiet } = await online();
    customer.write(text);
    await quiet();
    expect(host.messages[0]?.start).toBe(start);
    expect(host.messages[0]?.content.text).toBe(text);
  });
  it('says that it waited while we were away, and only then', async () => {
    const { customer, host, channel, quiet } = await openWorld();
    customer.say({ text: 'ontem', date: Math.floor(Date.now() / 1_000) - 86_400 });
    await channel.connect(host);
    customer.write('agora');
    await quiet();
    expect(host.messages.map(({ content, backlog }) => [content.text, backlog])).toEqual([
      ['ontem', true],
      ['agora', undefined],
    ]);
    expect(Date.parse(host.messages[0]!.at)).toBeLessThan(Date.now() - 86_000_000);
  });
  it('is left out when it comes from a group, or is news of the chat itself', async () => {
    const { fake, customer, host, quiet } = await online();
    fake.customer(-100, 'Grupo').write('oi grupo');
    fake.customer(-1_001_234_567_890, 'Grupo grande').write('oi');
    customer.say({ pinned_message: {} });
    customer.say({ message_auto_delete_timer_changed: { message_auto_delete_time: 60 } });
    customer.write('eu');
    await quiet();
    expect(host.messages.map(({ content }) => content.text)).toEqual(['eu']);
  });
  it('of a business account goes to its own conversation, also when typed on its phone', async () => {
    const { fake, customer, host, channel, quiet } = await online();
    const chat = { id: ana, type: 'private', first_name: 'Ana' };
    const common = { chat, date: Math.floor(Date.now() / 1_000), business_connection_id: 'Bz-1' };
    const from = { id: ana, is_bot: false, first_name: 'Ana' };
    customer.write('comigo mesmo');
    fake.updates.add({ business_message: { ...common, message_id: 1, from, text: 'oi loja' } });
    fake.updates.add({ business_message: { ...common, message_id: 2, from: { ...from, id: 99 }, text: 'do celular' } });
    const bot = { id: 7, is_bot: true, first_name: 'Acme' };
    fake.updates.add({
      business_message: { ...common, message_id: 3, from: bot, sender_business_bot: bot, text: 'nosso' },
    });
    fake.updates.add({ deleted_business_messages: { business_connection_id: 'Bz-1', chat, message_ids: [1] } });
    await quiet();
    expect(host.messages.map(({ key, conversation, fromDevice }) => [key, conversation, fromDevice])).toEqual([
      [`${ana}:1`, String(ana), undefined],
      [`${ana}@Bz-1:1`, `${ana}@Bz-1`, undefined],
      [`${ana}@Bz-1:2`, `${ana}@Bz-1`, true],
    ]);
    expect(host.messages.every(({ from }) => from.identities[0]?.value === String(ana))).toBe(true);
    expect(host.changes).toMatchObject([{ target: `${ana}@Bz-1:1`, content: null }]);
    const sent = await channel.send(`${ana}@Bz-1`, host.outbound('', { text: 'pela conta' }));
    expect(fake.called('sendMessage')[0]).toMatchObject({ business_connection_id: 'Bz-1', chat_id: ana });
    expect(sent).toMatchObject({ externalId: expect.stringMatching(new RegExp(`^${ana}@Bz-1:\\d+$`)) });
  });
});

describe('what Telegram brings beside messages', () => {
  it('edits once, also a caption with its file', async () => {
    const { customer, host, quiet, fake } = await online();
    const { messageId } = customer.write('amanha');
    const photo = customer.send('photo', { name: 'f.jpg', mime: 'image/jpeg', bytes: bytes('jpg'), caption: 'a' });
    const edit = customer.edit(messageId, 'amanhã', 1_790_000_000);
    customer.edit(photo.messageId, 'b');
    await quiet();
    expect(host.changes).toMatchObject([
      {
        key: `update:${edit.updateId}`,
        target: `${ana}:${messageId}`,
        at: new Date(1_790_000_000_000).toISOString(),
        content: { text: 'amanhã' },
      },
      { target: `${ana}:${photo.messageId}`, content: { text: 'b', attachments: [{ kind: 'image' }] } },
    ]);
    const place = { location: { latitude: 1, longitude: 2, live_period: 900 } };
    fake.updates.add({ edited_message: { ...customer.chat.messages[0]!.wire, ...place, text: undefined } });
    await quiet();
    expect(host.changes).toHaveLength(2);
  });
  it('reactions, and their end', async () => {
    const { customer, host, channel, quiet } = await online();
    const sent = await channel.send(String(ana), host.outbound('', { text: 'pronto' }));
    customer.react(1, '👍');
    customer.react(1, null);
    await quiet();
    const [first, second] = host.reactions;
    expect(first).toMatchObject({ target: 'externalId' in sent && sent.externalId, emoji: '👍' });
    expect(second).toMatchObject({ emoji: null });
    expect(first?.from.identities).toEqual([{ kind: 'telegram', value: String(ana) }]);
  });
  it('presses of a button, answered before they are stored', async () => {
    const { customer, host, fake, quiet } = await online();
    const wire = {
      reply_markup: { inline_keyboard: [[{ text: 'Segunda via', callback_data: 'menu:2' }]] },
      text: 'Menu',
    };
    const menu = fake.chats.say(customer.chat, 'bot', wire, { text: 'Menu' });
    const open = host.hold();
    const press = customer.press(menu.messageId, 'menu:2');
    await vi.waitFor(() => expect(fake.called('answerCallbackQuery')).toHaveLength(1));
    expect(host.messages).toEqual([]);
    open();
    await quiet();
    expect(host.messages).toMatchObject([
      {
        key: `update:${press.updateId}`,
        choice: 'menu:2',
        content: { text: 'Segunda via' },
        replyTo: { externalId: `${ana}:${menu.messageId}` },
      },
    ]);
  });
  it('presses are stored although they cannot be answered any more', async () => {
    const { customer, host, fake, quiet } = await online();
    fake.faults.plan('answerCallbackQuery', {
      type: 'answer',
      status: 400,
      description: 'Bad Request: query is too old',
    });
    const menu = fake.chats.say(customer.chat, 'bot', { text: 'Menu' }, {});
    customer.press(menu.messageId, 'x');
    await quiet();
    expect(host.messages).toMatchObject([{ choice: 'x', content: { text: 'x' } }]);
  });
  it('the news that a customer blocked the bot, who is then refused', async () => {
    const { customer, host, channel, quiet } = await online();
    customer.block();
    await quiet();
    expect(host.logged).toEqual([expect.stringContaining('blocked the bot')]);
    const sent = channel.send(String(ana), host.outbound('', { text: 'oi?' }));
    await expect(sent).rejects.toMatchObject({ fault: 'refused', code: 'telegram.blocked' });
  });
});
