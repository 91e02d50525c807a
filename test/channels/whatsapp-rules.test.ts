import { mkdtemp, readdir, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backoffMs, verdictOf } from '#channels/whatsapp/multi-device/closing.ts';
import { deviceCache } from '#channels/whatsapp/multi-device/device-cache.ts';
import { quietLogger } from '#channels/whatsapp/multi-device/quiet.ts';
import { sweepUploads } from '#channels/whatsapp/multi-device/sweep.ts';
import { cardOf } from '#channels/whatsapp/multi-device/vcard.ts';
import { Bucket, composingMs } from '#channels/whatsapp/pace.ts';
import { canonicalPhone, registeredForms } from '#channels/whatsapp/phone-number.ts';

/** A clock that only `sleep` moves. */
function stillClock() {
  const clock = {
    at: 0,
    now: () => clock.at,
    sleep: async (ms: number) => {
      clock.at += ms;
    },
  };
  return clock;
}

describe('a phone number', () => {
  it.each([
    ['5511988887777', '+5511988887777'],
    ['551188887777', '+5511988887777'],
    ['553166667777', '+5531966667777'],
    ['551133334444', '+551133334444'],
    ['551153334444', '+551153334444'],
    ['14155552671', '+14155552671'],
    ['351912345678', '+351912345678'],
  ])('%s is %s', (digits, phone) => {
    expect(canonicalPhone(digits)).toBe(phone);
  });
  it('is looked up in both forms where there may be two', () => {
    expect(registeredForms('+55 (31) 98888-7777')).toEqual(['5531988887777', '553188887777']);
    expect(registeredForms('553188887777')).toEqual(['5531988887777', '553188887777']);
    expect(registeredForms('+55 11 3333-4444')).toEqual(['551133334444']);
    expect(registeredForms('+14155552671')).toEqual(['14155552671']);
  });
});

describe('the end of a socket', () => {
  const end = (code: number, from: 'server' | 'network' | 'here' = 'server') => ({ code, from, answered: true });
  it.each([
    [end(515), { next: 'at-once' }],
    [end(440), { next: 'elsewhere' }],
    [end(401), { next: 'logged-out', reason: 'whatsapp.logged-out' }],
    [end(403), { next: 'logged-out', reason: 'whatsapp.blocked' }],
    [end(401, 'network'), { next: 'later', reason: 'whatsapp.connection-lost' }],
    [end(403, 'network'), { next: 'later', reason: 'whatsapp.connection-lost' }],
    [end(405), { next: 'off', reason: 'whatsapp.version-refused' }],
    [end(500), { next: 'at-once' }],
    [end(500, 'network'), { next: 'later', reason: 'whatsapp.connection-lost' }],
    [end(503), { next: 'later', reason: 'whatsapp.unavailable' }],
    [end(777), { next: 'later', reason: 'whatsapp.unavailable' }],
  ] as const)('%o leads to %o', (closing, verdict) => {
    expect(verdictOf(closing, 1_000_000, null)).toEqual(verdict);
  });
  it('is final at the second bad session within ten minutes only', () => {
    expect(verdictOf(end(500), 1_000_000, 1_000_000 - 9 * 60_000).next).toBe('off');
    expect(verdictOf(end(500), 1_000_000, 1_000_000 - 11 * 60_000).next).toBe('at-once');
  });
  it('is followed by waits that double, up to the longest, a fifth more or less', () => {
    const limits = { firstMs: 1_000, mostMs: 60_000 };
    expect([1, 2, 3, 6, 7, 40].map((tries) => backoffMs(tries, limits, 0.5))).toEqual([
      1_000, 2_000, 4_000, 32_000, 60_000, 60_000,
    ]);
    expect([backoffMs(1, limits, 0), backoffMs(1, limits, 1)]).toEqual([800, 1_200]);
  });
});

describe('the pace of a number', () => {
  const pace = { perSecond: 1, burst: 3, composing: [500, 2_000] as [number, number] };
  it('lets three go at once and then one a second, in order', async () => {
    const clock = stillClock();
    const bucket = new Bucket(pace, clock);
    const signal = new AbortController().signal;
    const times: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      await bucket.take(signal);
      times.push(clock.now());
    }
    expect(times).toEqual([0, 0, 0, 1_000, 2_000, 3_000]);
    const order: number[] = [];
    await Promise.all([0, 1, 2].map((n) => bucket.take(signal).then(() => order.push(n))));
    expect(order).toEqual([0, 1, 2]);
    clock.at += 60_000;
    const before = clock.now();
    for (let n = 0; n < 3; n += 1) await bucket.take(signal);
    expect(clock.now()).toBe(before);
  });
  it('holds nobody back once it is over', async () => {
    const clock = { now: () => 0, sleep: async () => undefined };
    const bucket = new Bucket(pace, clock);
    const over = AbortSignal.abort();
    for (let n = 0; n < 9; n += 1) await bucket.take(over);
  });
  it('writes for half a second to two', () => {
    expect([composingMs(pace, 0), composingMs(pace, 1)]).toEqual([500, 2_000]);
  });
});

describe('what stays inside', () => {
  it('a logger passes fixed words and codes only', () => {
    const lines: string[] = [];
    const logger = quietLogger((line, about) => lines.push(`${line} ${JSON.stringify(about)}`));
    logger
      .child({ jid: '5511988887777@s.whatsapp.net' })
      .error({ err: { message: 'segredo', output: { statusCode: 408 } } }, 'failed');
    logger.warn('could not send to 5511988887777@s.whatsapp.net: k8aJ2mP0q7xT5vR1zW9yB4nC6dE3fG');
    logger.warn({ body: 'segredo' });
    logger.info({ body: 'segredo' }, 'segredo');
    logger.trace({ body: 'segredo' }, 'segredo');
    expect(lines).toEqual([
      'whatsapp library {"severity":"error","words":"failed","code":408}',
      'whatsapp library {"severity":"warn","words":"could not send to … …"}',
    ]);
  });
  it('uploads that a dead process left are swept, others are not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sweep-'));
    const old = new Date(Date.now() - 2 * 60 * 60 * 1_000);
    for (const [name, aged] of [
      ['image3EB0AABBCCDDEEFF001122-enc', true],
      ['video3EB0AABBCCDDEEFF001122-original', true],
      ['image3EB0AABBCCDDEEFF001133-enc', false],
      ['notes-enc', true],
    ] as const) {
      await writeFile(join(folder, name), 'x');
      if (aged) await utimes(join(folder, name), old, old);
    }
    await sweepUploads(folder);
    expect((await readdir(folder)).sort()).toEqual(['image3EB0AABBCCDDEEFF001133-enc', 'notes-enc']);
  });
  it('devices are remembered for a day', async () => {
    let now = 0;
    const cache = deviceCache(() => now);
    await cache.set('a', [1]);
    now = 23 * 60 * 60 * 1_000;
    expect(cache.get('a')).toEqual([1]);
    now = 25 * 60 * 60 * 1_000;
    expect(cache.get('a')).toBeUndefined();
  });
  it('a card of any shape is read', () => {
    expect(cardOf('', 'X')).toEqual({ name: 'X', phones: [], emails: [] });
    expect(cardOf('FN:A\r\n B\r\nTEL:tel:+55\r\nTEL:\r\nnonsense', 'X')).toEqual({
      name: 'AB',
      phones: ['+55'],
      emails: [],
    });
  });
});
