import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { once, story } from '../support/story.ts';

const icon = readFileSync(fileURLToPath(new URL('../../console/public/favicon.svg', import.meta.url)));

describe('files', async () => {
  const desk = await story();
  const { admin, origin } = desk;
  const suporte = await desk.department('Suporte técnico');
  const financeiro = await desk.department('Financeiro');
  const lia = await desk.hire(admin, { name: 'Lia Ramos', departmentIds: [suporte] });
  const olga = await desk.hire(admin, { name: 'Olga Lima', departmentIds: [financeiro] });
  const picture = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#0a7' } })
    .jpeg()
    .toBuffer();

  async function upload(cookie: string, bytes: Uint8Array, name: string, type: string, fields: object = {}) {
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.set(field, String(value));
    form.set('file', new Blob([new Uint8Array(bytes)], { type }), name);
    const response = await fetch(`${origin}/api/v1/media`, { method: 'POST', headers: { cookie }, body: form });
    return { status: response.status, body: await response.json() };
  }
  const fetched = (id: string, cookie: string, headers: object = {}, what = '') =>
    fetch(`${origin}/api/v1/media/${id}${what}`, { headers: { cookie, ...headers } });

  it('are known by their bytes, named harmlessly, shown small', async () => {
    const { status, body } = await upload(lia.cookie, picture, '../../etc/\u202egpj.exe\u200b.jpg', 'text/html');
    expect(status).toBe(201);
    expect(body).toMatchObject({ kind: 'image', mime: 'image/jpeg', name: 'gpj.exe.jpg', width: 900, height: 600 });
    const small = await fetched(body.id, lia.cookie, {}, '/thumbnail');
    expect(small.headers.get('content-type')).toBe('image/webp');
    expect(await sharp(Buffer.from(await small.arrayBuffer())).metadata()).toMatchObject({ width: 480, height: 320 });
  });

  it('go with a reply, once, and are then seen by who sees the ticket', async () => {
    await desk.writes('oi', { from: '+5541990000001', name: 'Ivo' });
    const { id } = await desk.ticketOf('+5541990000001');
    const file = (await upload(lia.cookie, picture, 'foto.jpg', 'image/jpeg')).body;
    expect((await fetched(file.id, admin.cookie)).status).toBe(404);
    const stolen = await admin.post(`/tickets/${id}/messages`, once({ text: 'x', attachmentIds: [file.id] }));
    expect([stolen.status, stolen.body.error.code]).toEqual([404, 'media.not-found']);
    const act = once({ text: 'segue', attachmentIds: [file.id] });
    const sent = await lia.post(`/tickets/${id}/messages`, act);
    expect(sent.body).toMatchObject({ text: 'segue', attachments: [{ id: file.id, url: `/api/v1/media/${file.id}` }] });
    expect((await lia.post(`/tickets/${id}/messages`, act)).body.id).toBe(sent.body.id);
    const twice = await lia.post(`/tickets/${id}/messages`, once({ attachmentIds: [file.id] }));
    expect(twice.body.error.code).toBe('media.not-found');
    expect((await fetched(file.id, admin.cookie)).status).toBe(200);
    expect((await fetched(file.id, olga.cookie)).status).toBe(404);
    await expect
      .poll(async () => (await admin.get('/simulator/outbox?to=%2B5541990000001')).body.items)
      .toMatchObject([{ text: 'segue', attachments: [{ name: 'foto.jpg' }] }]);
  });

  it('become one message each where the network carries one file a message', async () => {
    await desk.writes('oi', { from: '+5541990000002', name: 'Bia' });
    const { id } = await desk.ticketOf('+5541990000002');
    const ids = [];
    for (const name of ['a.jpg', 'b.jpg']) ids.push((await upload(lia.cookie, picture, name, 'image/jpeg')).body.id);
    await lia.post(`/tickets/${id}/messages`, once({ text: 'duas', attachmentIds: ids }));
    const { items } = (await lia.get(`/tickets/${id}/messages`)).body;
    const ours = items.filter((item: { direction: string }) => item.direction === 'out');
    const shown = ours.map((item: { text: string; attachments: { name: string }[] }) => [
      item.text,
      item.attachments.map(({ name }) => name),
    ]);
    expect(shown).toEqual([
      ['duas', ['a.jpg']],
      ['', ['b.jpg']],
    ]);
  });

  it('of a message that was given up may go with another one', async () => {
    await desk.writes('oi', { from: '+5541990000003', name: 'Caio' });
    const { id } = await desk.ticketOf('+5541990000003');
    const channel = (await admin.get('/channels')).body.items.find(
      (one: { kind: string; simulated: boolean }) => one.kind === 'whatsapp' && one.simulated,
    );
    // A channel that is off holds its messages.
    await admin.patch(`/channels/${channel.id}`, { active: false });
    const file = (await upload(lia.cookie, picture, 'foto.jpg', 'image/jpeg')).body;
    const held = (await lia.post(`/tickets/${id}/messages`, once({ text: 'x', attachmentIds: [file.id] }))).body;
    expect(held.delivery.state).toBe('queued');
    const { body } = await lia.post(`/tickets/${id}/messages/${held.id}/discard`);
    expect(body.delivery.state).toBe('discarded');
    await admin.patch(`/channels/${channel.id}`, { active: true });
    const again = await lia.post(`/tickets/${id}/messages`, once({ text: 'de novo', attachmentIds: [file.id] }));
    expect(again.status).toBe(201);
    await expect
      .poll(async () =>
        (await admin.get('/simulator/outbox?to=%2B5541990000003')).body.items.map(({ text }: { text: string }) => text),
      )
      .toEqual(['de novo']);
  });

  it('come from pretended customers too, as answers to what they got', async () => {
    const from = '+5541990000002';
    const [first] = (await admin.get(`/simulator/outbox?to=${encodeURIComponent(from)}`)).body.items;
    const file = (await upload(admin.cookie, picture, 'dela.jpg', 'image/jpeg')).body;
    const body = { as: 'whatsapp', from, name: 'Bia', text: '', attachmentIds: [file.id], replyTo: first.id };
    expect((await admin.post('/simulator/messages', body)).status).toBe(201);
    const { id } = await desk.ticketOf(from);
    const last = (await lia.get(`/tickets/${id}/messages`)).body.items.at(-1);
    expect(last).toMatchObject({ attachments: [{ name: 'dela.jpg' }], replyTo: { preview: '📷 duas' } });
    expect((await fetched(file.id, lia.cookie)).status).toBe(200);
    expect((await admin.post('/simulator/messages', { as: 'whatsapp', from, name: 'Bia' })).body.error.code).toBe(
      'message.empty',
    );
  });

  it('that could run in a browser are only ever saved', async () => {
    for (const [bytes, name, type] of [
      [icon, 'x.svg', 'image/svg+xml'],
      [Buffer.from('<script>alert(1)</script>'), 'x.html', 'text/html'],
      [Buffer.from('%PDF-1.4\n'), 'x.pdf', 'application/pdf'],
    ] as const) {
      const { body } = await upload(lia.cookie, bytes, name, type);
      const response = await fetched(body.id, lia.cookie);
      expect(response.headers.get('content-disposition'), name).toMatch(/^attachment/);
      expect(response.headers.get('content-security-policy')).toMatch(/^sandbox;/);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect((await fetched(body.id, lia.cookie, {}, '/thumbnail')).status).toBe(404);
    }
  });

  it('are read in ranges', async () => {
    const { body } = await upload(lia.cookie, picture, 'foto.jpg', 'image/jpeg');
    const part = await fetched(body.id, lia.cookie, { range: 'bytes=10-19' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${picture.length}`]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(picture.subarray(10, 20));
    const tail = await fetched(body.id, lia.cookie, { range: 'bytes=-5' });
    expect(Buffer.from(await tail.arrayBuffer())).toEqual(picture.subarray(-5));
    expect((await fetched(body.id, lia.cookie, { range: `bytes=${picture.length}-` })).status).toBe(416);
  });

  it('that are empty, missing or not multipart are refused', async () => {
    expect((await upload(lia.cookie, Buffer.alloc(0), 'vazio.txt', 'text/plain')).body.error.code).toBe('media.empty');
    expect((await lia.post('/media', { file: 'x' })).body.error.code).toBe('input.invalid');
    const form = new FormData();
    form.set('kind', 'file');
    const none = await fetch(`${origin}/api/v1/media`, { method: 'POST', headers: { cookie: lia.cookie }, body: form });
    expect(none.status).toBe(400);
    const foreign = await fetch(`${origin}/api/v1/media`, {
      method: 'POST',
      headers: { cookie: lia.cookie, origin: 'https://evil.example' },
      body: form,
    });
    expect(foreign.status).toBe(403);
  });
});
