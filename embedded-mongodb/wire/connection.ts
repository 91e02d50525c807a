import type { Socket } from 'node:net';
import type { Doc } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import { HEADER, MAX_MESSAGE, ProtocolError, parse, type Request, reply, requestId } from './message.ts';

/** Answers one request. It throws a `ProtocolError` only, to close the connection. */
export type Answer = (request: Request) => Promise<Doc>;

/** What a connection needs of its server. */
export interface Handlers {
  readonly answer: Answer;
  /** The answer to a message whose documents could not be read. */
  readonly refuse: (error: ServerError) => Doc;
  /** Told when a connection ends because of a fault of its own. */
  readonly log: (line: string) => void;
}

/** Reads messages from a socket and answers them one after the other. */
export function serveConnection(socket: Socket, handlers: Handlers): void {
  let buffered: Buffer[] = [];
  let length = 0;
  let working = false;

  const work = async (): Promise<void> => {
    if (working) return;
    working = true;
    try {
      for (let message = take(); message !== null; message = take()) await handle(socket, message, handlers);
    } catch (error) {
      if (!(error instanceof ProtocolError)) handlers.log(`connection closed: ${String(error)}`);
      socket.destroy();
    } finally {
      working = false;
      if (!socket.destroyed) socket.resume();
    }
  };

  const take = (): Buffer | null => {
    if (length < HEADER || socket.destroyed) return null;
    // The packets of a large message are joined once, when all of it is here.
    if ((buffered[0] as Buffer).length < HEADER) buffered = [Buffer.concat(buffered, length)];
    const size = (buffered[0] as Buffer).readInt32LE(0);
    if (size < HEADER || size > MAX_MESSAGE) throw new ProtocolError(`message of ${size} bytes`);
    if (length < size) return null;
    const all = buffered.length > 1 ? Buffer.concat(buffered, length) : (buffered[0] as Buffer);
    buffered = length === size ? [] : [all.subarray(size)];
    length -= size;
    return all.subarray(0, size);
  };

  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    buffered.push(chunk);
    length += chunk.length;
    // One request at a time: what a client sends ahead waits in the kernel once a whole message is here.
    if (working && length > MAX_MESSAGE) socket.pause();
    work().catch((error: unknown) => handlers.log(`connection failed: ${String(error)}`));
  });
}

async function handle(socket: Socket, message: Buffer, handlers: Handlers): Promise<void> {
  const request = tryParse(message);
  if (request instanceof ServerError) {
    await write(socket, reply({ id: requestId(message), kind: 'message' }, handlers.refuse(request)));
    return;
  }
  const answer = await handlers.answer(request);
  if (request.wantsReply) await write(socket, reply(request, answer));
}

function tryParse(message: Buffer): Request | ServerError {
  try {
    return parse(message);
  } catch (error) {
    if (error instanceof ServerError) return error;
    if (error instanceof RangeError) throw new ProtocolError(error.message);
    throw error;
  }
}

/** Waits when the client does not read, so that answers do not pile up in memory. */
async function write(socket: Socket, bytes: Buffer): Promise<void> {
  if (socket.destroyed || socket.write(bytes)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}
