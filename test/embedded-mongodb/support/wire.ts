import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { BSON, type Document } from 'mongodb';

const OP_MSG = 2013;

/** A bare connection: it sends what it is given and nothing of its own, as no driver does. */
export class Wire {
  readonly socket: Socket;
  private buffered = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.buffered = Buffer.concat([this.buffered, chunk]);
      socket.emit('fed');
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => socket.emit('fed'));
  }

  static async connect(uri: string): Promise<Wire> {
    const host = /^mongodb:\/\/([^/]+)\//.exec(uri)?.[1] ?? '';
    const socket = connect(decodeURIComponent(host));
    await once(socket, 'connect');
    return new Wire(socket);
  }

  /** Sends a command in section kind 0 and reads the answer. */
  async command(body: Document): Promise<Document> {
    this.socket.write(messageOf(body));
    return await this.read();
  }

  /** The next answer; null when the connection was closed instead. */
  async next(): Promise<Document | null> {
    for (;;) {
      if (this.buffered.length >= 4 && this.buffered.length >= this.buffered.readInt32LE(0)) {
        const length = this.buffered.readInt32LE(0);
        const message = this.buffered.subarray(0, length);
        this.buffered = this.buffered.subarray(length);
        return BSON.deserialize(message.subarray(message.readInt32LE(12) === OP_MSG ? 21 : 36));
      }
      if (this.socket.destroyed) return null;
      await once(this.socket, 'fed');
    }
  }

  close(): void {
    this.socket.destroy();
  }

  private async read(): Promise<Document> {
    const answer = await this.next();
    if (answer === null) throw new Error('the connection was closed');
    return answer;
  }
}

/** The bytes of a command as OP_MSG. */
export function messageOf(body: Document, flags = 0): Buffer {
  const document = BSON.serialize(body);
  const head = Buffer.alloc(21);
  head.writeInt32LE(21 + document.length, 0);
  head.writeInt32LE(1, 4);
  head.writeInt32LE(OP_MSG, 12);
  head.writeUInt32LE(flags, 16);
  return Buffer.concat([head, document]);
}
