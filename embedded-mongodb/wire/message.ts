import { decode, decodeKeepingRaw, documentLength } from '../bson/decode.ts';
import { encode } from '../bson/encode.ts';
import type { Doc } from '../bson/values.ts';
import { ServerError } from '../errors.ts';

/** Largest message that is read. */
export const MAX_MESSAGE = 48_000_000;

/** Bytes in front of every message: length, request, response to, opcode. */
export const HEADER = 16;

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;

/** One request as it came over the wire. */
export interface Request {
  readonly id: number;
  readonly kind: 'message' | 'query';
  readonly body: Doc;
  readonly documents: readonly Buffer[] | null;
  readonly wantsReply: boolean;
}

/** Thrown for what is no message of this protocol: the connection is closed. */
export class ProtocolError extends Error {}

/** Parses one whole message. BSON errors in it are `ServerError`s, so that they can be answered. */
export function parse(message: Buffer): Request {
  const id = message.readInt32LE(4);
  const opcode = message.readInt32LE(12);
  if (opcode === OP_MSG) return parseMessage(message, id);
  if (opcode === OP_QUERY) return parseQuery(message, id);
  throw new ProtocolError(`opcode ${opcode} is not supported`);
}

/** The number of a request, for an answer to one that could not be parsed. */
export function requestId(message: Buffer): number {
  return message.readInt32LE(4);
}

function parseMessage(message: Buffer, id: number): Request {
  if (message.length < HEADER + 4 + 6) throw new ProtocolError('message too short');
  const flags = message.readUInt32LE(HEADER);
  // Unknown required bits: the message may mean something else.
  if ((flags & 0xffff & ~(CHECKSUM_PRESENT | MORE_TO_COME)) !== 0) throw new ProtocolError('unknown required flag');
  const end = message.length - (flags & CHECKSUM_PRESENT ? 4 : 0);
  let at = HEADER + 4;
  let first: { body: Doc; raw: Buffer[] | null } | null = null;
  const sequences = new Map<string, Buffer[]>();
  while (at < end) {
    const kind = message[at];
    at += 1;
    if (kind === 0 && first === null) {
      const length = documentLength(message, at, end);
      first = parseBody(message.subarray(at, at + length));
      at += length;
    } else if (kind === 1) at = parseSequence(message, at, end, sequences);
    else throw new ProtocolError(`section kind ${kind} is not supported`);
  }
  if (first === null) throw new ProtocolError('message without body');
  return assemble(id, first, sequences, (flags & MORE_TO_COME) === 0);
}

function parseBody(bytes: Buffer): { body: Doc; raw: Buffer[] | null } {
  // Only an insert's documents stay bytes: its first element says so.
  const isInsert = bytes.length > 12 && bytes.toString('latin1', 5, 12) === 'insert\0';
  return isInsert ? decodeKeepingRaw(bytes, 'documents') : { body: decode(bytes), raw: null };
}

function parseSequence(message: Buffer, from: number, end: number, sequences: Map<string, Buffer[]>): number {
  if (from + 4 > end) throw new ProtocolError('section too short');
  const stop = from + message.readInt32LE(from);
  const nameEnd = message.indexOf(0, from + 4);
  if (stop > end || stop <= from + 4 || nameEnd < 0 || nameEnd >= stop) throw new ProtocolError('bad section length');
  const name = message.toString('utf8', from + 4, nameEnd);
  const documents: Buffer[] = [];
  let at = nameEnd + 1;
  while (at < stop) {
    const length = documentLength(message, at, stop);
    documents.push(message.subarray(at, at + length));
    at += length;
  }
  if (sequences.has(name)) throw new ProtocolError('a section twice');
  sequences.set(name, documents);
  return stop;
}

function assemble(
  id: number,
  first: { body: Doc; raw: Buffer[] | null },
  sequences: Map<string, Buffer[]>,
  wantsReply: boolean,
): Request {
  let documents = first.raw;
  for (const [name, items] of sequences) {
    if (first.body.has(name)) throw new ServerError(40413, `BSON field '${name}' is a duplicate field`);
    if (name === 'documents') documents = items;
    else
      first.body.set(
        name,
        items.map((item) => decode(item)),
      );
  }
  return { id, kind: 'message', body: first.body, documents, wantsReply };
}

function parseQuery(message: Buffer, id: number): Request {
  const nameEnd = message.indexOf(0, HEADER + 4);
  if (nameEnd < 0 || nameEnd + 9 > message.length) throw new ProtocolError('query too short');
  const ns = message.toString('utf8', HEADER + 4, nameEnd);
  const body = decode(message.subarray(nameEnd + 9));
  body.set('$db', ns.split('.')[0] ?? '');
  return { id, kind: 'query', body, documents: null, wantsReply: true };
}

let nextId = 1;

/** The bytes of an answer. */
export function reply(request: Pick<Request, 'id' | 'kind'>, body: Doc): Buffer {
  const isMessage = request.kind === 'message';
  const message = encode(body, isMessage ? HEADER + 5 : HEADER + 20);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(nextId, 4);
  message.writeInt32LE(request.id, 8);
  message.writeInt32LE(isMessage ? OP_MSG : OP_REPLY, 12);
  if (!isMessage) {
    message.writeInt32LE(8, HEADER);
    message.writeInt32LE(1, HEADER + 16);
  }
  nextId = (nextId + 1) & 0x7fffffff;
  return message;
}
