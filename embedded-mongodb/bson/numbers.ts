import { Decimal128 } from 'bson';
import { Double, type Value } from './values.ts';

/** A numeric BSON value. */
export type Num = number | bigint | Double | Decimal128;

/** A finite decimal: `coefficient * 10^exponent`, the sign inside the coefficient. */
interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** Whether a value is one of the four number types. */
export function isNumber(value: Value | undefined): value is Num {
  return (
    typeof value === 'number' || typeof value === 'bigint' || value instanceof Double || value instanceof Decimal128
  );
}

/** The nearest double of a number. */
export function toDouble(value: Num): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Double ? value.value : Number(value.toString());
}

/** The integer that a number stands for exactly, within JavaScript's safe range, else undefined. */
export function toInteger(value: Value | undefined): number | undefined {
  if (!isNumber(value)) return undefined;
  const double = toDouble(value);
  return Number.isSafeInteger(double) ? double : undefined;
}

/** An integer as the smallest of Int32 and Int64 that holds it; a double when neither does. */
export function fromInteger(value: bigint): Num {
  if (value >= -0x80000000n && value <= 0x7fffffffn) return Number(value);
  return fitsLong(value) ? value : new Double(Number(value));
}

/** Whether an integer fits into 64 bits. */
function fitsLong(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

/** Exact order of two numbers over all types: NaN lowest and equal to itself, -0 equal to 0. */
export function compareNumbers(a: Num, b: Num): number {
  if (!(a instanceof Decimal128) && !(b instanceof Decimal128)) {
    const left = a instanceof Double ? a.value : a;
    const right = b instanceof Double ? b.value : b;
    if (left < right) return -1;
    if (left > right) return 1;
    // biome-ignore lint/suspicious/noDoubleEquals: a bigint equals the number of the same value by == only
    if (left == right) return 0;
    return Number(Number.isNaN(right)) - Number(Number.isNaN(left));
  }
  const left = toDouble(a);
  const right = toDouble(b);
  if (left < right) return -1;
  if (left > right) return 1;
  if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(right)) - Number(Number.isNaN(left));
  const exactA = exact(a);
  const exactB = exact(b);
  if (exactA === null || exactB === null)
    return Number(exactB === null && left < 0) - Number(exactB === null && left > 0);
  return compareDecimals(exactA, exactB);
}

function compareDecimals(a: Decimal, b: Decimal): number {
  const exponent = Math.min(a.exponent, b.exponent);
  const left = a.coefficient * 10n ** BigInt(a.exponent - exponent);
  const right = b.coefficient * 10n ** BigInt(b.exponent - exponent);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The exact decimal value of a number, null when it is infinite or NaN. */
export function exact(value: Num): Decimal | null {
  if (typeof value === 'bigint') return { coefficient: value, exponent: 0 };
  if (value instanceof Decimal128) return decimalParts(value);
  return exactDouble(typeof value === 'number' ? value : value.value);
}

/** A finite double is m * 2^e; for negative e that is m * 5^-e * 10^e. */
function exactDouble(value: number): Decimal | null {
  if (!Number.isFinite(value)) return null;
  if (Number.isSafeInteger(value)) return { coefficient: BigInt(value), exponent: 0 };
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = (biased === 0 ? fraction : fraction | 0x10000000000000n) * (value < 0 ? -1n : 1n);
  const power = (biased === 0 ? 1 : biased) - 1075;
  if (power >= 0) return { coefficient: mantissa << BigInt(power), exponent: 0 };
  return { coefficient: mantissa * 5n ** BigInt(-power), exponent: power };
}

/** Sign, coefficient and exponent out of the IEEE 754-2008 bytes; null for NaN and the infinities. */
function decimalParts(value: Decimal128): Decimal | null {
  const view = new DataView(value.bytes.buffer, value.bytes.byteOffset, 16);
  const low = view.getBigUint64(0, true);
  const high = view.getBigUint64(8, true);
  const negative = high >> 63n === 1n;
  const combination = (high >> 58n) & 0x1fn;
  if (combination >= 0x1en) return null;
  // Non-canonical large coefficients count as zero.
  if (combination >> 3n === 3n) return { coefficient: 0n, exponent: 0 };
  const exponent = Number((high >> 49n) & 0x3fffn) - 6176;
  const coefficient = ((high & 0x1ffffffffffffn) << 64n) | low;
  return { coefficient: negative ? -coefficient : coefficient, exponent };
}

/** What to do with an integer result that does not fit into 64 bits. */
export type Overflow = 'double' | 'refuse';

/** Sum, difference or product with MongoDB's promotion: int, long, double, decimal. Null when refused for overflow. */
export function arithmetic(op: '+' | '-' | '*', a: Num, b: Num, overflow: Overflow): Num | null {
  if (a instanceof Decimal128 || b instanceof Decimal128) return decimalArithmetic(op, a, b);
  if (a instanceof Double || b instanceof Double) return new Double(onNumbers(op, toDouble(a), toDouble(b)));
  if (typeof a === 'number' && typeof b === 'number') {
    const result = onNumbers(op, a, b);
    if (result >= -0x80000000 && result <= 0x7fffffff) return result === 0 ? 0 : result;
    return onBigints(op, BigInt(a), BigInt(b));
  }
  const result = onBigints(op, BigInt(a), BigInt(b));
  // A long operand keeps the result a long even when it would fit into 32 bits.
  if (fitsLong(result)) return result;
  return overflow === 'double' ? new Double(Number(result)) : null;
}

function onNumbers(op: '+' | '-' | '*', a: number, b: number): number {
  return op === '+' ? a + b : op === '-' ? a - b : a * b;
}

function onBigints(op: '+' | '-' | '*', a: bigint, b: bigint): bigint {
  return op === '+' ? a + b : op === '-' ? a - b : a * b;
}

function decimalArithmetic(op: '+' | '-' | '*', a: Num, b: Num): Num {
  const left = widen(a);
  const right = widen(b);
  if (left === null || right === null) return decimalFromDouble(onNumbers(op, toDouble(a), toDouble(b)));
  if (op === '*') return toDecimal128(left.coefficient * right.coefficient, left.exponent + right.exponent);
  const exponent = Math.min(left.exponent, right.exponent);
  const x = left.coefficient * 10n ** BigInt(left.exponent - exponent);
  const y = right.coefficient * 10n ** BigInt(right.exponent - exponent);
  return toDecimal128(op === '+' ? x + y : x - y, exponent);
}

/** The decimal that MongoDB makes of an operand: a double is rounded to 15 significant digits first. */
function widen(value: Num): Decimal | null {
  if (!(value instanceof Double)) return exact(value);
  return Number.isFinite(value.value) ? parseDecimal(doubleDigits(value.value)) : null;
}

function doubleDigits(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : value.toExponential(14);
}

function parseDecimal(text: string): Decimal {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text);
  if (match === null) return { coefficient: 0n, exponent: 0 };
  const fraction = match[3] ?? '';
  const coefficient = BigInt(`${match[2]}${fraction}`);
  return {
    coefficient: match[1] === '-' ? -coefficient : coefficient,
    exponent: Number(match[4] ?? 0) - fraction.length,
  };
}

