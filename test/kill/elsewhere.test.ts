import { afterAll, describe, expect, it } from 'vitest';
import { DeskUnderFire } from './desk-under-fire.ts';
import { telegramFront } from './fronts/telegram.ts';

describe('a bot that a restored backup serves as well', async () => {
  const front = await telegramFront();
  const [desk, restored] = [new DeskUnderFire(front.env), new DeskUnderFire(front.env)];
  const both = [desk, restored];
  const channelIds: string[] = [];
  afterAll(async () => {
    for (const one of both) one.close();
    await front.close();
  });

  const connections = async () =>
    await Promise.all(both.map((one, index) => one.connectionOf(channelIds[index] ?? '').catch(String)));
  const asked = 'quem me atende?';
  /** What the customer wrote, as often as this desk has it; samples lie beside it. */
  const textsAt = async (one: DeskUnderFire): Promise<string[]> => {
    const { body } = await one.call('GET', '/tickets?limit=100');
    const pages = body.items.map(({ id }: { id: string }) => one.call('GET', `/tickets/${id}/messages`));
    const all = (await Promise.all(pages)).flatMap((page) => page.body.items);
    return all.map(({ text }: { text: string }) => text).filter((text) => text === asked);
  };

  it('is served by one of the two, while the other one waits and says why', { timeout: 300_000 }, async () => {
    for (const one of both) {
      await one.start();
      await one.setUp();
      channelIds.push(await front.connect(one));
    }
    const waiting = expect.objectContaining({ phase: 'waiting', reason: 'channel.used-elsewhere' });
    await expect.poll(connections, { timeout: 30_000 }).toContainEqual(waiting);
    await expect.poll(connections, { timeout: 30_000 }).toContainEqual(expect.objectContaining({ phase: 'online' }));
    await front.write('um', asked);
    await expect.poll(async () => (await Promise.all(both.map(textsAt))).flat(), { timeout: 60_000 }).toEqual([asked]);
  });

  it('takes neither of them down', async () => {
    for (const one of both) {
      expect(one.printed()).not.toMatch(/unattended work failed|unhandled rejection/);
      expect(await one.stop()).toBe(0);
    }
  });
});
