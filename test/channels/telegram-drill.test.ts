import { describe, expect, it, vi } from 'vitest';
import { type Fault, faults } from '../networks/telegram/faults.ts';
import { channelAt, openWorld, testPace } from '../networks/telegram/world.ts';
import type { HostDouble } from './host-double.ts';

const pace = { ...testPace, backoffMs: 2, leaveMs: 500 };
const network: Fault[] = [
  faults.badGateway,
  faults.cutBefore,
  faults.cutAfter,
  faults.tooMany(0),
  { type: 'html', status: 500, taken: true },
];

/** The same numbers for the same seed. */
function dice(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

/** Every fifth new message is not taken at first, as if the database had gone away. */
function shaky(host: HostDouble, roll: (most: number) => number): void {
  const receive = host.receive.bind(host);
  vi.spyOn(host, 'receive').mockImplementation(async (event) => {
    const fresh = event.type === 'message' && !host.messages.some(({ key }) => key === event.key);
    if (fresh && roll(5) === 0) throw new Error('the database does not answer');
    return await receive(event);
  });
}

describe('Telegram with everything going wrong', () => {
  it.each([1, 2, 3, 4])('loses, doubles and disorders nothing that comes in (seed %i)', async (seed) => {
    const roll = dice(seed);
    const world = await openWorld(pace);
    const { fake } = world;
    let { host, channel } = world;
    shaky(host, roll);
    await channel.connect(host);
    const customers = [1, 2, 3, 4, 5].map((id) => fake.customer(id, `Cliente ${id}`));
    for (let n = 0; n < 40; n += 1) {
      for (const customer of customers) customer.write(`${customer.chat.id}:${n}`);
      if (roll(3) === 0) fake.faults.plan('getUpdates', network[roll(network.length)]!);
      if (n % 13 === 5) {
        await fake.stop();
        await fake.listen();
      }
      // A new owner: after a clean stop, or because the lease was lost.
      if (n % 10 === 9) {
        if (roll(2) === 0) host.loseLease();
        else await channel.disconnect();
        const next = host.next();
        const last = channel;
        [host, channel] = [next, channelAt(fake, pace)];
        shaky(host, roll);
        await channel.connect(host);
        await last.disconnect();
      }
      await vi.waitFor(() => expect(host.messages.length).toBeGreaterThanOrEqual(Math.max(0, n * 5 - 60)));
    }
    await vi.waitFor(() => expect(fake.updates.pending).toBe(0), 30_000);
    await channel.disconnect();
    for (const { chat } of customers) {
      const got = host.messages.filter(({ conversation }) => conversation === String(chat.id));
      expect(got.map(({ content }) => content.text)).toEqual(Array.from({ length: 40 }, (_, n) => `${chat.id}:${n}`));
    }
  });
  it.each([5, 6])('tells the truth about every send (seed %i)', async (seed) => {
    const roll = dice(seed);
    const { fake, host, channel } = await openWorld(pace);
    await channel.connect(host);
    fake.customer(9, 'Cliente');
    const outcomes: { text: string; outcome: string }[] = [];
    for (let n = 0; n < 80; n += 1) {
      const text = `n${n}`;
      const content =
        n % 4 === 0 ? { text, attachments: [host.file(Buffer.from(text), { name: 'a', mime: 'a/b' })] } : { text };
      const method = n % 4 === 0 ? 'sendDocument' : 'sendMessage';
      if (roll(2) === 0) fake.faults.plan(method, network[roll(network.length)]!);
      const away = roll(10) === 0;
      if (away) await fake.stop();
      const outcome = await channel.send('9', host.outbound('', content)).then(
        (sent) => ('uncertain' in sent ? 'uncertain' : sent.externalId),
        ({ fault }) => fault,
      );
      outcomes.push({ text, outcome });
      if (away) await fake.listen();
      fake.faults.clear();
    }
    const seen = fake.chat(9).messages;
    for (const { text, outcome } of outcomes) {
      const here = seen.filter((message) => message.text === text).map(({ messageId }) => `9:${messageId}`);
      if (outcome === 'uncertain') expect(here.length).toBeLessThanOrEqual(1);
      else expect(here).toEqual(outcome.startsWith('9:') ? [outcome] : []);
    }
    const kinds = new Set(outcomes.map(({ outcome }) => (outcome.startsWith('9:') ? 'sent' : outcome)));
    expect([...kinds].sort()).toEqual(['sent', 'temporary', 'uncertain']);
  });
});
