import { type Doc, isDoc, UtcDate, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import { GATHERED } from './accumulators.ts';
import { ARITHMETIC } from './arithmetic.ts';
import { ARRAYS } from './arrays.ts';
import { CONVERSION } from './convert.ts';
import { DATES } from './dates.ts';
import { LOGIC } from './logic.ts';
import type { Compiler, Expression, Operator, Variables } from './operator.ts';
import { STRINGS } from './strings.ts';

/** The operators by name; what is not here is refused with code 168. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...LOGIC,
  ...ARITHMETIC,
  ...ARRAYS,
  ...STRINGS,
  ...DATES,
  ...CONVERSION,
  ...GATHERED,
]);

/** The variables every command has: `$$NOW` is fixed for its whole run. */
export function commandVariables(now: number, given: Doc | null): Variables {
  let variables: Variables = { name: 'NOW', value: new UtcDate(now), outer: null };
  for (const [name, value] of given ?? []) {
    const computed = compileExpression(value, variables)(undefined, variables);
    variables = { name, value: computed, outer: variables };
  }
  return variables;
}

/** Compiles an expression. Unknown operators give code 168, unknown variables 17276. */
export function compileExpression(value: Value, variables: Variables | null): Expression {
  const names: string[] = [];
  for (let each = variables; each !== null; each = each.outer) names.push(each.name);
  return compilerWith(names).compile(value);
}

function compilerWith(names: readonly string[]): Compiler {
  const compiler: Compiler = {
    compile: (value) => compilePart(value, names, compiler),
    within: (more, value) => compilerWith([...more, ...names]).compile(value),
  };
  return compiler;
}

function compilePart(value: Value, names: readonly string[], compiler: Compiler): Expression {
  if (typeof value === 'string') return value.startsWith('$') ? reference(value, names) : () => value;
  if (Array.isArray(value)) {
    const parts = value.map((item) => compiler.compile(item));
    return (root, variables) => parts.map((part) => part(root, variables) ?? null);
  }
  if (!isDoc(value)) return () => value;
  const first = value.keys().next().value;
  if (first?.startsWith('$')) return operator(first, value, compiler);
  return objectExpression(value, compiler);
}

function operator(name: string, value: Doc, compiler: Compiler): Expression {
  if (value.size !== 1)
    throw new ServerError(
      15983,
      `An object representing an expression must have exactly one field: ${[...value.keys()].join(', ')}`,
    );
  const found = OPERATORS.get(name);
  if (found === undefined) throw new ServerError(168, `Unrecognized expression '${name}'`);
  return found(value.get(name) as Value, compiler, name);
}

function objectExpression(value: Doc, compiler: Compiler): Expression {
  const fields = [...value].map(([name, item]) => {
    if (name.startsWith('$')) throw new ServerError(16410, `FieldPath field names may not start with '$'.`);
    if (name.includes('.')) throw new ServerError(16412, "FieldPath field names may not contain '.'.");
    return [name, compiler.compile(item)] as const;
  });
  return (root, variables) => {
    const out: Doc = new Map();
    for (const [name, expression] of fields) {
      const result = expression(root, variables);
      if (result !== undefined) out.set(name, result);
    }
    return out;
  };
}

function reference(text: string, names: readonly string[]): Expression {
  if (!text.startsWith('$$')) {
    const parts = fieldParts(text.slice(1));
    return (root) => fieldValue(root, parts, 0);
  }
  const [name = '', ...rest] = text.slice(2).split('.');
  if (name === 'ROOT' || name === 'CURRENT') return (root) => fieldValue(root, rest, 0);
  if (name === 'REMOVE') return () => undefined;
  if (!names.includes(name)) throw new ServerError(17276, `Use of undefined variable: ${name}`);
  return (_root, variables) => fieldValue(variableValue(name, variables), rest, 0);
}

function fieldParts(path: string): string[] {
  if (path === '') throw new ServerError(16872, "'$' by itself is not a valid FieldPath");
  const parts = path.split('.');
  for (const part of parts) {
    if (part === '') throw new ServerError(15998, 'FieldPath field names may not be empty strings.');
    if (part.startsWith('$'))
      throw new ServerError(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      );
  }
  return parts;
}

function variableValue(name: string, variables: Variables | null): Value | undefined {
  for (let each = variables; each !== null; each = each.outer) if (each.name === name) return each.value;
  return undefined;
}

/** A field path as expressions mean it: arrays are mapped, indexes have no meaning, missing elements drop out. */
export function fieldValue(value: Value | undefined, parts: readonly string[], from: number): Value | undefined {
  let current = value;
  for (let i = from; i < parts.length; i++) {
    if (isDoc(current)) current = current.get(parts[i] as string);
    else if (Array.isArray(current)) {
      const out: Value[] = [];
      for (const item of current) {
        const found = isDoc(item) || Array.isArray(item) ? fieldValue(item, parts, i) : undefined;
        if (found !== undefined) out.push(found);
      }
      return out;
    } else return undefined;
  }
  return current;
}
