import { toInteger } from '../bson/numbers.ts';
import { valueAt } from '../bson/path.ts';
import { type Doc, doc, isDoc, type Value } from '../bson/values.ts';
import { weightOf } from '../bson/weight.ts';
import { ServerError } from '../errors.ts';
import { paced } from '../query/clock.ts';
import { window } from '../query/execute.ts';
import { compileFilter } from '../query/match.ts';
import { sorted, sortFields } from '../shape/sort.ts';
import type { Stage, StageContext } from './stage.ts';

/** `$match`. */
export function match(arg: Value, context: StageContext): Stage {
  if (!isDoc(arg)) throw new ServerError(15959, 'the match filter must be an expression in an object');
  const filter = compileFilter(arg, { collation: context.collation, variables: context.variables });
  return function* matching(rows) {
    for (const row of rows) if (row === null || filter.test(row)) yield row;
  };
}

/** `$sort`. */
export function sort(arg: Value, context: StageContext): Stage {
  if (!isDoc(arg)) throw new ServerError(15973, 'the $sort key specification must be an object');
  if (arg.size === 0) throw new ServerError(15976, '$sort stage must have at least one sort key');
  const fields = sortFields(arg);
  const { collation } = context;
  const { budget, clock } = context.view;
  return (rows) =>
    sorted<Doc>(rows, { fields, collation, limit: 0, budget, clock, document: (row) => row, size: weightOf });
}

/** `$skip` and `$limit`. */
export function skipOrLimit(name: string, arg: Value): Stage {
  const number = windowNumber(name, arg);
  return (rows) => (name === '$skip' ? window(rows, number, 0) : window(rows, 0, number));
}

/** The number of a `$skip` or `$limit`; zero as a limit is refused. */
export function windowNumber(name: string, arg: Value): number {
  const number = toInteger(arg);
  if (number === undefined)
    throw new ServerError(
      name === '$skip' ? 5107200 : 5107201,
      `invalid argument to ${name} stage: Expected an integer`,
    );
  if (number < 0)
    throw new ServerError(
      name === '$skip' ? 5107200 : 5107201,
      `invalid argument to ${name} stage: Expected a non-negative number`,
    );
  if (number === 0 && name === '$limit') throw new ServerError(15958, 'the limit must be positive');
  return number;
}

/** `$unwind`: one document for each element. */
export function unwind(arg: Value, context: StageContext): Stage {
  const spec: Doc = isDoc(arg) ? arg : doc({ path: arg });
  const path = spec.get('path');
  if (typeof path !== 'string') throw new ServerError(28808, 'expected a string as the path for $unwind stage');
  if (!path.startsWith('$'))
    throw new ServerError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  const indexField = spec.get('includeArrayIndex');
  const index = typeof indexField === 'string' ? indexField.split('.') : null;
  const keepEmpty = spec.get('preserveNullAndEmptyArrays') === true;
  const parts = path.slice(1).split('.');
  return function* unwinding(rows) {
    for (const row of rows) {
      if (row === null) yield null;
      else yield* paced(unwound(row, parts, index, keepEmpty), context.view.clock);
    }
  };
}

function* unwound(
  row: Doc,
  parts: readonly string[],
  index: readonly string[] | null,
  keepEmpty: boolean,
): Generator<Doc> {
  const value = valueAt(row, parts);
  const numbered = (document: Doc, place: Value) => (index === null ? document : setPath(document, index, place));
  if (Array.isArray(value) && value.length > 0) {
    for (const [i, item] of value.entries()) yield numbered(setPath(row, parts, item), BigInt(i));
  } else if (Array.isArray(value)) {
    if (keepEmpty) yield numbered(removePath(row, parts), null);
  } else if (value === undefined || value === null) {
    if (keepEmpty) yield numbered(row, null);
  } else yield numbered(row, null);
}

/** A copy of a document with a value at a path; documents are made where they are missing. */
export function setPath(document: Doc, parts: readonly string[], value: Value): Doc {
  const [part = '', ...rest] = parts;
  const out: Doc = new Map(document);
  if (rest.length === 0) return out.set(part, value);
  const inner = document.get(part);
  return out.set(part, setPath(isDoc(inner) ? inner : new Map(), rest, value));
}

function removePath(document: Doc, parts: readonly string[]): Doc {
  const [part = '', ...rest] = parts;
  const out: Doc = new Map(document);
  const inner = document.get(part);
  if (rest.length === 0) out.delete(part);
  else if (isDoc(inner)) out.set(part, removePath(inner, rest));
  return out;
}
