import { compare } from '../bson/compare.ts';
import { hashOf } from '../bson/key.ts';
import { isNumber } from '../bson/numbers.ts';
import { type Doc, isDoc, typeName, type Value } from '../bson/values.ts';
import { weightOf } from '../bson/weight.ts';
import { ServerError } from '../errors.ts';
import { quotient } from './arithmetic.ts';
import { computed, isNullish } from './operands.ts';
import type { Operator } from './operator.ts';
import { newTotal } from './total.ts';

/** Gathers the values of one group. */
export interface Accumulator {
  /** Returns about how many bytes more it keeps now; of those that keep one value, only the first one counts. */
  add(value: Value | undefined): number;
  result(): Value;
}

function sum(): Accumulator {
  const total = newTotal();
  return {
    add: (value) => {
      if (isNumber(value)) total.add(value);
      return 0;
    },
    result: () => total.sum(),
  };
}

function average(): Accumulator {
  const total = newTotal();
  let count = 0;
  return {
    add: (value) => {
      if (!isNumber(value)) return 0;
      total.add(value);
      count += 1;
      return 0;
    },
    result: () => (count === 0 ? null : quotient(total.sum(), count)),
  };
}

function extreme(sign: number): Accumulator {
  let best: Value | undefined;
  return {
    add: (value) => {
      const isFirst = best === undefined;
      if (isNullish(value) || (best !== undefined && compare(value, best) * sign <= 0)) return 0;
      best = value;
      return isFirst ? weightOf(value) : 0;
    },
    result: () => best ?? null,
  };
}

function first(): Accumulator {
  let found: Value | undefined;
  return {
    add: (value) => {
      if (found !== undefined) return 0;
      found = value ?? null;
      return weightOf(value);
    },
    result: () => found ?? null,
  };
}

function last(): Accumulator {
  let found: Value | undefined;
  return {
    add: (value) => {
      const more = found === undefined ? weightOf(value) : 0;
      found = value ?? null;
      return more;
    },
    result: () => found ?? null,
  };
}

function pushed(): Accumulator {
  const items: Value[] = [];
  return {
    add: (value) => {
      if (value === undefined) return 0;
      items.push(value);
      return weightOf(value) + 8;
    },
    result: () => items,
  };
}

function distinct(): Accumulator {
  const items = new Map<string, Value>();
  return {
    add: (value) => {
      if (value === undefined) return 0;
      const hash = hashOf(value);
      if (items.has(hash)) return 0;
      items.set(hash, value);
      return weightOf(value) + 2 * hash.length;
    },
    result: () => [...items.values()],
  };
}

function merged(): Accumulator {
  const out: Doc = new Map();
  return {
    add: (value) => {
      if (isNullish(value)) return 0;
      if (!isDoc(value))
        throw new ServerError(40400, `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`);
      let more = 0;
      for (const [name, item] of value) {
        if (!out.has(name)) more += weightOf(item) + 2 * name.length;
        out.set(name, item);
      }
      return more;
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
