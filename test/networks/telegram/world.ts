import { afterEach, vi } from 'vitest';
import type { Channel, MakerMeans, MediaAbout, OutboundMessage, Sent } from '#channels/channel.ts';
import { type Pace, usualPace } from '#channels/telegram/pace.ts';
import { telegramAt } from '#channels/telegram/telegram.ts';
import type { Attachment, Content } from '#shared/message.ts';
import { HostDouble } from '../../channels/host-double.ts';
import { SocketsDouble } from '../../channels/sockets-double.ts';
import type { Seen } from './chats.ts';
import type { Customer } from './customer.ts';
import { FakeTelegram } from './fake-telegram.ts';

/** Faults are waited out quickly; nothing else differs from the usual pace. */
export const testPace: Pace = { ...usualPace, backoffMs: 20, answerMs: 3_000, idleMs: 3_000 };

/** For tests in which somebody does not answer. */
export const impatient: Pace = { ...testPace, pollSeconds: 1, answerMs: 300, idleMs: 300 };

/** The number of the customer's chat. */
export const ana = 4_242;
export const to = String(ana);

/** Longer than one chunk of anything. */
export const big: Buffer = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 31) % 251));

export function meansAt(url: string | null, insecure = true): MakerMeans {
  return { sockets: new SocketsDouble(), endpoints: { whatsapp: null, telegram: url, insecure } };
}

export function channelAt(fake: FakeTelegram, pace = testPace): Channel {
  const settings = { token: fake.token };
  const row = { id: '0123456789abcdef01234567', kind: 'telegram' as const, publicId: null, settings };
  return telegramAt(pace)(row, meansAt(fake.url));
}

/** A fake with a customer, and a channel that is not connected yet. */
export interface World {
  fake: FakeTelegram;
  host: HostDouble;
  channel: Channel;
  customer: Customer;
  /** Resolves when all that was written is confirmed. */
  quiet(): Promise<void>;
}

const opened: World[] = [];

/** Everything is closed after the test. */
export async function openWorld(pace = testPace): Promise<World> {
  const fake = await FakeTelegram.start();
  const world: World = {
    fake,
    host: new HostDouble(),
    channel: channelAt(fake, pace),
    customer: fake.customer(ana, 'Ana Paula Reis'),
    quiet: () => vi.waitFor(() => idle(fake), 10_000),
  };
  opened.push(world);
  return world;
}

/** The same, online. */
export async function online(pace = testPace): Promise<World> {
  const world = await openWorld(pace);
  await world.channel.connect(world.host);
  return world;
}

/** What the customer has from the desk. */
export function seen({ fake }: World): Seen[] {
  return fake.chat(ana).messages.filter(({ from }) => from === 'bot');
}

/** The desk says something to the customer. */
export function say({ channel, host }: World, content: Content, more: Partial<OutboundMessage> = {}): Promise<Sent> {
  return channel.send(to, host.outbound(to, content, more));
}

export function attached({ host }: World, about: MediaAbout, bytes = big): Attachment {
  return host.file(bytes, about);
}

function idle(fake: FakeTelegram): void {
  if (fake.updates.pending > 0 || !fake.updates.polled) throw new Error('updates wait');
}

afterEach(async () => {
  for (const { channel, fake } of opened.splice(0)) {
    await channel.disconnect();
    await fake.stop();
  }
});
