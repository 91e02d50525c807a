import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Check } from '#channels/channel.ts';
import { telegramProbe } from '#channels/telegram/probe.ts';
import { botOf, telegramSettings } from '#channels/telegram/settings.ts';
import { FakeTelegram } from '../networks/telegram/fake-telegram.ts';
import { faults } from '../networks/telegram/faults.ts';

let fake: FakeTelegram;
const checks: Check[] = [];

beforeEach(async () => {
  fake = await FakeTelegram.start();
  checks.length = 0;
});
afterEach(() => fake.stop());

const endpoints = () => ({ whatsapp: null, telegram: fake.url, insecure: true });
const probe = (settings: unknown = { token: fake.token }) =>
  telegramProbe(settings, endpoints(), (check) => checks.push(check));

function picture(bytes: number, told = bytes): Buffer {
  const file = {
    told,
    id: 'profile',
    path: 'profile/1.jpg',
    name: '1.jpg',
    mime: 'image/jpeg',
    bytes: Buffer.alloc(bytes, 7),
  };
  fake.chats.files.set(file.id, file);
  return file.bytes;
}

describe('trying a Telegram bot', () => {
  it('finds who it is, its picture and the link to it', async () => {
    const photo = picture(5_000);
    const found = await probe();
    expect(found).toMatchObject({
      ok: true,
      as: fake.botId,
      name: 'Acme @acme_desk_bot',
      settings: { username: 'acme_desk_bot', link: 'https://t.me/acme_desk_bot' },
    });
    expect(photo.equals(found.photo!)).toBe(true);
    expect(checks).toMatchObject([
      { step: 'telegram.token', ok: true, code: null, detail: null },
      { step: 'telegram.webhook', ok: true, code: null, detail: null },
    ]);
    expect(fake.called('getUpdates')).toEqual([]);
  });
  it('does without a picture that is too large, gone, or not there', async () => {
    expect((await probe()).photo).toBeNull();
    picture(256 * 1024 + 1);
    expect((await probe()).photo).toBeNull();
    expect(fake.called('getFile')).toEqual([]);
    picture(256 * 1024 + 1, 100);
    expect((await probe()).photo).toBeNull();
    picture(1_000);
    fake.faults.plan('file', faults.notFound);
    expect(await probe()).toMatchObject({ ok: true, photo: null });
  });
  it('says where a webhook points, without its secret path, and leaves it', async () => {
    fake.webhook = 'https://crm.example/hook/very-secret';
    expect((await probe()).ok).toBe(true);
    expect(checks[1]).toMatchObject({ ok: true, code: 'telegram.webhook-elsewhere', detail: 'crm.example' });
    expect(JSON.stringify(checks)).not.toContain('very-secret');
    expect(fake.webhook).not.toBe('');
  });
  it('says that a token is not valid', async () => {
    expect(await probe({ token: `${fake.token}x` })).toEqual({
      ok: false,
      as: '',
      name: null,
      photo: null,
      settings: {},
    });
    expect(checks).toMatchObject([
      { step: 'telegram.token', ok: false, code: 'telegram.token', detail: 'Unauthorized' },
    ]);
  });
  it('says that Telegram cannot be reached', async () => {
    await fake.stop();
    expect((await probe()).ok).toBe(false);
    await fake.listen();
    expect(checks).toMatchObject([{ step: 'telegram.token', ok: false, code: 'telegram.unreachable' }]);
  });
  it('names the field of settings that cannot be tried', async () => {
    await expect(probe({ token: 'x' })).rejects.toMatchObject({ fault: 'refused', field: 'token' });
    expect(fake.calls).toEqual([]);
  });
  it('takes its own findings back as settings, and a token with spaces around it', async () => {
    const { settings } = await probe();
    expect(telegramSettings({ token: ` ${fake.token}\n`, ...settings, other: 1 })).toEqual({
      token: fake.token,
      groups: 'ignore',
      username: 'acme_desk_bot',
      link: 'https://t.me/acme_desk_bot',
    });
    const odd = telegramSettings({ token: fake.token, username: 'x/../y', link: 'javascript:alert(1)' });
    expect(odd).toEqual({ token: fake.token, groups: 'ignore' });
  });
  it.each([
    ['http://api.example', false],
    ['ftp://api.example', true],
    ['api.example', true],
  ])('does not talk to %s', (telegram, insecure) => {
    expect(() => botOf({ token: fake.token }, { whatsapp: null, telegram, insecure })).toThrow('telegram.endpoint');
  });
});
