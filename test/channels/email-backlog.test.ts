import { afterEach, describe, expect, it } from 'vitest';
import { until } from './email-network.ts';
import { ana, closeAll, connect, texts, world } from './email-world.ts';

afterEach(closeAll);

const numbers = (from: number, to: number): string => Array.from({ length: to - from + 1 }, (_, i) => from + i).join();

const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `mail ${i}`);

describe('a backlog', () => {
  it('is fetched by many mails at a time, in order', async () => {
    const { office: box, host, channel } = await world();
    await channel.disconnect();
    for (const text of numbered(40)) await box.receive({ ...ana, text });
    const next = host.next();
    await connect(box, next);
    await until(() => next.messages.length === 40);
    expect(texts(next)).toEqual(numbered(40));
    expect(box.imap.bodiesAsked).toEqual([numbers(1, 16), numbers(17, 32), numbers(33, 40)]);
  });

  it('loses nothing to a mail that breaks the connection whenever it is asked for', async () => {
    const { office: box, host, channel } = await world();
    await channel.disconnect();
    const uids: number[] = [];
    for (const text of numbered(6)) uids.push(await box.receive({ ...ana, text }));
    const bad = uids[3] as number;
    box.imap.breaking.add(bad);
    const next = host.next();
    await connect(box, next);
    await until(() => next.messages.length === 5);
    expect(texts(next)).toEqual(numbered(6).filter((text) => text !== 'mail 3'));
    // It alone was left behind, after it had been asked for by itself.
    expect(next.unreadable.map(({ reason }) => reason)).toEqual(['mail.unfetchable']);
    expect(box.imap.bodiesAsked.filter((set) => set === String(bad))).toHaveLength(5);
  });
});
