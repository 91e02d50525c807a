import { createHash } from 'node:crypto';
import type { proto } from '@whiskeysockets/baileys';
import { vi } from 'vitest';
import type { Channel, ChannelHost } from '#channels/channel.ts';
import type { Tuning } from '#channels/whatsapp/tuning.ts';
import { whatsappWith } from '#channels/whatsapp/whatsapp.ts';
import type { LinkedDevice } from '../networks/whatsapp/device.ts';
import type { Phone } from '../networks/whatsapp/phone.ts';
import { FakeWhatsApp } from '../networks/whatsapp/server.ts';
import { HostDouble } from './host-double.ts';
import type { Got, Network, Written } from './network.ts';
import { SocketsDouble } from './sockets-double.ts';

/** A pretended WhatsApp with the company's phone, a customer and a channel that is to be linked. */
export class WhatsAppTrial {
  readonly fake = new FakeWhatsApp();
  readonly owner: Phone = this.fake.phone('5511900001111', '11223344556677', 'Acme');
  readonly customer: Phone = this.fake.phone('5511988887777', '99887766554433', 'Ana');
  private readonly changed: Partial<Tuning>;

  constructor(changed: Partial<Tuning> = {}) {
    this.changed = changed;
  }

  /** A channel without pace and with short waits. */
  channel(settings: unknown = {}): Channel {
    const tuning = { pace: null, ackMs: 1_500, backoff: { firstMs: 40, mostMs: 200 }, authority: this.fake.media.cert };
    const endpoints = { whatsapp: this.fake.url, telegram: null, insecure: true };
    const row = { id: '0123456789abcdef01234567', kind: 'whatsapp' as const, publicId: null, settings };
    return whatsappWith({ ...tuning, ...this.changed })(row, { sockets: new SocketsDouble(), endpoints });
  }

  get device(): LinkedDevice {
    const device = [...this.fake.devices.values()].at(-1);
    if (device === undefined) throw new Error('nothing is linked');
    return device;
  }

  /** Scans QR codes as they come until a channel is online. */
  async link(channel: Channel, host: HostDouble): Promise<void> {
    await channel.pair?.({ method: 'qr' });
    const qr = await vi.waitFor(() => {
      const last = host.connections.at(-1);
      if (last?.phase !== 'pairing' || last.qr === undefined) throw new Error('no QR code yet');
      return last.qr;
    }, 20_000);
    this.fake.scan(qr, this.owner);
    await this.online(host);
  }

  /** Resolves when the channel is online and takes live messages. */
  async online(host: HostDouble): Promise<void> {
    await vi.waitFor(() => {
      if (host.connections.at(-1)?.phase !== 'online') throw new Error('not online yet');
      if (!this.device.active) throw new Error('not active yet');
    }, 20_000);
  }
}

/** What a phone shows of a message. */
export function shown(message: proto.IMessage): { text: string; replyTo: string | null } {
  const { extendedTextMessage: text, imageMessage: image, documentMessage: file, videoMessage: video } = message;
  const context = text?.contextInfo ?? image?.contextInfo ?? file?.contextInfo ?? null;
  const said = message.conversation || text?.text || image?.caption || file?.caption || video?.caption || '';
  return { text: said, replyTo: context?.stanzaId ?? null };
}

/** An id of the network made of the suite's key. */
export function stanzaId(key: string): string {
  return `3EB0${createHash('sha256').update(key).digest('hex').slice(0, 18).toUpperCase()}`;
}

