import sharp from 'sharp';
import {
  ChannelError,
  type ChannelHost,
  type Maker,
  type MessageEvent,
  type OutboundMessage,
} from '#channels/channel.ts';
import { simulator } from '#channels/simulator/simulator.ts';
import { makerOf } from '#server/switchboard/kinds.ts';
import type { Attachment, Content } from '#shared/message.ts';

/** A pretended WhatsApp in the hands of a test: it brings whatever content, and fails as the text of a reply says. */
export interface PlayedNetwork {
  makerOf: typeof makerOf;
  /** What the network is told to do from now on with texts that begin with `refused` or `unsure`. */
  mend(): void;
  host(): ChannelHost;
  /** The customer `from` sends this. */
  brings(from: string, content: Content, more?: Partial<MessageEvent>): Promise<void>;
  picture(name: string, width: number, height: number, colour: string): Promise<Attachment>;
  file(name: string, mime: string, bytes: Uint8Array, more?: object): Promise<Attachment>;
}

export function playedNetwork(): PlayedNetwork {
  let broken = true;
  let connected: ChannelHost | null = null;
  let count = 0;
  const maker: Maker = (row, means) => {
    const network = simulator(row, means);
    return {
      ...network,
      async connect(given: ChannelHost) {
        connected = given;
        await network.connect(given);
      },
      async send(to: string, message: OutboundMessage) {
        const text = message.content?.text ?? '';
        if (broken && text.startsWith('refused')) throw new ChannelError('refused', 'whatsapp.not-registered');
        if (broken && text.startsWith('unsure')) return { uncertain: 'channel.interrupted' };
        return await network.send(to, message);
      },
    };
  };
  const host = (): ChannelHost => {
    if (connected === null) throw new Error('the network is not connected yet');
    return connected;
  };
  async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const file: PlayedNetwork['file'] = (name, mime, bytes, more = {}) =>
    host().media.save(once(bytes), { name, mime, ...more });
  return {
    makerOf: async (row) => (row.kind === 'whatsapp' && row.simulated ? maker : makerOf(row)),
    mend() {
      broken = false;
    },
    host,
    async brings(from, content, more = {}) {
      count += 1;
      const key = `played-${count}`;
      await host().receive({
        type: 'message',
        key,
        externalId: key,
        conversation: from,
        from: { identities: [{ kind: 'phone', value: from }], name: 'Sérgio Luz', address: from },
        at: new Date().toISOString(),
        content,
        ...more,
      });
    },
    async picture(name, width, height, background) {
      const bytes = await sharp({ create: { width, height, channels: 3, background } })
        .jpeg()
        .toBuffer();
      return await file(name, 'image/jpeg', bytes);
    },
    file,
  };
}

/** A second of silence as a WAV file. */
export function silence(): Uint8Array {
  const samples = 8_000;
  const wav = Buffer.alloc(44 + samples, 128);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + samples, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(8_000, 24);
  wav.writeUInt32LE(8_000, 28);
  wav.writeUInt16LE(1, 32);
  wav.writeUInt16LE(8, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(samples, 40);
  return wav;
}
