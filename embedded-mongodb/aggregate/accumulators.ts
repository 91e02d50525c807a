import { Decimal128 } from 'bson';
import { compare } from '../bson/compare.ts';
import { hashOf } from '../bson/key.ts';
import { isNumber, type Num, toDouble } from '../bson/numbers.ts';
import { type Doc, Double, isDoc, typeName, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import { plus, quotient } from './arithmetic.ts';
import type { Operator } from './expression.ts';
import { computed, isNullish } from './operands.ts';

/** Gathers the values of one group. */
export interface Accumulator {
  add(value: Value | undefined): void;
  result(): Value;
}

function sum(): Accumulator {
  let total: Num = 0;
  return {
    add: (value) => {
      if (isNumber(value)) total = plus(total, value);
    },
    result: () => total,
  };
}

function average(): Accumulator {
  let total: Num = new Double(0);
  let count = 0;
  return {
    add: (value) => {
      if (!isNumber(value)) return;
      total = plus(total, value);
      count += 1;
    },
    result: () => {
      if (count === 0) return null;
      return total instanceof Decimal128 ? quotient(total, count) : new Double(toDouble(total) / count);
    },
  };
}

function extreme(sign: number): Accumulator {
  let best: Value | undefined;
  return {
    add: (value) => {
      if (!isNullish(value) && (best === undefined || compare(value, best) * sign > 0)) best = value;
    },
    result: () => best ?? null,
  };
}

function first(): Accumulator {
  let seen = false;
  let found: Value = null;
  return {
    add: (value) => {
      if (!seen) found = value ?? null;
      seen = true;
    },
    result: () => found,
  };
}

function last(): Accumulator {
  let found: Value = null;
  return {
    add: (value) => {
      found = value ?? null;
    },
    result: () => found,
  };
}

function pushed(): Accumulator {
  const items: Value[] = [];
  return {
    add: (value) => {
      if (value !== undefined) items.push(value);
    },
    result: () => items,
  };
}

function distinct(): Accumulator {
  const items = new Map<string, Value>();
  return {
    add: (value) => {
      if (value !== undefined && !items.has(hashOf(value))) items.set(hashOf(value), value);
    },
    result: () => [...items.values()],
  };
}

function merged(): Accumulator {
  const out: Doc = new Map();
  return {
    add: (value) => {
      if (isNullish(value)) return;
      if (!isDoc(value))
        throw new ServerError(40400, `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`);
      for (const [name, item] of value) out.set(name, item);
    },
    result: () => out,
  };
}

/** The accumulators of `$group` by name. `$count` is `$sum` of ones. */
export const ACCUMULATORS: ReadonlyMap<string, () => Accumulator> = new Map([
  ['$sum', sum],
  ['$count', sum],
  ['$avg', average],
  ['$min', () => extreme(-1)],
  ['$max', () => extreme(1)],
  ['$first', first],
  ['$last', last],
  ['$push', pushed],
  ['$addToSet', distinct],
  ['$mergeObjects', merged],
]);

/** An accumulator over the operands of an expression; an array that is the only one is taken apart. */
function gathered(make: () => Accumulator): Operator {
  return computed(1, Number.POSITIVE_INFINITY, (values) => {
    const [only] = values;
    const accumulator = make();
    for (const value of values.length === 1 && Array.isArray(only) ? only : values) accumulator.add(value);
    return accumulator.result();
  });
}

/** The accumulators that are expressions too. */
export const GATHERED: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$sum', gathered(sum)],
  ['$avg', gathered(average)],
  ['$min', gathered(() => extreme(-1))],
  ['$max', gathered(() => extreme(1))],
]);