/** The trial as the contract's suite drives it. */
export async function openNetwork(): Promise<Network> {
  const trial = new WhatsAppTrial();
  const { fake, customer } = trial;
  await fake.start();
  const outcomes: { id: string; outcome: string }[] = [];
  let closed = false;
  let host: HostDouble | null = null;
  let saying: Promise<unknown> = Promise.resolve();

  /** Sees what the desk answers to each message; otherwise the channel as it is. */
  const watched = (): Channel => {
    const channel = trial.channel();
    return {
      ...channel,
      connect: async (given) => {
        host = given as HostDouble;
        await channel.connect(watchedHost(given, outcomes));
      },
    };
  };

  const channel = watched();
  return {
    channel,
    customer: customer.lid,
    conversation: customer.lid,
    async enter() {
      if (host === null) throw new Error('not connected');
      if (fake.devices.size === 0) await trial.link(channel, host);
      else await trial.online(host);
    },
    async write(written) {
      const id = stanzaId(written.key);
      const before = customer.receipts.filter((receipt) => receipt.id === id).length;
      const told = outcomes.filter((outcome) => outcome.id === id).length;
      saying = saying.then(
        async () => await customer.say(trial.device, await messageOf(trial, written), { id, name: written.name }),
      );
      await saying;
      return await vi.waitFor(
        () => {
          const outcome = outcomes.filter((one) => one.id === id)[told];
          const receipts = customer.receipts.filter((receipt) => receipt.id === id);
          if (!closed && (outcome === undefined || receipts.length === before)) throw new Error('not taken yet');
          if (outcome === undefined) throw new Error('closed before it was taken');
          return outcome.outcome === 'known' ? 'known' : 'stored';
        },
        { timeout: 15_000, interval: 5 },
      );
    },
    got: async () => await Promise.all(customer.inbox.map(({ id, message }) => gotOf(trial, id, message))),
    async acknowledge() {
      for (const { id } of customer.inbox) customer.acknowledge(trial.device, id);
    },
    again: watched,
    faults: {
      refuse: () => fake.faults.failSend.push('400'),
      silence: () => {
        fake.faults.dropSend = 1;
      },
      async cut() {
        fake.faults.upgrade = 503;
        fake.dropAll();
      },
      async mend() {
        fake.faults.upgrade = null;
      },
      logOut: async () => fake.logOut(trial.device),
    },
    async close() {
      closed = true;
      await fake.stop();
    },
  };
}

function watchedHost(host: ChannelHost, outcomes: { id: string; outcome: string }[]): ChannelHost {
  return new Proxy(host, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name !== 'receive') return typeof value === 'function' ? value.bind(target) : value;
      return async (event: Parameters<ChannelHost['receive']>[0]) => {
        const outcome = await target.receive(event);
        if (event.type === 'message') outcomes.push({ id: event.externalId, outcome });
        return outcome;
      };
    },
  });
}

async function messageOf({ fake }: WhatsAppTrial, written: Written): Promise<proto.IMessage> {
  if (written.strange) return { requestPhoneNumberMessage: {} };
  const contextInfo = { stanzaId: written.replyTo ?? null };
  if (written.file !== undefined) {
    const sealed = await fake.media.put(written.file.bytes, 'image');
    return { imageMessage: { ...sealed, mimetype: written.file.mime, caption: written.text } };
  }
  return written.replyTo === undefined
    ? { conversation: written.text }
    : { extendedTextMessage: { text: written.text, contextInfo } };
}

async function gotOf({ fake }: WhatsAppTrial, id: string, message: proto.IMessage): Promise<Got> {
  const { imageMessage: image } = message;
  const files: Got['files'] = [];
  if (image?.directPath && image.mediaKey) {
    const bytes = await fake.media.open(image.directPath, image.mediaKey, 'image');
    files.push({ name: '', mime: image.mimetype ?? '', bytes });
  }
  return { externalId: id, ...shown(message), files };
}

/** A linked channel on a network of its own; `end` ends both. */
export async function linked(changed: Partial<Tuning> = {}, settings: unknown = {}) {
  const trial = new WhatsAppTrial(changed);
  await trial.fake.start();
  const host = new HostDouble();
  const channel = trial.channel(settings);
  await channel.connect(host);
  await trial.link(channel, host);
  const world = {
    trial,
    host,
    channel,
    fake: trial.fake,
    customer: trial.customer,
    device: trial.device,
    async end() {
      await world.channel.disconnect();
      await trial.fake.stop();
    },
  };
  return world;
}

export type World = Awaited<ReturnType<typeof linked>>;

/** Waits until something is true. */
export async function until(what: () => unknown, ms = 20_000): Promise<void> {
  await vi.waitFor(
    () => {
      if (!what()) throw new Error(`not yet: ${what}`);
    },
    { timeout: ms, interval: 5 },
  );
}
