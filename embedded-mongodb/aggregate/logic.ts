import { compare } from '../bson/compare.ts';
import { isDoc, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import { computed, isNullish, namedParts, operands, truthy } from './operands.ts';
import type { Compiler, Expression, Operator, Variables } from './operator.ts';

function comparing(holds: (order: number) => boolean): Operator {
  return computed(2, 2, ([a, b]) => holds(compareValues(a, b)));
}

/** In expressions a missing value is below null. */
function compareValues(a: Value | undefined, b: Value | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compare(a, b);
}

function and(arg: Value, compiler: Compiler): Expression {
  const parts = operands(arg).map((part) => compiler.compile(part));
  return (root, variables) => parts.every((part) => truthy(part(root, variables)));
}

function or(arg: Value, compiler: Compiler): Expression {
  const parts = operands(arg).map((part) => compiler.compile(part));
  return (root, variables) => parts.some((part) => truthy(part(root, variables)));
}

function cond(arg: Value, compiler: Compiler, name: string): Expression {
  let parts: Expression[];
  if (isDoc(arg)) {
    const named = namedParts(arg, name, ['if', 'then', 'else'], [], (value) => compiler.compile(value));
    parts = ['if', 'then', 'else'].map((part) => named.get(part) as Expression);
  } else {
    if (operands(arg).length !== 3)
      throw new ServerError(
        16020,
        `Expression $cond takes exactly 3 arguments. ${operands(arg).length} were passed in.`,
      );
    parts = operands(arg).map((part) => compiler.compile(part));
  }
  const [test, then, otherwise] = parts as [Expression, Expression, Expression];
  return (root, variables) => (truthy(test(root, variables)) ? then(root, variables) : otherwise(root, variables));
}

function ifNull(arg: Value, compiler: Compiler): Expression {
  const parts = operands(arg).map((part) => compiler.compile(part));
  if (parts.length < 2) throw new ServerError(1257300, `$ifNull needs at least two arguments, had: ${parts.length}`);
  return (root, variables) => {
    let value: Value | undefined;
    for (const part of parts) {
      value = part(root, variables);
      if (!isNullish(value)) return value;
    }
    return value;
  };
}

function switchOf(arg: Value, compiler: Compiler): Expression {
  if (!isDoc(arg)) throw new ServerError(40060, '$switch requires an object as an argument');
  const list = arg.get('branches');
  if (!Array.isArray(list) || list.length === 0) throw new ServerError(40068, '$switch requires at least one branch');
  const branches = list.map((item) => {
    const named = namedParts(item, '$switch', ['case', 'then'], [], (value) => compiler.compile(value));
    return [named.get('case') as Expression, named.get('then') as Expression] as const;
  });
  const otherwise = arg.get('default');
  const fallback = otherwise === undefined ? null : compiler.compile(otherwise);
  return (root, variables) => {
    for (const [test, then] of branches) if (truthy(test(root, variables))) return then(root, variables);
    if (fallback === null)
      throw new ServerError(
        40066,
        '$switch could not find a matching branch for an input, and no default was specified.',
      );
    return fallback(root, variables);
  };
}

function letOf(arg: Value, compiler: Compiler): Expression {
  const given = isDoc(arg) ? arg.get('vars') : undefined;
  if (!isDoc(arg) || !isDoc(given) || !arg.has('in'))
    throw new ServerError(16876, "Missing 'vars' or 'in' parameter to $let");
  const parts = [...given].map(([name, value]) => [name, compiler.compile(value)] as const);
  const body = compiler.within(
    parts.map(([name]) => name),
    arg.get('in') as Value,
  );
  return (root, variables) => {
    let inner: Variables | null = variables;
    for (const [name, part] of parts) inner = { name, value: part(root, variables), outer: inner };
    return body(root, inner);
  };
}

/** Comparison, logic and choice. */
export const LOGIC: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$eq', comparing((order) => order === 0)],
  ['$ne', comparing((order) => order !== 0)],
  ['$gt', comparing((order) => order > 0)],
  ['$gte', comparing((order) => order >= 0)],
  ['$lt', comparing((order) => order < 0)],
  ['$lte', comparing((order) => order <= 0)],
  ['$cmp', computed(2, 2, ([a, b]) => Math.sign(compareValues(a, b)))],
  ['$and', and],
  ['$or', or],
  ['$not', computed(1, 1, ([value]) => !truthy(value))],
  ['$cond', cond],
  ['$ifNull', ifNull],
  ['$switch', switchOf],
  ['$let', letOf],
  ['$literal', (arg) => () => arg],
]);
