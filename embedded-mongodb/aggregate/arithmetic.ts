import { Decimal128 } from 'bson';
import {
  arithmetic,
  asDecimal,
  exact,
  fromInteger,
  isNumber,
  type Num,
  toDecimal128,
  toDouble,
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
  if (typeof left === 'number' && typeof right === 'number') return left % right;
  if (typeof left === 'bigint' || typeof right === 'bigint')
    if (
      (typeof left === 'bigint' || typeof left === 'number') &&
      (typeof right === 'bigint' || typeof right === 'number')
    )
      return BigInt(left) % BigInt(right);
  return new Double(toDouble(left) % toDouble(right));
}

function rounded(rule: (value: number) => number): Operator {
  return computed(1, 1, ([value], name) => {
    if (isNullish(value)) return null;
    const number = numeric(value, name);
    if (typeof number === 'number' || typeof number === 'bigint') return number;
    return number instanceof Double ? new Double(rule(number.value)) : asDecimal(new Double(rule(toDouble(number))));
  });
}

/** Rounds half to even at a place, as `$round` does; `$trunc` cuts. */
function atPlace(cut: boolean): Operator {
  return computed(1, 2, ([value, place], name) => {
    if (isNullish(value)) return null;
    if (place === null) return null;
    const number = numeric(value, name);
    const digits = place === undefined ? 0 : toDouble(numeric(place, name));
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

function onDouble(run: (value: number) => number): Operator {
  return computed(1, 1, ([value], name) => (isNullish(value) ? null : new Double(run(toDouble(numeric(value, name))))));
}

function abs([value]: Values, name: string): Value {
  if (isNullish(value)) return null;
  const number = numeric(value, name);
  return toDouble(number) < 0 ? (arithmetic('-', 0, number, 'double') ?? number) : number;
}

function pow([base, exponent]: Values): Value {
  if (isNullish(base) || isNullish(exponent)) return null;
  const a = numeric(base, '$pow');
  const b = numeric(exponent, '$pow');
  const result = toDouble(a) ** toDouble(b);
  const whole = [a, b].every((each) => typeof each === 'number' || typeof each === 'bigint');
  if (!whole || !Number.isSafeInteger(result)) return new Double(result);
  return typeof a === 'number' && typeof b === 'number' ? fromInteger(BigInt(result)) : BigInt(result);
}

/** Arithmetic with MongoDB's number types. */
export const ARITHMETIC: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$add', computed(0, Number.POSITIVE_INFINITY, add)],
  ['$subtract', computed(2, 2, subtract)],
  ['$multiply', computed(0, Number.POSITIVE_INFINITY, multiply)],
  ['$divide', computed(2, 2, divide)],
  ['$mod', computed(2, 2, mod)],
  ['$abs', computed(1, 1, abs)],
  ['$ceil', rounded(Math.ceil)],
  ['$floor', rounded(Math.floor)],
  ['$round', atPlace(false)],
  ['$trunc', atPlace(true)],
  ['$pow', computed(2, 2, pow)],
  ['$sqrt', onDouble(Math.sqrt)],
  ['$exp', onDouble(Math.exp)],
  ['$ln', onDouble(Math.log)],
  ['$log10', onDouble(Math.log10)],
  ['$rand', () => () => new Double(Math.random())],
]);
