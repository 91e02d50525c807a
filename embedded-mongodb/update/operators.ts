import { compare } from '../bson/compare.ts';
import { arithmetic, isNumber, type Num } from '../bson/numbers.ts';
import { type Doc, isDoc, Timestamp, typeName, UtcDate, type Value } from '../bson/values.ts';
import { badValue, failedToParse, ServerError, typeMismatch } from '../errors.ts';
import type { Collation } from '../query/collation.ts';
import { show } from '../storage/duplicate.ts';
import { UPDATE_OPERATORS } from '../subset.ts';
import { type ArrayAction, addToSet, pop, pull, pullAll, push } from './arrays.ts';
import type { Slot } from './fields.ts';

/** What one operator does at one place; the document is there for messages. */
export type Action = (slot: Slot, document: Doc) => void;

/** An operator on one path, and whether it makes the parents of a missing field. */
export interface Modifier {
  readonly creates: boolean;
  readonly action: Action;
}

/** What the operators of one update share. */
export interface ModifierContext {
  readonly now: number;
  readonly collation: Collation;
}

let ordinal = 0;

/** The operator of a name on a path. Unknown ones are refused with code 9. */
export function modifierOf(name: string, path: string, arg: Value, context: ModifierContext): Modifier {
  switch (name) {
    case '$set':
    case '$setOnInsert':
      return { creates: true, action: (slot) => slot.set(arg) };
    case '$unset':
      return { creates: false, action: (slot) => slot.get() !== undefined && slot.remove() };
    case '$inc':
    case '$mul':
      return { creates: true, action: calculation(name, path, arg) };
    case '$min':
      return { creates: true, action: extreme(arg, -1) };
    case '$max':
      return { creates: true, action: extreme(arg, 1) };
    case '$currentDate':
      return { creates: true, action: currentDate(arg, context.now) };
    case '$bit':
      return { creates: true, action: bits(path, arg) };
    default:
      return arrayModifier(name, path, arg, context);
  }
}

function arrayModifier(name: string, path: string, arg: Value, context: ModifierContext): Modifier {
  const make: Record<string, () => ArrayAction> = {
    $push: () => push(path, arg),
    $addToSet: () => addToSet(path, arg),
    $pop: () => pop(path, arg),
    $pull: () => pull(arg, context.collation),
    $pullAll: () => pullAll(arg),
  };
  if (!Object.hasOwn(make, name))
    throw failedToParse(
      `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  const action = (make[name] as () => ArrayAction)();
  return { creates: name === '$push' || name === '$addToSet', action };
}

function calculation(name: string, path: string, arg: Value): Action {
  const verb = name === '$inc' ? 'increment' : 'multiply';
  if (!isNumber(arg)) throw typeMismatch(`Cannot ${verb} with non-numeric argument: {${path}: ${show(arg)}}`);
  return (slot, document) => {
    const value = slot.get();
    if (value === undefined) {
      slot.set(name === '$inc' ? arg : (arithmetic('*', arg, 0, 'refuse') ?? 0));
      return;
    }
    if (!isNumber(value))
      throw typeMismatch(
        `Cannot apply ${name} to a value of non-numeric type. {_id: ${idOf(document)}} has the field '${slot.name}' of non-numeric type ${typeName(value)}`,
      );
    const result: Num | null = arithmetic(name === '$inc' ? '+' : '*', value, arg, 'refuse');
    if (result === null)
      throw badValue(
        `Failed to apply ${name} operations to current value (${show(value)}) for document {_id: ${idOf(document)}}`,
      );
    slot.set(result);
  };
}

function idOf(document: Doc): string {
  return show(document.get('_id') ?? null);
}

function extreme(arg: Value, sign: number): Action {
  return (slot) => {
    const value = slot.get();
    if (value === undefined || compare(arg, value) * sign > 0) slot.set(arg);
  };
}

function currentDate(arg: Value, now: number): Action {
  const type = isDoc(arg) ? arg.get('$type') : arg === true || arg === false ? 'date' : undefined;
  if (type !== 'date' && type !== 'timestamp')
    throw badValue(
      `The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}`,
    );
  if (type === 'date') return (slot) => slot.set(new UtcDate(now));
  return (slot) => {
    ordinal += 1;
    slot.set(new Timestamp((BigInt(Math.floor(now / 1000)) << 32n) | BigInt(ordinal)));
  };
}

function bits(path: string, arg: Value): Action {
  if (!isDoc(arg) || arg.size === 0) throw badValue(`The $bit modifier is not compatible with a ${typeName(arg)}`);
  const steps = [...arg].map(([name, operand]) => {
    if (name !== 'and' && name !== 'or' && name !== 'xor')
      throw badValue(
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator`,
      );
    if (typeof operand !== 'number' && typeof operand !== 'bigint')
      throw badValue(
        `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(operand)}' is not supported here`,
      );
    return { name, operand: BigInt(operand), isLong: typeof operand === 'bigint' };
  });
  return (slot) => {
    const value = slot.get() ?? 0;
    if (typeof value !== 'number' && typeof value !== 'bigint')
      throw new ServerError(
        2,
        `Cannot apply $bit to a value of non-integral type. The field '${path}' has type ${typeName(value)}`,
      );
    let result = BigInt(value);
    for (const { name, operand } of steps)
      result = name === 'and' ? result & operand : name === 'or' ? result | operand : result ^ operand;
    slot.set(
      typeof value === 'bigint' || steps.some((step) => step.isLong)
        ? BigInt.asIntN(64, result)
        : Number(BigInt.asIntN(32, result)),
    );
  };
}

/** Refuses an operator that does not exist with code 9; needed where it has no fields. */
export function assertKnown(name: string): void {
  if (!UPDATE_OPERATORS.has(name))
    throw failedToParse(
      `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
}
