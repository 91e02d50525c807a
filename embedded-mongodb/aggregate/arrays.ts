import { compare, equal } from '../bson/compare.ts';
import { toInteger } from '../bson/numbers.ts';
import { isDoc, typeName, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import { keyMaker, sortFields } from '../shape/sort.ts';
import { OBJECTS } from './objects.ts';
import { computed, isNullish, namedParts, truthy } from './operands.ts';
import type { Compiler, Expression, Operator, Variables } from './operator.ts';
import { SETS } from './sets.ts';

type Values = readonly (Value | undefined)[];
const MANY = Number.POSITIVE_INFINITY;

function arrayOf(value: Value | undefined, name: string, code: number): Value[] {
  if (!Array.isArray(value))
    throw new ServerError(code, `The argument to ${name} must be an array, but was of type: ${typeName(value)}`);
  return value;
}

function integer(value: Value | undefined, name: string, code: number): number {
  const number = toInteger(value);
  if (number === undefined || number < -0x80000000 || number > 0x7fffffff)
    throw new ServerError(code, `${name} needs a 32-bit integer, found ${typeName(value)}`);
  return number;
}

function elementAt([list, place]: Values): Value | undefined {
  if (isNullish(list) || isNullish(place)) return null;
  const index = integer(place, '$arrayElemAt', 28690);
  return arrayOf(list, '$arrayElemAt', 28689).at(index);
}

function concatArrays(values: Values): Value {
  const out: Value[] = [];
  for (const value of values) {
    if (isNullish(value)) return null;
    if (!Array.isArray(value))
      throw new ServerError(28664, `$concatArrays only supports arrays, not ${typeName(value)}`);
    out.push(...value);
  }
  return out;
}

function slice([list, first, second]: Values): Value {
  if (isNullish(list) || first === null || second === null) return null;
  const items = arrayOf(list, '$slice', 28724);
  const a = integer(first, '$slice', 28725);
  if (second === undefined) return a < 0 ? items.slice(a) : items.slice(0, a);
  const count = integer(second, '$slice', 28727);
  if (count <= 0) throw new ServerError(28729, 'Third argument to $slice must be positive');
  const from = a < 0 ? Math.max(0, items.length + a) : a;
  return items.slice(from, from + count);
}

function contains([value, list]: Values): Value {
  if (!Array.isArray(list))
    throw new ServerError(40081, `$in requires an array as a second argument, found: ${typeName(list)}`);
  return value !== undefined && list.some((item) => equal(item, value));
}

function indexOfArray([list, value, start, end]: Values): Value {
  if (isNullish(list)) return null;
  const items = arrayOf(list, '$indexOfArray', 40090);
  const from = start === undefined ? 0 : integer(start, '$indexOfArray', 40096);
  if (from < 0) throw new ServerError(40097, `$indexOfArray requires a nonnegative starting index, found: ${from}`);
  const to = end === undefined ? items.length : integer(end, '$indexOfArray', 40096);
  for (let i = from; i < Math.min(to, items.length); i++) if (equal(items[i], value)) return i;
  return -1;
}

/** Elements of 16 bytes in 100 MB. */
const RANGE_LENGTH = 6_553_600;

function range([start, end, step]: Values): Value {
  const from = integer(start, '$range', 34443);
  const to = integer(end, '$range', 34445);
  const by = step === undefined ? 1 : integer(step, '$range', 34447);
  if (by === 0) throw new ServerError(34449, '$range requires a non-zero step value');
  if ((to - from) / by > RANGE_LENGTH)
    throw new ServerError(146, '$range would use too much memory: its result has more than 100 MB');
  const out: Value[] = [];
  for (let i = from; by > 0 ? i < to : i > to; i += by) out.push(i);
  return out;
}

function map(arg: Value, compiler: Compiler, name: string): Expression {
  const { input, as, body } = loop(arg, compiler, name, 'in', ['input', 'in']);
  return (root, variables) => {
    const items = input(root, variables);
    if (isNullish(items)) return null;
    return arrayOf(items, name, 16883).map((item) => body(root, bind(as, item, variables)) ?? null);
  };
}

function filter(arg: Value, compiler: Compiler, name: string): Expression {
  const { input, as, body, limit } = loop(arg, compiler, name, 'cond', ['input', 'cond']);
  return (root, variables) => {
    const items = input(root, variables);
    if (isNullish(items)) return null;
    const kept = arrayOf(items, name, 28651).filter((item) => truthy(body(root, bind(as, item, variables))));
    const most = limit?.(root, variables);
    if (isNullish(most)) return kept;
    const count = integer(most, name, 327391);
    if (count < 1) throw new ServerError(327392, `${name}: limit must be greater than 0`);
    return kept.slice(0, count);
  };
}

function bind(name: string, value: Value, outer: Variables | null): Variables {
  return { name, value, outer };
}

function loop(arg: Value, compiler: Compiler, name: string, part: string, required: string[]) {
  const as = isDoc(arg) && typeof arg.get('as') === 'string' ? (arg.get('as') as string) : 'this';
  const parts = namedParts(arg, name, required, ['as', ...(name === '$filter' ? ['limit'] : [])], (value, which) =>
    which === part ? compiler.within([as], value) : which === 'as' ? () => null : compiler.compile(value),
  );
  return {
    input: parts.get('input') as Expression,
    body: parts.get(part) as Expression,
    limit: parts.get('limit'),
    as,
  };
}

function reduce(arg: Value, compiler: Compiler, name: string): Expression {
  const parts = namedParts(arg, name, ['input', 'initialValue', 'in'], [], (value, part) =>
    part === 'in' ? compiler.within(['this', 'value'], value) : compiler.compile(value),
  );
  const [input, initial, body] = ['input', 'initialValue', 'in'].map((part) => parts.get(part)) as [
    Expression,
    Expression,
    Expression,
  ];
  return (root, variables) => {
    const items = input(root, variables);
    if (isNullish(items)) return null;
    let value = initial(root, variables);
    for (const item of arrayOf(items, name, 40080))
      value = body(root, { name: 'value', value, outer: { name: 'this', value: item, outer: variables } });
    return value;
  };
}

function sortArray(arg: Value, compiler: Compiler, name: string): Expression {
  const by = isDoc(arg) ? arg.get('sortBy') : undefined;
  const parts = namedParts(arg, name, ['input', 'sortBy'], [], (value, part) =>
    part === 'input' ? compiler.compile(value) : () => null,
  );
  const input = parts.get('input') as Expression;
  const sort = elementSort(by, name);
  return (root, variables) => {
    const items = input(root, variables);
    return isNullish(items) ? null : sort(arrayOf(items, name, 2942504));
  };
}

/** Sorts whole elements by a direction, or documents by fields as `$sort` does; what is no document lacks them all. */
function elementSort(by: Value | undefined, name: string): (items: readonly Value[]) => Value[] {
  if (isDoc(by)) {
    const maker = keyMaker(sortFields(by), null);
    return (items) =>
      items
        .map((item) => ({ item, key: maker.keyOf(isDoc(item) ? item : new Map()) }))
        .sort((a, b) => maker.compare(a.key, b.key))
        .map(({ item }) => item);
  }
  const direction = integer(by, name, 2942507);
  if (direction !== 1 && direction !== -1)
    throw new ServerError(2942507, `${name}: an order must be 1 (for ascending) or -1 (for descending)`);
  return (items) => [...items].sort((a, b) => compare(a, b) * direction);
}

function first(values: Values, name: string): Value | undefined {
  const [list] = values;
  return isNullish(list) ? null : arrayOf(list, name, 28689)[0];
}

function last(values: Values, name: string): Value | undefined {
  const [list] = values;
  return isNullish(list) ? null : arrayOf(list, name, 28689).at(-1);
}

/** Arrays, sets and objects. */
export const ARRAYS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ...SETS,
  ...OBJECTS,
  ['$arrayElemAt', computed(2, 2, elementAt)],
  ['$first', computed(1, 1, first)],
  ['$last', computed(1, 1, last)],
  ['$concatArrays', computed(0, MANY, concatArrays)],
  ['$filter', filter],
  ['$in', computed(2, 2, contains)],
  ['$indexOfArray', computed(2, 4, indexOfArray)],
  ['$isArray', computed(1, 1, ([value]) => Array.isArray(value))],
  ['$map', map],
  ['$range', computed(2, 3, range)],
  ['$reduce', reduce],
  [
    '$reverseArray',
    computed(1, 1, ([value], name) => (isNullish(value) ? null : [...arrayOf(value, name, 34435)].reverse())),
  ],
  ['$size', computed(1, 1, ([value], name) => arrayOf(value, name, 17124).length)],
  ['$slice', computed(2, 3, slice)],
  ['$sortArray', sortArray],
]);
