import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { FakeTelegram } from '../networks/telegram/fake-telegram.ts';
import { faults } from '../networks/telegram/faults.ts';
import { once } from '../support/story.ts';
import {
  addChannel,
  bytesOf,
  deskAt,
  inPhase,
  manyMessages,
  messagesOf,
  onlyTicket,
  ticketsOf,
  upload,
} from './networks.ts';

describe('a Telegram bot at the desk', async () => {
  const fake = await FakeTelegram.start();
  const desk = await deskAt({ telegram: fake.url });
  afterAll(() => fake.stop());
  const { admin } = desk;
  const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#06c' } })
    .png()
    .toBuffer();
  const ana = fake.customer(77_001, 'Ana Paula');
  const config = { token: fake.token };

  it('is tried before it is added, and known by name', async () => {
    const { body } = await admin.post('/channels/probe', { kind: 'telegram', config });
    expect(body).toMatchObject({ ok: true, as: fake.botId });
    expect(body.checks.length).toBeGreaterThan(0);
    const wrong = await admin.post('/channels/probe', { kind: 'telegram', config: { token: 'x' } });
    expect(wrong.body.error).toMatchObject({ code: 'input.invalid', fields: { 'config.token': 'input.invalid' } });
  });

  it('serves a customer who writes, sends a picture and answers to what was said', async () => {
    const channelId = await addChannel(desk, { kind: 'telegram', config });
    const view = (await admin.get(`/channels/${channelId}`)).body;
    expect(view).toMatchObject({ account: fake.botId, config: { groups: 'ignore' } });
    expect(JSON.stringify(view)).not.toContain(fake.token);

    ana.write('Bom dia');
    const ticket = await onlyTicket(desk, channelId);
    expect(ticket).toMatchObject({ channel: 'telegram', contact: { name: 'Ana Paula' } });
    ana.send('photo', { name: 'foto.png', mime: 'image/png', bytes: picture, caption: 'olha' });
    const [, photo] = await manyMessages(desk, ticket.id, 2);
    expect(photo).toMatchObject({ text: 'olha', attachments: [{ kind: 'image', mime: 'image/png', width: 40 }] });
    expect(await bytesOf(desk, photo.attachments[0].url)).toEqual(picture);

    const file = await upload(desk, Buffer.from('%PDF-1.4 boleto'), 'boleto.pdf', 'application/pdf');
    const answer = once({ text: 'Segue o boleto', attachmentIds: [file.id], replyTo: photo.id });
    expect((await admin.post(`/tickets/${ticket.id}/messages`, answer)).status).toBe(201);
    const fromBot = () => fake.chat(77_001).messages.filter(({ from }) => from === 'bot');
    await expect.poll(() => fromBot().length, { timeout: 20_000 }).toBe(1);
    const [sent] = fromBot();
    expect(sent).toMatchObject({ text: 'Segue o boleto', file: { name: 'boleto.pdf' } });
    expect(sent?.replyTo).toBe(fake.chat(77_001).messages[1]?.messageId);

    ana.write('obrigada!', { replyTo: sent!.messageId });
    ana.react(sent!.messageId, '👍');
    const all = await manyMessages(desk, ticket.id, 4);
    expect(all[3]).toMatchObject({
      text: 'obrigada!',
      replyTo: { messageId: all[2].id, preview: '📎 Segue o boleto' },
    });
    await expect.poll(async () => (await messagesOf(desk, ticket.id))[2].reactions).toMatchObject([{ emoji: '👍' }]);
    expect((await messagesOf(desk, ticket.id))[2].delivery).toMatchObject({ state: 'sent' });

    const { messageId } = ana.write('quero canselar');
    await manyMessages(desk, ticket.id, 5);
    ana.edit(messageId, 'quero cancelar');
    await expect
      .poll(async () => (await messagesOf(desk, ticket.id))[4])
      .toMatchObject({ text: 'quero cancelar', editedAt: expect.any(String) });
    const { body } = await admin.get(`/tickets/${ticket.id}/events`);
    expect(body.events.at(-1)).toMatchObject({ act: 'message.edited', actor: { kind: 'customer' } });
  });

  it('takes a reaction off again that the network refuses', async () => {
    const [channel] = (await admin.get('/channels')).body.items.filter(
      (one: { kind: string; simulated: boolean }) => one.kind === 'telegram' && !one.simulated,
    );
    const { id } = await onlyTicket(desk, channel.id);
    const [first] = await messagesOf(desk, id);
    const reacts = (emoji: string) => admin.post(`/tickets/${id}/messages/${first.id}/react`, { emoji });
    const emojis = async () => (await messagesOf(desk, id))[0].reactions.map((one: { emoji: string }) => one.emoji);
    expect((await reacts('👍')).body.reactions).toMatchObject([{ emoji: '👍' }]);
    await expect.poll(() => fake.called('setMessageReaction').length).toBe(1);
    expect(await emojis()).toEqual(['👍']);
    fake.faults.plan('setMessageReaction', faults.notFound);
    expect((await reacts('🦖')).body.reactions).toMatchObject([{ emoji: '🦖' }]);
    await expect.poll(emojis, { timeout: 20_000 }).toEqual([]);
  });

  it('edits and takes back what was sent, at the customer’s too', async () => {
    const { items } = (await admin.get('/tickets')).body;
    const ticket = items.find((one: { contact: { name: string } }) => one.contact.name === 'Ana Paula');
    const { body: sent } = await admin.post(`/tickets/${ticket.id}/messages`, once({ text: 'amanha' }));
    const path = `/tickets/${ticket.id}/messages/${sent.id}`;
    const shown = async () => (await messagesOf(desk, ticket.id)).find(({ id }: { id: string }) => id === sent.id);
    await expect.poll(async () => (await shown()).delivery.state, { timeout: 20_000 }).toBe('sent');
    expect((await admin.post(`${path}/edit`, { text: 'amanhã' })).body).toMatchObject({
      text: 'amanhã',
      editedAt: expect.any(String),
    });
    expect(fake.chat(77_001).messages.at(-1)?.text).toBe('amanhã');
    expect((await admin.post(`${path}/remove`)).body).toMatchObject({ removedAt: expect.any(String) });
    expect(fake.chat(77_001).messages.at(-1)).toMatchObject({ deleted: true });
    expect((await admin.post(`${path}/remove`)).body.error.code).toBe('message.not-found');
    const { body } = await admin.get(`/tickets/${ticket.id}/events`);
    expect(body.events.slice(-2).map(({ act }: { act: string }) => act)).toEqual(['message.edited', 'message.removed']);
    expect(body.events.at(-1).actor.kind).toBe('agent');
  });

  it('shows a send whose fate nobody knows, and sends it again only when an agent says so', async () => {
    const bia = fake.customer(77_002, 'Bia');
    bia.write('oi');
    const { items } = (await admin.get('/tickets')).body;
    await expect.poll(async () => (await admin.get('/tickets')).body.items.length).toBeGreaterThan(items.length - 1);
    const find = async () =>
      (await admin.get('/tickets')).body.items.find((one: { contact: { name: string } }) => one.contact.name === 'Bia');
    await expect.poll(find).toBeTruthy();
    const ticket = await find();
    fake.faults.plan('sendMessage', { type: 'cut', taken: true });
    await admin.post(`/tickets/${ticket.id}/messages`, once({ text: 'chegou?' }));
    const ours = async () => (await messagesOf(desk, ticket.id)).at(-1);
    await expect.poll(async () => (await ours()).delivery.state, { timeout: 30_000 }).toBe('uncertain');
    const { id } = await ours();
    const path = `/tickets/${ticket.id}/messages/${id}`;
    expect((await admin.post(`${path}/confirm`)).body.delivery.state).toBe('sent');
    expect((await admin.post(`${path}/resend`)).body.error.code).toBe('message.moved-on');
    fake.faults.plan('sendMessage', faults.blocked);
    await admin.post(`/tickets/${ticket.id}/messages`, once({ text: 'de novo' }));
    await expect.poll(async () => (await ours()).delivery.state, { timeout: 30_000 }).toBe('failed');
    const failed = await ours();
    expect(failed.delivery.failure).toBe('telegram.blocked');
    await admin.post(`/tickets/${ticket.id}/messages/${failed.id}/resend`);
    await expect.poll(async () => (await ours()).delivery.state, { timeout: 30_000 }).toBe('sent');
  });

  it('holds what is written while it is down, and brings in what waited', async () => {
    const [channel] = (await admin.get('/channels')).body.items.filter(
      (one: { kind: string; simulated: boolean }) => one.kind === 'telegram' && !one.simulated,
    );
    const ticket = await (async () => {
      const { items } = (await admin.get('/tickets')).body;
      return items.find((one: { contact: { name: string } }) => one.contact.name === 'Ana Paula');
    })();
    await fake.stop();
    await inPhase(desk, channel.id, 'waiting');
    await admin.post(`/tickets/${ticket.id}/messages`, once({ text: 'na volta' }));
    expect((await messagesOf(desk, ticket.id)).at(-1).delivery.state).toBe('queued');
    ana.write('ainda aí?');
    await fake.listen();
    await inPhase(desk, channel.id, 'online');
    await expect
      .poll(async () => (await messagesOf(desk, ticket.id)).map((one: { text: string }) => one.text), {
        timeout: 20_000,
      })
      .toContain('ainda aí?');
    await expect
      .poll(() => fake.chat(77_001).messages.map(({ text }) => text), { timeout: 20_000 })
      .toContain('na volta');
    const { health } = (await admin.get(`/channels/${channel.id}`)).body;
    expect(health.log.map(({ phase }: { phase: string }) => phase).slice(0, 2)).toEqual(['online', 'waiting']);
  });

  it('goes on when its name or department changes, and connects anew with other settings', async () => {
    const { items: channels } = (await admin.get('/channels')).body;
    const { id } = channels.find(
      (one: { kind: string; simulated: boolean }) => one.kind === 'telegram' && !one.simulated,
    );
    const departmentId = await desk.department('Financeiro');
    const logins = fake.called('getMe').length;
    expect((await admin.patch(`/channels/${id}`, { name: 'Bot da loja', departmentId })).status).toBe(200);
    fake.customer(77_010, 'Nova').write('cheguei');
    const fresh = { contact: expect.objectContaining({ name: 'Nova' }), departmentId };
    await expect.poll(() => ticketsOf(desk, id), { timeout: 20_000 }).toContainEqual(expect.objectContaining(fresh));
    expect(fake.called('getMe')).toHaveLength(logins);
    expect((await admin.patch(`/channels/${id}`, { config })).status).toBe(200);
    await inPhase(desk, id, 'online');
    expect(fake.called('getMe').length).toBeGreaterThan(logins);
    const { removable, health } = (await admin.get(`/channels/${id}`)).body;
    expect(removable).toBe(false);
    expect(health.lastIn).not.toBeNull();
    const { body } = await admin.get('/me');
    const row = await (await desk.app.deskOf(body.company.id)).store.channels.byId(id);
    expect([row?.lastIn, row?.lastOut]).not.toContain(null);
  });

  it('refuses the same bot in a second channel', async () => {
    const channelId = await addChannel(desk, { kind: 'telegram', name: 'Outro', config }, 'off');
    const { connection, since } = (await admin.get(`/channels/${channelId}`)).body;
    expect(connection).toEqual({ phase: 'off', reason: 'channel.account-taken' });
    expect(since).not.toBeNull();
    expect((await admin.post(`/channels/${channelId}/remove`)).status).toBe(200);
    expect((await admin.get(`/channels/${channelId}`)).status).toBe(404);
    const [kept] = (await admin.get('/tickets')).body.items;
    expect((await admin.post(`/channels/${kept.channelId}/remove`)).body.error.code).toBe('channel.in-use');
  });
});
