import { describe, expect, it } from 'vitest';
import { ChannelError } from '#channels/channel.ts';
import { dayQuota } from '#server/switchboard/day-quota.ts';

async function* bytes(...sizes: number[]): AsyncGenerator<Uint8Array> {
  for (const size of sizes) yield Buffer.alloc(size);
}

async function count(all: AsyncIterable<Uint8Array>): Promise<number> {
  let sum = 0;
  for await (const chunk of all) sum += chunk.length;
  return sum;
}

describe('the quota of a day', () => {
  it('is each customer’s own, up to the last byte, and new the next day', async () => {
    let now = '2026-11-26T10:00:00.000Z';
    const quota = dayQuota(100, () => now);
    expect(await count(quota.counted('ana', bytes(40, 40)))).toBe(80);
    expect(await count(quota.counted('ana', bytes(20)))).toBe(20);
    const more = count(quota.counted('ana', bytes(1)));
    await expect(more).rejects.toThrow(new ChannelError('refused', 'media.quota'));
    expect(await count(quota.counted('bia', bytes(100)))).toBe(100);
    now = '2026-11-27T00:00:00.000Z';
    expect(await count(quota.counted('ana', bytes(100)))).toBe(100);
  });
});
