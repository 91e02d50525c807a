import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { whatsappWith } from '#channels/whatsapp/whatsapp.ts';
import { makerOf } from '#server/switchboard/kinds.ts';
import { FakeWhatsApp } from '../networks/whatsapp/server.ts';
import { once } from '../support/story.ts';
import { addChannel, bytesOf, deskAt, inPhase, manyMessages, messagesOf, onlyTicket, upload } from './networks.ts';

describe('a WhatsApp number at the desk', async () => {
  const fake = new FakeWhatsApp();
  await fake.start();
  afterAll(() => fake.stop());
  const owner = fake.phone('5511900001111', '11223344556677', 'Acme');
  const ana = fake.phone('5511988887777', '99887766554433', 'Ana');
  const quick = whatsappWith({
    pace: null,
    ackMs: 2_000,
    backoff: { firstMs: 40, mostMs: 200 },
    authority: fake.media.cert,
  });
  const desk = await deskAt(
    { whatsapp: fake.url },
    {
      makerOf: async (row: { kind: 'whatsapp'; simulated: boolean }) =>
        row.kind === 'whatsapp' && !row.simulated ? quick : await makerOf(row),
    },
  );
  const { admin } = desk;
  const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#06c' } })
    .png()
    .toBuffer();
  let channelId = '';
  // biome-ignore lint/suspicious/noExplicitAny: a ticket as JSON brings it
  let ticket: any;
  const device = () => [...fake.devices.values()].at(-1)!;

  it('is linked by a QR that only who asked for it sees', async () => {
    channelId = await addChannel(desk, { kind: 'whatsapp' }, 'off');
    const suporte = await desk.department('Suporte técnico');
    const other = await desk.hire(admin, { name: 'Outra Admin', role: 'admin', departmentIds: [suporte] });
    expect((await admin.post(`/channels/${channelId}/pair`, { method: 'qr' })).status).toBe(200);
    await inPhase(desk, channelId, 'pairing');
    const connection = async () => (await admin.get(`/channels/${channelId}`)).body.connection;
    await expect.poll(async () => (await connection()).qr ?? '', { timeout: 20_000 }).not.toBe('');
    expect((await other.get(`/channels/${channelId}`)).body.connection.qr).toBeUndefined();
    fake.scan((await connection()).qr, owner);
    await inPhase(desk, channelId, 'online');
    expect((await admin.get(`/channels/${channelId}`)).body).toMatchObject({
      account: '+5511900001111',
      connection: { phase: 'online', as: '+5511900001111' },
    });
    await expect.poll(() => device().active, { timeout: 20_000 }).toBe(true);
  });

  it('serves a customer with a picture, a quote and ticks', async () => {
    await ana.say(device(), { conversation: 'Bom dia' });
    ticket = await onlyTicket(desk, channelId);
    // Written to by the network's own number, shown by the one that people know.
    expect(ticket).toMatchObject({ channel: 'whatsapp', contact: { name: 'Ana' }, reach: '+5511988887777' });
    const sealed = await fake.media.put(picture, 'image');
    await ana.say(device(), { imageMessage: { ...sealed, mimetype: 'image/png', caption: 'olha' } });
    const [, photo] = await manyMessages(desk, ticket.id, 2);
    expect(photo).toMatchObject({ text: 'olha', attachments: [{ kind: 'image', width: 40 }] });
    expect(await bytesOf(desk, photo.attachments[0].url)).toEqual(picture);

    const file = await upload(desk, picture, 'recibo.png', 'image/png');
    const answer = once({ text: 'Segue o recibo', attachmentIds: [file.id], replyTo: photo.id });
    await admin.post(`/tickets/${ticket.id}/messages`, answer);
    await expect.poll(() => ana.inbox.length, { timeout: 20_000 }).toBe(1);
    const [got] = ana.inbox;
    expect(got?.message.imageMessage?.caption).toBe('Segue o recibo');
    expect(got?.message.imageMessage?.contextInfo?.stanzaId).toBeTruthy();
    const ours = async () => (await messagesOf(desk, ticket.id))[2];
    await expect.poll(async () => (await ours()).delivery.state).toBe('sent');
    ana.acknowledge(device(), got!.id);
    await expect.poll(async () => (await ours()).delivery.state).toBe('delivered');
    ana.acknowledge(device(), got!.id, 'read');
    await expect.poll(async () => (await ours()).delivery.state).toBe('read');
  });

  it('reacts, takes reactions, edits and deletions in', async () => {
    const all = await messagesOf(desk, ticket.id);
    const { body } = await admin.post(`/tickets/${ticket.id}/messages/${all[0].id}/react`, { emoji: '❤️' });
    expect(body.reactions).toMatchObject([{ emoji: '❤️', by: { kind: 'agent' } }]);
    await expect
      .poll(() => ana.inbox.map(({ message }) => message.reactionMessage?.text ?? null), { timeout: 20_000 })
      .toContain('❤️');
    const id = await ana.say(device(), { conversation: 'quero canselar' });
    await manyMessages(desk, ticket.id, 4);
    const key = { remoteJid: ana.jid, fromMe: true, id };
    await ana.say(device(), {
      protocolMessage: { type: 14, key, editedMessage: { conversation: 'quero cancelar' } },
    });
    await expect.poll(async () => (await messagesOf(desk, ticket.id))[3].text).toBe('quero cancelar');
    await ana.say(device(), { protocolMessage: { type: 0, key } });
    await expect.poll(async () => (await messagesOf(desk, ticket.id))[3].removedAt).not.toBeNull();
  });

  it('edits and takes back what was sent, at the customer’s too', async () => {
    const { body: sent } = await admin.post(`/tickets/${ticket.id}/messages`, once({ text: 'amanha' }));
    const path = `/tickets/${ticket.id}/messages/${sent.id}`;
    const shown = async () => (await messagesOf(desk, ticket.id)).find(({ id }: { id: string }) => id === sent.id);
    await expect.poll(async () => (await shown()).delivery.state, { timeout: 20_000 }).toBe('sent');
    const original = ana.inbox.at(-1)!;
    expect((await admin.post(`${path}/edit`, { text: 'amanhã' })).body.text).toBe('amanhã');
    const edit = ana.inbox.at(-1)!.message;
    const protocol = edit.protocolMessage ?? edit.editedMessage?.message?.protocolMessage;
    expect(protocol?.key?.id).toBe(original.id);
    const words = protocol?.editedMessage;
    expect(words?.conversation ?? words?.extendedTextMessage?.text).toBe('amanhã');
    expect((await admin.post(`${path}/remove`)).body.removedAt).not.toBeNull();
    expect(ana.inbox.at(-1)!.message.protocolMessage).toMatchObject({ key: { id: original.id } });
  });

  it('comes back by itself, with what waited, and stops when it is thrown out', async () => {
    fake.faults.upgrade = 503;
    fake.dropAll();
    await inPhase(desk, channelId, 'waiting');
    await admin.post(`/tickets/${ticket.id}/messages`, once({ text: 'na volta' }));
    await ana.say(device(), { conversation: 'ainda aí?' });
    fake.faults.upgrade = null;
    await inPhase(desk, channelId, 'online');
    await expect
      .poll(async () => (await messagesOf(desk, ticket.id)).map(({ text }: { text: string }) => text), {
        timeout: 20_000,
      })
      .toContain('ainda aí?');
    await expect
      .poll(() => ana.inbox.map(({ message }) => message.conversation ?? message.extendedTextMessage?.text), {
        timeout: 20_000,
      })
      .toContain('na volta');
    await expect
      .poll(async () => (await admin.get(`/channels/${channelId}`)).body.health.log[0])
      .toMatchObject({ phase: 'online', recovered: 1 });
    fake.logOut(device());
    await inPhase(desk, channelId, 'logged-out');
  });
});
