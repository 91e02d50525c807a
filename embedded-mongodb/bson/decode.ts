import { Decimal128 } from 'bson';
import { ServerError } from '../errors.ts';
import { readObjectId } from './object-id.ts';
import {
  Bin,
  Code,
  type Doc,
  Double,
  MAX_KEY,
  MIN_KEY,
  Regex,
  Timestamp,
  TYPE,
  UtcDate,
  type Value,
} from './values.ts';

/** Documents nested deeper than this are refused, as in MongoDB; it also bounds our recursion. */
const MAX_DEPTH = 180;

const invalid = (why: string) => new ServerError(22, `invalid BSON: ${why}`);

/** Reads one BSON document from the start of `bytes` into an ordered tree. Code 22 when the bytes are not valid. */
export function decode(bytes: Uint8Array): Doc {
  const buffer = asBuffer(bytes);
  const reader = new Reader(buffer, 0, buffer.length);
  return reader.document(0);
}

/**
 * Reads a document but leaves the elements of the array `rawField` as slices of the bytes: the `documents` of an insert
 * are stored as they came.
 */
export function decodeKeepingRaw(bytes: Uint8Array, rawField: string): { body: Doc; raw: Buffer[] | null } {
  const buffer = asBuffer(bytes);
  const reader = new Reader(buffer, 0, buffer.length);
  return reader.keepingRaw(rawField);
}

