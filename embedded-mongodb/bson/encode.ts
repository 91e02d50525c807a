import { Decimal128, ObjectId } from 'bson';
import { ServerError } from '../errors.ts';
import { writeObjectId } from './object-id.ts';
import {
  Bin,
  Code,
  type Doc,
  Double,
  LAST_DATE_MS,
  RawDoc,
  Regex,
  Timestamp,
  TYPE,
  UtcDate,
  type Value,
} from './values.ts';

/** Largest document that may be stored, in bytes. */
export const MAX_DOCUMENT = 16 * 1024 * 1024;

// One growing scratch buffer for the whole process: encoding is synchronous and never re-entered.
let scratch = Buffer.allocUnsafeSlow(256 * 1024);
let at = 0;

/** Writes an ordered tree as BSON bytes behind `room` zero bytes; the result shares nothing with later calls. */
export function encode(document: Doc, room = 0): Buffer {
  at = room;
  scratch.fill(0, 0, room);
  writeDocument(document);
  const out = Buffer.from(scratch.subarray(0, at));
  // One huge reply must not keep its scratch for ever.
  if (scratch.length > 4 * 1024 * 1024) scratch = Buffer.allocUnsafeSlow(256 * 1024);
  return out;
}

/** As `encode`, refusing what is too large to be stored (10334). */
export function encodeStored(document: Doc): Buffer {
  const bytes = encode(document);
  assertStorable(bytes.length);
  return bytes;
}

/** Refuses a document of more than 16 MiB with code 10334. */
export function assertStorable(length: number): void {
  if (length > MAX_DOCUMENT)
    throw new ServerError(10334, `BSONObj size: ${length} is invalid. Size must be between 0 and ${MAX_DOCUMENT}`);
}

function need(bytes: number): void {
  if (at + bytes <= scratch.length) return;
  const bigger = Buffer.allocUnsafeSlow(Math.max(scratch.length * 2, at + bytes));
  scratch.copy(bigger, 0, 0, at);
  scratch = bigger;
}

function writeDocument(document: Doc): void {
  need(5);
  const start = at;
  at += 4;
  document.forEach(writeEntry);
  need(1);
  scratch[at++] = 0;
  scratch.writeInt32LE(at - start, start);
}

function writeArray(items: readonly Value[]): void {
  need(5);
  const start = at;
  at += 4;
  for (let index = 0; index < items.length; index++) writeElement(String(index), items[index] as Value);
  need(1);
  scratch[at++] = 0;
  scratch.writeInt32LE(at - start, start);
}

// What `forEach` of a map calls: walking its entries makes a pair for each.
function writeEntry(value: Value, name: string): void {
  writeElement(name, value);
}

function writeElement(name: string, value: Value): void {
  need(name.length * 3 + 2 + 17);
  const typeAt = at++;
  writeName(name);
  // In two steps: the value may have moved everything into a larger scratch.
  const type = writeValue(value);
  scratch[typeAt] = type;
}

function writeName(name: string): void {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code > 127 || code === 0) {
      if (name.includes('\0')) throw new ServerError(2, 'a field name must not contain a zero byte');
      at += scratch.write(name.slice(i), at, 'utf8');
      break;
    }
    scratch[at++] = code;
  }
  scratch[at++] = 0;
}

/** Writes the value's content and returns its type byte. */
function writeValue(value: Value): number {
  switch (typeof value) {
    case 'string':
      writeString(value);
      return TYPE.string;
    case 'number':
      at = scratch.writeInt32LE(value, at);
      return TYPE.int;
    case 'bigint':
      at = scratch.writeBigInt64LE(value, at);
      return TYPE.long;
    case 'boolean':
      scratch[at++] = value ? 1 : 0;
      return TYPE.bool;
    default:
      break;
  }
  if (value === null) return TYPE.null;
  if (value instanceof Map) {
    writeDocument(value);
    return TYPE.object;
  }
  if (Array.isArray(value)) {
    writeArray(value);
    return TYPE.array;
  }
  return writeObject(value);
}

function writeObject(value: Exclude<Value, string | number | bigint | boolean | null | Doc | Value[]>): number {
  if (value instanceof ObjectId) {
    writeObjectId(value, scratch, at);
    at += 12;
    return TYPE.objectId;
  }
  if (value instanceof RawDoc) {
    writeBytes(value.bytes);
    return TYPE.object;
  }
  if (value instanceof UtcDate) {
    writeDate(value.ms);
    return TYPE.date;
  }
  if (value instanceof Double) {
    at = scratch.writeDoubleLE(value.value, at);
    return TYPE.double;
  }
  if (value instanceof Bin) {
    need(5);
    at = scratch.writeInt32LE(value.bytes.length, at);
    scratch[at++] = value.subtype;
    writeBytes(value.bytes);
    return TYPE.binData;
  }
  if (value instanceof Decimal128) {
    writeBytes(value.bytes);
    return TYPE.decimal;
  }
  if (value instanceof Timestamp) {
    at = scratch.writeBigUInt64LE(value.value, at);
    return TYPE.timestamp;
  }
  if (value instanceof Regex) {
    need((value.pattern.length + value.options.length) * 3 + 2);
    writeName(value.pattern);
    writeName(value.options);
    return TYPE.regex;
  }
  if (value instanceof Code) return writeCode(value);
  return TYPE[value.kind] & 0xff;
}

// In two halves where they are exact: a BigInt would be made for each.
function writeDate(ms: number): void {
  if (!Number.isSafeInteger(ms)) {
    at = scratch.writeBigInt64LE(BigInt(Math.min(ms, LAST_DATE_MS)), at);
    return;
  }
  const high = Math.floor(ms / 0x1_0000_0000);
  at = scratch.writeUInt32LE(ms - high * 0x1_0000_0000, at);
  at = scratch.writeInt32LE(high, at);
}

function writeCode(value: Code): number {
  const start = at;
  if (value.kind === 'javascriptWithScope') {
    need(4);
    at += 4;
  }
  writeString(value.text);
  if (value.id !== null) writeBytes(value.id);
  if (value.scope !== null) writeDocument(value.scope);
  if (value.kind === 'javascriptWithScope') scratch.writeInt32LE(at - start, start);
  return TYPE[value.kind];
}

function writeString(text: string): void {
  need(text.length * 3 + 5);
  const start = at;
  at += 4;
  at += scratch.write(text, at, 'utf8');
  scratch[at++] = 0;
  scratch.writeInt32LE(at - start - 4, start);
}

function writeBytes(bytes: Uint8Array): void {
  need(bytes.length + 1);
  scratch.set(bytes, at);
  at += bytes.length;
}
