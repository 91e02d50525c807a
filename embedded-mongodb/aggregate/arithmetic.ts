import { Decimal128 } from 'bson';
import {
  arithmetic,
  asDecimal,
  compareNumbers,
  exact,
  fromInteger,
  isNumber,
  type Num,
  toDecimal128,
  toDouble,
  toInteger,
} from '../bson/numbers.ts';
import { Double, typeName, UtcDate, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import { computed, isNullish } from './operands.ts';
import type { Operator } from './operator.ts';

type Values = readonly (Value | undefined)[];

function numeric(value: Value, name: string): Num {
  if (!isNumber(value)) throw new ServerError(14, `${name} only supports numeric types, not ${typeName(value)}`);
  return value;
}

/** The sum of two numbers as expressions add: a long overflow becomes a double. */
export function plus(a: Num, b: Num): Num {
  return arithmetic('+', a, b, 'double') ?? new Double(toDouble(a) + toDouble(b));
}

function add(values: Values, name: string): Value {
  let sum: Num = 0;
  let dates = 0;
  for (const value of values) {
    if (isNullish(value)) return null;
    if (value instanceof UtcDate) {
      dates += 1;
      sum = plus(sum, BigInt(value.ms));
    } else if (isNumber(value)) sum = plus(sum, value);
    else throw new ServerError(14, `${name} only supports numeric or date types, not ${typeName(value)}`);
  }
  if (dates > 1) throw new ServerError(16612, 'only one date allowed in an $add expression');
  return dates === 1 ? new UtcDate(Math.round(toDouble(sum))) : sum;
}

function subtract([a, b]: Values): Value {
  if (isNullish(a) || isNullish(b)) return null;
  if (a instanceof UtcDate) {
    if (b instanceof UtcDate) return BigInt(a.ms - b.ms);
    if (isNumber(b)) return new UtcDate(a.ms - Math.round(toDouble(b)));
  }
  if (isNumber(a) && isNumber(b)) return arithmetic('-', a, b, 'double') ?? new Double(toDouble(a) - toDouble(b));
  throw new ServerError(14, `can't $subtract ${typeName(b)} from ${typeName(a)}`);
}

function multiply(values: Values, name: string): Value {
  let product: Num = 1;
  for (const value of values) {
    if (isNullish(value)) return null;
    product = arithmetic('*', product, numeric(value, name), 'double') ?? product;
  }
  return product;
}

function divide([a, b]: Values): Value {
  if (isNullish(a) || isNullish(b)) return null;
  const divisor = numeric(b, '$divide');
  if (toDouble(divisor) === 0) throw new ServerError(2, "can't $divide by zero");
  return quotient(numeric(a, '$divide'), divisor);
}

/** A quotient: a double, or a decimal of 34 digits when one operand is a decimal. */
export function quotient(a: Num, b: Num): Num {
  if (!(a instanceof Decimal128) && !(b instanceof Decimal128)) return new Double(toDouble(a) / toDouble(b));
  const left = exact(asDecimal(a));
  const right = exact(asDecimal(b));
  if (left === null || right === null || right.coefficient === 0n)
    return asDecimal(new Double(toDouble(a) / toDouble(b)));
  // 40 digits more than the divisor has, then rounding to 34 does the rest; an exact result loses its zeros again.
  const shift = 40 + right.coefficient.toString().length;
  let digits = (left.coefficient * 10n ** BigInt(shift)) / right.coefficient;
  let exponent = left.exponent - right.exponent - shift;
  while (exponent < left.exponent - right.exponent && digits % 10n === 0n && digits !== 0n) {
    digits /= 10n;
    exponent += 1;
  }
  return toDecimal128(digits, exponent);
}

function mod([a, b]: Values): Value {
  if (isNullish(a) || isNullish(b)) return null;
  const left = numeric(a, '$mod');
  const right = numeric(b, '$mod');
  if (toDouble(right) === 0) throw new ServerError(16610, "can't $mod by zero");
  if (left instanceof Decimal128 || right instanceof Decimal128)
    return decimalRemainder(asDecimal(left), asDecimal(right));
  if (typeof left === 'number' && typeof right === 'number') return left % right;
  if (typeof left === 'bigint' || typeof right === 'bigint')
    if (
      (typeof left === 'bigint' || typeof left === 'number') &&
      (typeof right === 'bigint' || typeof right === 'number')
    )
      return BigInt(left) % BigInt(right);
  return new Double(toDouble(left) % toDouble(right));
}

/** The remainder with the sign of the dividend, exact. */
function decimalRemainder(a: Decimal128, b: Decimal128): Num {
  const left = exact(a);
  const right = exact(b);
  // Of an infinite dividend there is none; an infinite divisor leaves all.
  if (left === null || right === null) return asDecimal(new Double(toDouble(a) % toDouble(b)));
  const exponent = Math.min(left.exponent, right.exponent);
  const whole = (parts: { coefficient: bigint; exponent: number }) =>
    parts.coefficient * 10n ** BigInt(parts.exponent - exponent);
  return toDecimal128(whole(left) % whole(right), exponent);
}

/** `$ceil` and `$floor`: `direction` is 1 for the next whole number above, -1 for the one below. */
function rounded(rule: (value: number) => number, direction: 1 | -1): Operator {
  return computed(1, 1, ([value], name) => {
    if (isNullish(value)) return null;
    const number = numeric(value, name);
    if (typeof number === 'number' || typeof number === 'bigint') return number;
    if (number instanceof Double) return new Double(rule(number.value));
    const parts = exact(number);
    if (parts === null) return number;
    const cut = roundDecimal(parts, 0, true);
    const whole = toDecimal128(cut.coefficient, cut.exponent);
    const isShort = compareNumbers(whole, number) === -direction;
    return isShort ? toDecimal128(cut.coefficient + BigInt(direction), cut.exponent) : whole;
  });
}

/** Rounds half to even at a place, as `$round` does; `$trunc` cuts. */
function atPlace(cut: boolean): Operator {
  return computed(1, 2, ([value, place], name) => {
    if (isNullish(value)) return null;
    if (place === null) return null;
    const number = numeric(value, name);
    const digits = place === undefined ? 0 : toInteger(numeric(place, name));
    if (digits === undefined || digits < -20 || digits > 100)
      throw new ServerError(
        51083,
        `cannot apply ${name} with precision value ${String(place)} value must be in [-20, 100]`,
      );
    if ((typeof number === 'number' || typeof number === 'bigint') && digits >= 0) return number;
    const parts = exact(number);
    if (parts === null) return number;
    const result = roundDecimal(parts, digits, cut);
    if (number instanceof Double) return new Double(Number(`${result.coefficient}e${result.exponent}`));
    if (number instanceof Decimal128) return toDecimal128(result.coefficient, result.exponent);
    const integer = result.coefficient * 10n ** BigInt(result.exponent);
    return typeof number === 'bigint' ? integer : fromInteger(integer);
  });
}

function roundDecimal(parts: { coefficient: bigint; exponent: number }, digits: number, cut: boolean) {
  const drop = -digits - parts.exponent;
  if (drop <= 0) return parts;
  const unit = 10n ** BigInt(drop);
  const negative = parts.coefficient < 0n;
  const magnitude = negative ? -parts.coefficient : parts.coefficient;
  let whole = magnitude / unit;
  const rest = (magnitude % unit) * 2n;
  if (!cut && (rest > unit || (rest === unit && whole % 2n === 1n))) whole += 1n;
  return { coefficient: negative ? -whole : whole, exponent: -digits };
}

/**
 * A function of doubles; what `outside` holds for is refused with `code`. So are decimals, with 238: 34 right digits are
 * not to be had from doubles.
 */
function onDouble(run: (value: number) => number, outside?: (value: number) => boolean, code = 0): Operator {
  return computed(1, 1, ([value], name) => {
    if (isNullish(value)) return null;
    const number = numeric(value, name);
    const double = toDouble(number);
    if (outside?.(double) === true) throw new ServerError(code, `${name}'s argument is out of its range: ${double}`);
    if (number instanceof Decimal128) throw new ServerError(238, `${name} of a decimal is not supported`);
    return new Double(run(double));
  });
}

function abs([value]: Values, name: string): Value {
  if (isNullish(value)) return null;
  const number = numeric(value, name);
  if (number === LONG_MIN) throw new ServerError(28680, "can't take $abs of long long min");
  return toDouble(number) < 0 ? (arithmetic('-', 0, number, 'double') ?? number) : number;
}

function pow([base, exponent]: Values): Value {
  if (isNullish(base) || isNullish(exponent)) return null;
  const a = numeric(base, '$pow');
  const b = numeric(exponent, '$pow');
  if (toDouble(a) === 0 && toDouble(b) < 0)
    throw new ServerError(28764, '$pow cannot take a base of 0 and a negative exponent');
  if (a instanceof Decimal128 || b instanceof Decimal128)
    throw new ServerError(238, '$pow of a decimal is not supported');
  const result = new Double(toDouble(a) ** toDouble(b));
  if (a instanceof Double || b instanceof Double) return result;
  // Beyond these exponents only the powers of 0, 1 and -1 are whole numbers of 64 bits.
  if (!Number.isInteger(result.value) || (Math.abs(result.value) > 1 && toDouble(b) > 63)) return result;
  const whole = Math.abs(result.value) <= 1 ? BigInt(result.value) : BigInt(a) ** BigInt(b);
  if (typeof a === 'number' && typeof b === 'number') return fromInteger(whole);
  return BigInt.asIntN(64, whole) === whole ? whole : result;
}

const LONG_MIN = -(2n ** 63n);

/** Arithmetic with MongoDB's number types. */
export const ARITHMETIC: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$add', computed(0, Number.POSITIVE_INFINITY, add)],
  ['$subtract', computed(2, 2, subtract)],
  ['$multiply', computed(0, Number.POSITIVE_INFINITY, multiply)],
  ['$divide', computed(2, 2, divide)],
  ['$mod', computed(2, 2, mod)],
  ['$abs', computed(1, 1, abs)],
  ['$ceil', rounded(Math.ceil, 1)],
  ['$floor', rounded(Math.floor, -1)],
  ['$round', atPlace(false)],
  ['$trunc', atPlace(true)],
  ['$pow', computed(2, 2, pow)],
  ['$sqrt', onDouble(Math.sqrt, (value) => value < 0, 28714)],
  ['$exp', onDouble(Math.exp)],
  ['$ln', onDouble(Math.log, (value) => value <= 0, 28766)],
  ['$log10', onDouble(Math.log10, (value) => value <= 0, 28761)],
  ['$rand', () => () => new Double(Math.random())],
]);