/** The length that a BSON document at `offset` claims, checked against what is there. */
export function documentLength(buffer: Buffer, offset: number, end: number): number {
  if (offset + 5 > end) throw invalid('too short');
  const length = buffer.readInt32LE(offset);
  if (length < 5 || offset + length > end || buffer[offset + length - 1] !== 0) throw invalid('bad length');
  return length;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Names that were read last, each at a place of its own: the same few come again and again. A power of two. */
const NAMES: string[] = new Array(1024).fill('');

/** Longer names are not kept. */
const LONGEST_NAME = 64;

/** The string of a name's bytes; the one of before when it is the same. */
function nameOf(buffer: Buffer, from: number, to: number, hash: number): string {
  const place = (hash ^ (hash >>> 10)) & (NAMES.length - 1);
  const kept = NAMES[place] as string;
  if (isName(kept, buffer, from, to)) return kept;
  const name = buffer.toString('utf8', from, to);
  if (to - from <= LONGEST_NAME) NAMES[place] = name;
  return name;
}

/** Whether the bytes are this string in ASCII. */
function isName(name: string, buffer: Buffer, from: number, to: number): boolean {
  if (name.length !== to - from) return false;
  for (let i = from; i < to; i++) {
    const byte = buffer[i] as number;
    if (byte > 127 || name.charCodeAt(i - from) !== byte) return false;
  }
  return true;
}

class Reader {
  private readonly buffer: Buffer;
  private at: number;
  private readonly end: number;

  constructor(buffer: Buffer, at: number, end: number) {
    this.buffer = buffer;
    this.at = at;
    this.end = end;
  }

  document(depth: number): Doc {
    if (depth > MAX_DEPTH) throw new ServerError(15, 'exceeded depth limit of nested documents');
    const stop = this.at + documentLength(this.buffer, this.at, this.end) - 1;
    this.at += 4;
    const out: Doc = new Map();
    while (this.at < stop) {
      const type = this.byte();
      const name = this.cstring(stop);
      out.set(name, this.value(type, depth, stop));
    }
    this.finish(stop);
    return out;
  }

  keepingRaw(rawField: string): { body: Doc; raw: Buffer[] | null } {
    const stop = documentLength(this.buffer, 0, this.end) - 1;
    this.at = 4;
    const body: Doc = new Map();
    let raw: Buffer[] | null = null;
    while (this.at < stop) {
      const type = this.byte();
      const name = this.cstring(stop);
      if (name === rawField && type === TYPE.array) raw = this.slices();
      else body.set(name, this.value(type, 0, stop));
    }
    this.finish(stop);
    return { body, raw };
  }

  private slices(): Buffer[] {
    const stop = this.at + documentLength(this.buffer, this.at, this.end) - 1;
    this.at += 4;
    const out: Buffer[] = [];
    while (this.at < stop) {
      const type = this.byte();
      this.cstring(stop);
      if (type !== TYPE.object) throw new ServerError(14, 'BSON field is the wrong type, expected type "object"');
      const length = documentLength(this.buffer, this.at, stop);
      out.push(this.buffer.subarray(this.at, this.at + length));
      this.at += length;
    }
    this.finish(stop);
    return out;
  }

  private array(depth: number): Value[] {
    if (depth > MAX_DEPTH) throw new ServerError(15, 'exceeded depth limit of nested documents');
    const stop = this.at + documentLength(this.buffer, this.at, this.end) - 1;
    this.at += 4;
    const out: Value[] = [];
    while (this.at < stop) {
      const type = this.byte();
      this.cstring(stop);
      out.push(this.value(type, depth, stop));
    }
    this.finish(stop);
    return out;
  }

  private value(type: number, depth: number, stop: number): Value {
    switch (type) {
      case TYPE.double:
        return new Double(this.buffer.readDoubleLE(this.skip(8, stop)));
      case TYPE.string:
        return this.string(stop);
      case TYPE.object:
        return this.document(depth + 1);
      case TYPE.array:
        return this.array(depth + 1);
      case TYPE.objectId:
        return readObjectId(this.buffer, this.skip(12, stop));
      case TYPE.bool:
        return this.buffer[this.skip(1, stop)] === 1;
      case TYPE.date:
        return this.date(stop);
      case TYPE.null:
        return null;
      case TYPE.int:
        return this.buffer.readInt32LE(this.skip(4, stop));
      case TYPE.long:
        return this.buffer.readBigInt64LE(this.skip(8, stop));
      default:
        return this.rareValue(type, depth, stop);
    }
  }

  private rareValue(type: number, depth: number, stop: number): Value {
    switch (type) {
      case TYPE.binData:
        return this.binary(stop);
      // Deprecated; it equals null everywhere, and the stored bytes keep it.
      case TYPE.undefined:
        return null;
      case TYPE.regex:
        return new Regex(this.cstring(stop), this.cstring(stop));
      case TYPE.dbPointer:
        return new Code('dbPointer', this.string(stop), null, this.bytes(12, stop));
      case TYPE.javascript:
        return new Code('javascript', this.string(stop));
      case TYPE.symbol:
        return new Code('symbol', this.string(stop));
      case TYPE.javascriptWithScope:
        this.skip(4, stop);
        return new Code('javascriptWithScope', this.string(stop), this.document(depth + 1));
      case TYPE.timestamp:
        return new Timestamp(this.buffer.readBigUInt64LE(this.skip(8, stop)));
      case TYPE.decimal:
        return new Decimal128(this.bytes(16, stop));
      case 0xff:
        return MIN_KEY;
      case TYPE.maxKey:
        return MAX_KEY;
      default:
        throw invalid(`unknown type ${type}`);
    }
  }

  private binary(stop: number): Bin {
    const length = this.buffer.readInt32LE(this.skip(4, stop));
    const subtype = this.buffer[this.skip(1, stop)] ?? 0;
    if (length < 0) throw invalid('negative length');
    return new Bin(subtype, this.bytes(length, stop));
  }

  // In two halves: a BigInt would be made for each.
  private date(stop: number): UtcDate {
    const from = this.skip(8, stop);
    return new UtcDate(this.buffer.readInt32LE(from + 4) * 0x1_0000_0000 + this.buffer.readUInt32LE(from));
  }

  private string(stop: number): string {
    const length = this.buffer.readInt32LE(this.skip(4, stop));
    if (length < 1) throw invalid('string without end');
    const from = this.skip(length, stop);
    if (this.buffer[from + length - 1] !== 0) throw invalid('string without end');
    return this.buffer.toString('utf8', from, from + length - 1);
  }

  private cstring(stop: number): string {
    const buffer = this.buffer;
    const from = this.at;
    let to = from;
    let hash = 0;
    for (; to < stop; to++) {
      const byte = buffer[to] as number;
      if (byte === 0) break;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    if (to >= stop) throw invalid('name without end');
    this.at = to + 1;
    return nameOf(buffer, from, to, hash);
  }

  // A copy: slices of a network packet or of LMDB's shared memory must not live on inside a tree.
  private bytes(length: number, stop: number): Uint8Array {
    const from = this.skip(length, stop);
    return Uint8Array.prototype.slice.call(this.buffer, from, from + length);
  }

  private byte(): number {
    return this.buffer[this.at++] as number;
  }

  private skip(length: number, stop: number): number {
    const from = this.at;
    if (from + length > stop) throw invalid('value runs over the end');
    this.at = from + length;
    return from;
  }

  private finish(stop: number): void {
    if (this.at !== stop) throw invalid('value runs over the end');
    this.at = stop + 1;
  }
}
