import { isNumber, toDouble } from '../bson/numbers.ts';
import { isDoc, typeName, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import type { Expression, Operator } from './operator.ts';

type Values = readonly (Value | undefined)[];

/** The operands of an operator: an array is the list of them, anything else the only one. */
export function operands(arg: Value): Value[] {
  return Array.isArray(arg) ? arg : [arg];
}

/** Whether a value is null, missing or the deprecated undefined: most operators answer null to it. */
export function isNullish(value: Value | undefined): value is null | undefined {
  return value === undefined || value === null || typeName(value) === 'undefined';
}

/** An operator that computes its result of its operands' values, their number checked when it is compiled. */
export function computed(min: number, max: number, run: (values: Values, name: string) => Value | undefined): Operator {
  return (arg, compiler, name) => {
    const parts = operands(arg);
    if (parts.length < min || parts.length > max) {
      const wanted = min === max ? `exactly ${min} arguments` : `at least ${min} arguments, and at most ${max}`;
      throw new ServerError(16020, `Expression ${name} takes ${wanted}. ${parts.length} were passed in.`);
    }
    const compiled = parts.map((part) => compiler.compile(part));
    return (root, variables) =>
      run(
        compiled.map((each) => each(root, variables)),
        name,
      );
  };
}

/** The named parts of an operator's document argument, compiled; unknown names and missing ones are refused. */
export function namedParts(
  arg: Value,
  name: string,
  required: readonly string[],
  optional: readonly string[],
  compile: (value: Value, part: string) => Expression,
): Map<string, Expression> {
  if (!isDoc(arg)) throw new ServerError(9, `${name} only supports an object as its argument`);
  const out = new Map<string, Expression>();
  for (const [part, value] of arg) {
    if (!required.includes(part) && !optional.includes(part))
      throw new ServerError(9, `Unrecognized argument to ${name}: ${part}`);
    out.set(part, compile(value, part));
  }
  for (const part of required) if (!out.has(part)) throw new ServerError(9, `Missing '${part}' parameter to ${name}`);
  return out;
}

/** Whether a value counts as true in an expression: not missing, null, false or zero. */
export function truthy(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === false) return false;
  if (isNumber(value)) return toDouble(value) !== 0;
  return typeName(value) !== 'undefined';
}
