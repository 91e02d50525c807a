import sharp from 'sharp';
import { afterAll, expect, it, vi } from 'vitest';
import { newClientId } from '#shared/client-id.ts';
import { FakeTelegram } from '../networks/telegram/fake-telegram.ts';
import { faults } from '../networks/telegram/faults.ts';
import { testApp } from '../support/app.ts';

const fake = await FakeTelegram.start();
afterAll(() => fake.stop());
const desk = await testApp({ endpoints: { whatsapp: null, telegram: fake.url, insecure: true } });

it('a Telegram bot serves a customer through the whole desk', async () => {
  const admin = await desk.setUp();
  const config = { token: fake.token };
  const probed = await admin.post('/channels/probe', { kind: 'telegram', config });
  expect(probed.body).toMatchObject({ ok: true, as: fake.botId, settings: { username: 'acme_desk_bot' } });
  const added = await admin.post('/channels', {
    kind: 'telegram',
    name: 'Telegram da loja',
    config: { ...config, ...probed.body.settings },
  });
  expect(added.status).toBe(201);
  const here = `/channels/${added.body.id}`;
  expect(JSON.stringify(added.body)).not.toContain(fake.token.split(':')[1]);
  await vi.waitFor(async () => expect((await admin.get(here)).body.connection.phase).toBe('online'), 10_000);

  const customer = fake.customer(4_242, 'Ana Paula Reis');
  customer.write('/start vendas');
  const white = { width: 60, height: 40, channels: 3, background: '#fff' } as const;
  const photo = await sharp({ create: white }).jpeg().toBuffer();
  customer.send('photo', { name: 'f.jpg', mime: 'image/jpeg', bytes: photo, caption: 'a conta' });
  const ticket = await vi.waitFor(async () => {
    const { body } = await admin.get('/tickets');
    const [found] = body.items.filter(({ channel }: { channel: string }) => channel === 'telegram');
    expect(found).toMatchObject({ contact: { name: 'Ana Paula Reis' } });
    return found;
  }, 10_000);
  const messages = `/tickets/${ticket.id}/messages`;
  const all = async () => (await admin.get(messages)).body.items;
  await vi.waitFor(async () => expect(await all()).toHaveLength(2), 10_000);

  const [first, second] = await all();
  expect(second).toMatchObject({ text: 'a conta', attachments: [{ kind: 'image', mime: 'image/jpeg' }] });
  await admin.post(`${messages}/${second.id}/react`, { emoji: '👍' });
  await vi.waitFor(() => expect(fake.chat(4_242).messages[1]?.reactions.bot).toBe('👍'), 10_000);
  await admin.post(messages, { text: 'Qual setor?', clientId: newClientId(), replyTo: first.id });
  await vi.waitFor(
    () => expect(fake.chat(4_242).messages.at(-1)).toMatchObject({ text: 'Qual setor?', replyTo: 1 }),
    10_000,
  );
  customer.edit(2, 'a conta de março');
  customer.react(3, '🙏');
  await vi.waitFor(async () => {
    const [, edited, asked] = await all();
    expect(edited).toMatchObject({ text: 'a conta de março', attachments: [{ kind: 'image' }] });
    expect(asked.reactions).toMatchObject([{ emoji: '🙏' }]);
  }, 10_000);

  const say = (text: string) => admin.post(messages, { text, clientId: newClientId() });
  const stateOf = async (text: string) => (await all()).find((one: { text: string }) => one.text === text)?.delivery;
  await say('Já vejo');
  await vi.waitFor(() => expect(fake.chat(4_242).messages.at(-1)?.text).toBe('Já vejo'), 10_000);
  await vi.waitFor(async () => expect(await stateOf('Já vejo')).toMatchObject({ state: 'sent' }), 10_000);
  fake.faults.plan('sendMessage', faults.cutAfter);
  await say('Chegou?');
  const uncertain = { state: 'uncertain', failure: 'telegram.no-answer' };
  await vi.waitFor(async () => expect(await stateOf('Chegou?')).toMatchObject(uncertain), 10_000);
  customer.block();
  await say('Oi?');
  const failed = { state: 'failed', failure: 'telegram.blocked' };
  await vi.waitFor(async () => expect(await stateOf('Oi?')).toMatchObject(failed), 10_000);
  expect(fake.chat(4_242).messages.filter(({ text }) => text === 'Chegou?')).toHaveLength(1);
});
