import { Decimal128 } from 'bson';
import { fromInteger, type Num, toDouble } from '../bson/numbers.ts';
import { Double } from '../bson/values.ts';
import { plus } from './arithmetic.ts';

/** A sum that grows by one number at a time. */
export interface Total {
  add(value: Num): void;
  /** A decimal, double, long or int: the widest type that was added, a double where a long overflows. */
  sum(): Num;
}

/**
 * Sums integers exactly, whatever lies between, and doubles with the rounding errors carried along (Neumaier), so that
 * ten times 0.1 is 1 and the order of the rows matters as little as can be.
 */
export function newTotal(): Total {
  let whole: number | bigint = 0;
  let isLong = false;
  let doubles: number | undefined;
  let carried = 0;
  let decimals: Decimal128 | undefined;
  const addDouble = (value: number): void => {
    const before = doubles ?? 0;
    const after = before + value;
    const error = Math.abs(before) >= Math.abs(value) ? before - after + value : value - after + before;
    if (Number.isFinite(error)) carried += error;
    doubles = after;
  };
  return {
    add: (value) => {
      if (value instanceof Double) addDouble(value.value);
      else if (value instanceof Decimal128) {
        const next = plus(decimals ?? 0, value);
        decimals = next instanceof Decimal128 ? next : value;
      } else {
        isLong ||= typeof value === 'bigint';
        whole = exactSum(whole, value);
      }
    },
    sum: () => {
      if (doubles === undefined && decimals === undefined)
        return isLong ? asLong(BigInt(whole)) : fromInteger(BigInt(whole));
      const double = doubles === undefined ? undefined : doubles + carried + Number(whole);
      if (decimals === undefined) return new Double(double ?? 0);
      return plus(decimals, double === undefined ? asLong(BigInt(whole)) : new Double(double));
    },
  };
}

function exactSum(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return BigInt(a) + BigInt(b);
}

function asLong(value: bigint): Num {
  return BigInt.asIntN(64, value) === value ? value : new Double(toDouble(value));
}
