import { hashOf } from '../bson/key.ts';
import { typeName, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import { computed, isNullish, truthy } from './operands.ts';
import type { Operator } from './operator.ts';

type Values = readonly (Value | undefined)[];
const MANY = Number.POSITIVE_INFINITY;

function asSet(value: Value | undefined, name: string): Map<string, Value> {
  if (!Array.isArray(value))
    throw new ServerError(17043, `All operands of ${name} must be arrays. One argument is of type: ${typeName(value)}`);
  const out = new Map<string, Value>();
  for (const item of value) if (!out.has(hashOf(item))) out.set(hashOf(item), item);
  return out;
}

function union(values: Values, name: string): Value {
  if (values.some(isNullish)) return null;
  return [...new Map(values.flatMap((value) => [...asSet(value, name)])).values()];
}

function intersection(values: Values, name: string): Value {
  if (values.some(isNullish)) return null;
  const [first, ...rest] = values.map((value) => asSet(value, name));
  return [...(first ?? new Map<string, Value>())]
    .filter(([key]) => rest.every((set) => set.has(key)))
    .map(([, value]) => value);
}

function difference([a, b]: Values, name: string): Value {
  if (isNullish(a) || isNullish(b)) return null;
  const drop = asSet(b, name);
  return [...asSet(a, name)].filter(([key]) => !drop.has(key)).map(([, value]) => value);
}

function isSubset([a, b]: Values, name: string): Value {
  const all = asSet(b, name);
  return [...asSet(a, name).keys()].every((key) => all.has(key));
}

function sameSet(values: Values, name: string): Value {
  const [first, ...rest] = values.map((value) => asSet(value, name));
  return rest.every((set) => set.size === first?.size && [...set.keys()].every((key) => first.has(key)));
}

function elements([value]: Values, name: string): readonly Value[] {
  if (!Array.isArray(value))
    throw new ServerError(17040, `${name}'s argument must be an array, but is ${typeName(value)}`);
  return value;
}

/** Sets: arrays without order or repetition, compared as MongoDB compares values. */
export const SETS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$setUnion', computed(0, MANY, union)],
  ['$setIntersection', computed(0, MANY, intersection)],
  ['$setDifference', computed(2, 2, difference)],
  ['$setIsSubset', computed(2, 2, isSubset)],
  ['$setEquals', computed(2, MANY, sameSet)],
  ['$anyElementTrue', computed(1, 1, (values, name) => elements(values, name).some(truthy))],
  ['$allElementsTrue', computed(1, 1, (values, name) => elements(values, name).every(truthy))],
]);
