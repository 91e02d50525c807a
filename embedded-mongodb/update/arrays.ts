import { compare, equal } from '../bson/compare.ts';
import { toInteger } from '../bson/numbers.ts';
import { isDoc, typeName, type Value } from '../bson/values.ts';
import { badValue, ServerError } from '../errors.ts';
import type { Collation } from '../query/collation.ts';
import { elementTest } from '../query/match.ts';
import { keyMaker, sortFields } from '../shape/sort.ts';
import { PUSH_PARTS } from '../subset.ts';
import type { Slot } from './fields.ts';

/** An array operator ready to be applied to a place. */
export type ArrayAction = (slot: Slot) => void;

/** `$push`: append, or with `$each` place, then sort, then slice. */
export function push(path: string, arg: Value): ArrayAction {
  if (!isDoc(arg) || !arg.has('$each')) return (slot) => slot.set([...arrayAt(slot, path, '$push'), arg]);
  for (const part of arg.keys()) if (!PUSH_PARTS.has(part)) throw badValue(`Unrecognized clause in $push: ${part}`);
  const each = arg.get('$each');
  if (!Array.isArray(each))
    throw badValue(`The argument to $each in $push must be an array but it was of type: ${typeName(each)}`);
  const position = integerPart(arg.get('$position'), '$position');
  const slice = integerPart(arg.get('$slice'), '$slice');
  const order = arg.has('$sort') ? elementOrder(arg.get('$sort') as Value) : null;
  return (slot) => {
    const items = [...arrayAt(slot, path, '$push')];
    const at = position === undefined ? items.length : position < 0 ? Math.max(0, items.length + position) : position;
    items.splice(at, 0, ...each);
    if (order !== null) items.sort(order);
    slot.set(slice === undefined ? items : slice < 0 ? items.slice(slice) : items.slice(0, slice));
  };
}

function integerPart(value: Value | undefined, name: string): number | undefined {
  if (value === undefined) return undefined;
  const number = toInteger(value);
  if (number === undefined)
    throw badValue(`The value for ${name} must be an integer value but was given type: ${typeName(value)}`);
  return number;
}

function elementOrder(value: Value): (a: Value, b: Value) => number {
  if (isDoc(value)) {
    const maker = keyMaker(sortFields(value), null);
    const keyOf = (item: Value) => maker.keyOf(isDoc(item) ? item : new Map());
    return (a, b) => maker.compare(keyOf(a), keyOf(b));
  }
  const direction = toInteger(value);
  if (direction !== 1 && direction !== -1) throw badValue('The $sort element value must be either 1 or -1');
  return (a, b) => compare(a, b) * direction;
}

/** `$addToSet`: appends what is not there yet; field order counts. */
export function addToSet(path: string, arg: Value): ArrayAction {
  let items: readonly Value[] = [arg];
  if (isDoc(arg) && arg.has('$each')) {
    const each = arg.get('$each');
    if (!Array.isArray(each))
      throw new ServerError(
        14,
        `The argument to $each in $addToSet must be an array but it was of type ${typeName(each)}`,
      );
    items = each;
  }
  return (slot) => {
    const out = [...arrayAt(slot, path, '$addToSet')];
    for (const item of items) if (!out.some((other) => equal(other, item))) out.push(item);
    slot.set(out);
  };
}

/** `$pop`: takes the last element, or with -1 the first. */
export function pop(path: string, arg: Value): ArrayAction {
  const end = toInteger(arg);
  if (end !== 1 && end !== -1) throw new ServerError(9, `$pop expects 1 or -1, found: ${String(end)}`);
  return (slot) => {
    const value = slot.get();
    if (value === undefined) return;
    if (!Array.isArray(value))
      throw new ServerError(14, `Path '${path}' contains an element of non-array type '${typeName(value)}'`);
    slot.set(end === 1 ? value.slice(0, -1) : value.slice(1));
  };
}

/** `$pull`: takes all elements that meet a condition. */
export function pull(arg: Value, collation: Collation): ArrayAction {
  const test = elementTest(arg, { collation });
  return (slot) => keep(slot, '$pull', (item) => !test(item));
}

/** `$pullAll`: takes all elements that equal one of a list. */
export function pullAll(arg: Value): ArrayAction {
  if (!Array.isArray(arg)) throw badValue(`$pullAll requires an array argument but was given a ${typeName(arg)}`);
  return (slot) => keep(slot, '$pullAll', (item) => !arg.some((other) => equal(item, other)));
}

function keep(slot: Slot, name: string, test: (item: Value) => boolean): void {
  const value = slot.get();
  if (value === undefined) return;
  if (!Array.isArray(value)) throw badValue(`Cannot apply ${name} to a non-array value`);
  const kept = value.filter(test);
  if (kept.length !== value.length) slot.set(kept);
}

function arrayAt(slot: Slot, path: string, name: string): readonly Value[] {
  const value = slot.get();
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    const what =
      name === '$push'
        ? `The field '${path}' must be an array but is of type ${typeName(value)}`
        : `Cannot apply ${name} to non-array field. Field named '${slot.name}' has non-array type ${typeName(value)}`;
    throw badValue(what);
  }
  return value;
}
