import { type BinaryNode, decodeBinaryNode, encodeBinaryNode, type proto } from '@whiskeysockets/baileys';
import type { RawData, WebSocket } from 'ws';
import type { LinkedDevice } from './device.ts';
import { FrameReader, framed } from './frames.ts';
import { NoiseResponder } from './noise.ts';

/** What a server does with one connection. */
export interface ConnectionHandlers {
  certify(key: Uint8Array): Uint8Array;
  login(connection: FakeConnection, payload: proto.ClientPayload): void;
  stanza(connection: FakeConnection, stanza: BinaryNode): Promise<void>;
  closed(connection: FakeConnection): void;
  failed(error: unknown): void;
}

/** One web socket of a client: handshake, then stanzas, handled one after the other. */
export class FakeConnection {
  readonly socket: WebSocket;
  payload: proto.ClientPayload | null = null;
  device: LinkedDevice | null = null;
  private readonly handlers: ConnectionHandlers;
  private readonly reader = new FrameReader();
  private noise: NoiseResponder | null = null;
  private stage: 'hello' | 'finish' | 'open' = 'hello';
  private queue = Promise.resolve();

  constructor(socket: WebSocket, handlers: ConnectionHandlers) {
    this.socket = socket;
    this.handlers = handlers;
    socket.on('message', (data: RawData) => this.enqueue(data as Buffer));
    socket.on('close', () => handlers.closed(this));
    socket.on('error', () => socket.terminate());
  }

  send(stanza: BinaryNode): void {
    if (this.socket.readyState !== this.socket.OPEN || this.noise === null) return;
    this.socket.send(framed(this.noise.seal(encodeBinaryNode(stanza))));
  }

  /** Says a last stanza and closes. */
  end(stanza: BinaryNode): void {
    this.send(stanza);
    this.socket.close();
  }

  private enqueue(data: Buffer): void {
    this.queue = this.queue
      .then(() => this.take(data))
      .catch((error: unknown) => {
        this.handlers.failed(error);
        this.socket.terminate();
      });
  }

  private async take(data: Buffer): Promise<void> {
    const frames = this.reader.push(data, (header) => {
      this.noise = new NoiseResponder(header);
    });
    for (const frame of frames) await this.frame(frame);
  }

  private async frame(frame: Buffer): Promise<void> {
    const { noise } = this;
    if (noise === null) throw new Error('a frame before the header');
    if (this.stage === 'hello') {
      this.stage = 'finish';
      this.socket.send(framed(noise.hello(frame, (key) => this.handlers.certify(key))));
    } else if (this.stage === 'finish') {
      this.stage = 'open';
      this.payload = noise.finish(frame);
      this.handlers.login(this, this.payload);
    } else await this.handlers.stanza(this, await decodeBinaryNode(noise.open(frame)));
  }
}
