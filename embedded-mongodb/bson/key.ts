import { ObjectId } from 'bson';
import { orderOf } from './compare.ts';
import { exact, floorDouble, isNumber, type Num } from './numbers.ts';
import { writeObjectId } from './object-id.ts';
import { Bin, Code, type Doc, LAST_DATE_MS, Regex, Timestamp, UtcDate, type Value } from './values.ts';

// Order-preserving bytes: the byte order of two keys is the BSON order of their values, and equal values give equal
// bytes whatever their number type.

/** Fields with their directions. */
type Directions = readonly { readonly descending: boolean }[];

let scratch = Buffer.allocUnsafeSlow(64 * 1024);
let at = 0;

/** The key bytes of one value; a missing value is null. */
export function keyOf(value: Value | undefined): Buffer {
  at = 0;
  write(value ?? null);
  return written();
}

/** The key bytes of several values behind one another, those of descending fields inverted. */
export function compoundKey(fields: Directions, values: readonly (Value | undefined)[]): Buffer {
  writeFieldsOf(fields, values);
  return written();
}

/** As `compoundKey`, as a string of one char per byte. */
export function compoundText(fields: Directions, values: readonly (Value | undefined)[]): string {
  writeFieldsOf(fields, values);
  return scratch.toString('latin1', 0, at);
}

function writeFieldsOf(fields: Directions, values: readonly (Value | undefined)[]): void {
  at = 0;
  for (let i = 0; i < fields.length; i++) {
    const start = at;
    write(values[i] ?? null);
    if (fields[i]?.descending === true) for (let j = start; j < at; j++) scratch[j] = ~(scratch[j] as number) & 0xff;
  }
}

function written(): Buffer {
  const out = Buffer.allocUnsafe(at);
  scratch.copy(out, 0, 0, at);
  return out;
}

/** The key as a string of one char per byte, to be used in a Map or Set. */
export function hashOf(value: Value | undefined): string {
  if (typeof value === 'string') return `\0${value}`;
  at = 0;
  write(value ?? null);
  return scratch.toString('latin1', 0, at);
}

/** All bytes inverted: the key of a descending field. */
export function inverted(bytes: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = ~(bytes[i] as number) & 0xff;
  return out;
}

/** The smallest key above every key that starts with `prefix`; null when there is none. */
export function prefixEnd(prefix: Uint8Array): Buffer | null {
  for (let length = prefix.length; length > 0; length--) {
    const last = prefix[length - 1] as number;
    if (last === 0xff) continue;
    const out = Buffer.from(prefix.subarray(0, length));
    out[length - 1] = last + 1;
    return out;
  }
  return null;
}

function need(bytes: number): void {
  if (at + bytes <= scratch.length) return;
  const bigger = Buffer.allocUnsafeSlow(Math.max(scratch.length * 2, at + bytes));
  scratch.copy(bigger, 0, 0, at);
  scratch = bigger;
}

function write(value: Value): void {
  need(24);
  scratch[at++] = orderOf(value);
  writeContent(value);
}

function writeContent(value: Value): void {
  if (value === null) return;
  if (typeof value === 'string') writeText(value);
  else if (isNumber(value)) writeNumber(value);
  else if (typeof value === 'boolean') scratch[at++] = value ? 1 : 0;
  else if (value instanceof ObjectId) {
    writeObjectId(value, scratch, at);
    at += 12;
  } else if (value instanceof UtcDate) writeSigned(value.ms);
  else if (value instanceof Map) writeFields(value);
  else if (Array.isArray(value)) {
    for (const item of value) write(item);
    need(1);
    scratch[at++] = 0;
  } else writeRare(value);
}

function writeFields(document: Doc): void {
  for (const [name, item] of document) {
    need(24);
    scratch[at++] = orderOf(item);
    writeText(name);
    writeContent(item);
  }
  need(1);
  scratch[at++] = 0;
}

function writeRare(value: Value): void {
  if (value instanceof Bin) {
    at = scratch.writeUInt32BE(value.bytes.length, at);
    scratch[at++] = value.subtype;
    writeRaw(value.bytes);
  } else if (value instanceof Timestamp) {
    at = scratch.writeBigUInt64BE(value.value, at);
  } else if (value instanceof Regex) {
    writeText(value.pattern);
    writeText(value.options);
  } else if (value instanceof Code) {
    writeText(value.text);
    if (value.id !== null) writeRaw(value.id);
    if (value.scope !== null) write(value.scope);
  }
}

/** UTF-8, a zero byte as 00 FF, end 00 00. */
function writeText(text: string): void {
  need(text.length * 6 + 2);
  const start = at;
  at += scratch.write(text, at, 'utf8');
  if (text.includes('\0')) {
    const bytes = Buffer.from(scratch.subarray(start, at));
    at = start;
    for (const byte of bytes) {
      scratch[at++] = byte;
      if (byte === 0) scratch[at++] = 0xff;
    }
  }
  scratch[at++] = 0;
  scratch[at++] = 0;
}

function writeRaw(bytes: Uint8Array): void {
  need(bytes.length);
  scratch.set(bytes, at);
  at += bytes.length;
}

function writeSigned(value: number): void {
  if (!Number.isSafeInteger(value)) {
    at = scratch.writeBigUInt64BE(BigInt.asUintN(64, BigInt(Math.min(value, LAST_DATE_MS))) ^ 0x8000000000000000n, at);
    return;
  }
  const high = Math.floor(value / 0x1_0000_0000);
  at = scratch.writeUInt32BE((high ^ 0x8000_0000) >>> 0, at);
  at = scratch.writeUInt32BE(value - high * 0x1_0000_0000, at);
}

/**
 * The double below or at the number, 0 when it is that double, else 1 and the exact decimal digits: Int64 above 2^53
 * and Decimal128 neither collide nor misorder.
 */
function writeNumber(value: Num): void {
  const { double, exact: isExact } = typeof value === 'number' ? { double: value, exact: true } : floorDouble(value);
  writeDouble(double);
  scratch[at++] = isExact ? 0 : 1;
  if (!isExact) writeDigits(value);
}

function writeDouble(value: number): void {
  const start = at;
  if (Number.isNaN(value)) {
    scratch.fill(0, start, start + 8);
  } else {
    scratch.writeDoubleBE(value === 0 ? 0 : value, start);
    if ((scratch[start] as number) & 0x80)
      for (let i = start; i < start + 8; i++) scratch[i] = ~(scratch[i] as number) & 0xff;
    else scratch[start] = (scratch[start] as number) | 0x80;
  }
  at = start + 8;
}

/** Place of the first digit, the digits, an end; inverted for negative numbers. */
function writeDigits(value: Num): void {
  const parts = exact(value);
  if (parts === null) return;
  const negative = parts.coefficient < 0n;
  const text = (negative ? -parts.coefficient : parts.coefficient).toString();
  const digits = text.replace(/0+$/, '');
  need(digits.length + 4);
  const start = at;
  at = scratch.writeUInt16BE(text.length + parts.exponent + 0x4000, at);
  at += scratch.write(digits, at, 'latin1');
  scratch[at++] = 0;
  if (negative) for (let i = start; i < at; i++) scratch[i] = ~(scratch[i] as number) & 0xff;
}
