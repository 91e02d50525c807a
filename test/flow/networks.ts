import { expect } from 'vitest';
import { type Story, story } from '../support/story.ts';

/** A desk whose networks are fakes on loopback. */
export async function deskAt(endpoints: { whatsapp?: string; telegram?: string }, overrides = {}): Promise<Story> {
  return await story({
    endpoints: { whatsapp: endpoints.whatsapp ?? null, telegram: endpoints.telegram ?? null, insecure: true },
    ...overrides,
  });
}

/** Adds a channel and waits until it is online (or in another phase that is waited for). */
export async function addChannel(desk: Story, body: object, phase = 'online'): Promise<string> {
  const departmentId = await desk.department('Suporte técnico');
  const { status, body: channel } = await desk.admin.post('/channels', { name: 'Rede', departmentId, ...body });
  expect(status, JSON.stringify(channel)).toBe(201);
  await inPhase(desk, channel.id, phase);
  return channel.id;
}

/** Resolves when the channel is in this phase. */
export async function inPhase(desk: Story, channelId: string, phase: string): Promise<void> {
  await expect
    .poll(async () => (await desk.admin.get(`/channels/${channelId}`)).body.connection, { timeout: 30_000 })
    .toMatchObject({ phase });
}

/** The open tickets of one channel, oldest first. */
export async function ticketsOf(desk: Story, channelId: string) {
  const { body } = await desk.admin.get('/tickets?limit=100&order=oldest');
  return body.items.filter((ticket: { channelId: string }) => ticket.channelId === channelId);
}

/** The only open ticket of a channel, once it is there. */
export async function onlyTicket(desk: Story, channelId: string) {
  await expect.poll(async () => (await ticketsOf(desk, channelId)).length, { timeout: 20_000 }).toBe(1);
  return (await ticketsOf(desk, channelId))[0];
}

/** What was said in a ticket, oldest first. */
export async function messagesOf(desk: Story, ticketId: string) {
  return (await desk.admin.get(`/tickets/${ticketId}/messages?limit=100`)).body.items;
}

/** Resolves with the messages of a ticket once there are so many. */
export async function manyMessages(desk: Story, ticketId: string, count: number) {
  await expect.poll(async () => (await messagesOf(desk, ticketId)).length, { timeout: 20_000 }).toBe(count);
  return await messagesOf(desk, ticketId);
}

/** Uploads a file as the admin. */
export async function upload(desk: Story, bytes: Buffer, name: string, type: string, fields: object = {}) {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, String(value));
  form.set('file', new Blob([new Uint8Array(bytes)], { type }), name);
  const headers = { cookie: desk.admin.cookie };
  const response = await fetch(`${desk.origin}/api/v1/media`, { method: 'POST', headers, body: form });
  expect(response.status).toBe(201);
  return await response.json();
}

/** The bytes of a file, as the admin reads them. */
export async function bytesOf(desk: Story, url: string): Promise<Buffer> {
  const response = await fetch(`${desk.origin}${url}`, { headers: { cookie: desk.admin.cookie } });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}