function decimalFromDouble(value: number): Decimal128 {
  if (Number.isNaN(value)) return Decimal128.fromString('NaN');
  if (!Number.isFinite(value)) return Decimal128.fromString(value > 0 ? 'Infinity' : '-Infinity');
  const parts = parseDecimal(doubleDigits(value));
  return toDecimal128(parts.coefficient, parts.exponent);
}

/** Any number as a Decimal128. */
export function asDecimal(value: Num): Decimal128 {
  if (value instanceof Decimal128) return value;
  return value instanceof Double ? decimalFromDouble(value.value) : toDecimal128(BigInt(value), 0);
}

/** `coefficient * 10^exponent` as a Decimal128, rounded half to even to its 34 digits. */
export function toDecimal128(coefficient: bigint, exponent: number): Decimal128 {
  let digits = coefficient < 0n ? -coefficient : coefficient;
  let power = exponent;
  const surplus = Math.max(digits.toString().length - 34, -6176 - power);
  if (surplus > 0) {
    const unit = 10n ** BigInt(surplus);
    const rest = digits % unit;
    digits /= unit;
    if (rest * 2n > unit || (rest * 2n === unit && digits % 2n === 1n)) digits += 1n;
    power += surplus;
  }
  if (digits !== 0n && digits.toString().length + power > 6145)
    return Decimal128.fromString(coefficient < 0n ? '-Infinity' : 'Infinity');
  return Decimal128.fromString(`${coefficient < 0n ? '-' : ''}${digits}E${power}`);
}

/** The largest double that is not above a number, and whether it is exactly that number. */
export function floorDouble(value: Num): { double: number; exact: boolean } {
  const nearest = toDouble(value);
  if (typeof value === 'number' || value instanceof Double || !Number.isFinite(nearest) || Number.isNaN(nearest)) {
    // A decimal above the range of doubles becomes Infinity by conversion; its floor is the largest finite double.
    if (value instanceof Decimal128 && exact(value) !== null)
      return nearest > 0 ? { double: Number.MAX_VALUE, exact: false } : { double: -Infinity, exact: false };
    return { double: nearest, exact: true };
  }
  const order = compareNumbers(new Double(nearest), value);
  if (order === 0) return { double: nearest, exact: true };
  return { double: order < 0 ? nearest : nextBelow(nearest), exact: false };
}

function nextBelow(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value === 0 ? 0 : value);
  const bits = view.getBigInt64(0);
  if (value === 0) return -Number.MIN_VALUE;
  view.setBigInt64(0, value > 0 ? bits - 1n : bits + 1n);
  return view.getFloat64(0);
}
