import { type Doc, doc, isDoc, typeName, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import { computed, isNullish, namedParts } from './operands.ts';
import type { Compiler, Expression, Operator } from './operator.ts';

type Values = readonly (Value | undefined)[];
const MANY = Number.POSITIVE_INFINITY;

function mergeObjects(values: Values): Value {
  const out: Doc = new Map();
  for (const value of values) {
    if (isNullish(value)) continue;
    if (!isDoc(value))
      throw new ServerError(40400, `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`);
    for (const [name, item] of value) out.set(name, item);
  }
  return out;
}

function objectToArray([value]: Values): Value {
  if (isNullish(value)) return null;
  if (!isDoc(value))
    throw new ServerError(40390, `$objectToArray requires a document input, found: ${typeName(value)}`);
  return [...value].map(([k, v]) => doc({ k, v }));
}

function arrayToObject([value]: Values): Value {
  if (isNullish(value)) return null;
  if (!Array.isArray(value))
    throw new ServerError(40386, `$arrayToObject requires an array input, found: ${typeName(value)}`);
  const out: Doc = new Map();
  for (const item of value) {
    const [name, content] = isDoc(item)
      ? [item.get('k'), item.get('v')]
      : Array.isArray(item)
        ? item
        : [undefined, undefined];
    if (typeof name !== 'string' || content === undefined)
      throw new ServerError(40392, "$arrayToObject requires an object with keys 'k' and 'v'");
    out.set(name, content);
  }
  return out;
}

function getField(arg: Value, compiler: Compiler, name: string): Expression {
  const full = isDoc(arg) && arg.has('field') ? arg : doc({ field: arg });
  const parts = namedParts(full, name, ['field'], ['input'], (value) => compiler.compile(value));
  const field = parts.get('field') as Expression;
  const input = parts.get('input') ?? ((root) => root);
  return (root, variables) => {
    const key = field(root, variables);
    const value = input(root, variables);
    if (typeof key !== 'string')
      throw new ServerError(5654602, `$getField requires 'field' to evaluate to type String, but got ${typeName(key)}`);
    return isDoc(value) ? value.get(key) : isNullish(value) ? null : undefined;
  };
}

function setField(arg: Value, compiler: Compiler, name: string): Expression {
  const parts = namedParts(arg, name, ['field', 'input', 'value'], [], (value) => compiler.compile(value));
  const [field, input, content] = ['field', 'input', 'value'].map((part) => parts.get(part)) as [
    Expression,
    Expression,
    Expression,
  ];
  return (root, variables) => {
    const key = field(root, variables);
    const value = input(root, variables);
    if (typeof key !== 'string')
      throw new ServerError(4161107, `$setField requires 'field' to evaluate to type String`);
    if (isNullish(value)) return null;
    if (!isDoc(value)) throw new ServerError(4161105, `$setField requires 'input' to evaluate to type Object`);
    const out: Doc = new Map(value);
    const result = content(root, variables);
    if (result === undefined) out.delete(key);
    else out.set(key, result);
    return out;
  };
}

/** Documents as values. */
export const OBJECTS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$mergeObjects', computed(0, MANY, mergeObjects)],
  ['$objectToArray', computed(1, 1, objectToArray)],
  ['$arrayToObject', computed(1, 1, arrayToObject)],
  ['$getField', getField],
  ['$setField', setField],
  ['$type', computed(1, 1, ([value]) => typeName(value))],
]);
