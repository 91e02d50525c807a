import { hashOf } from '../bson/key.ts';
import { type Doc, doc, isDoc, type Value } from '../bson/values.ts';
import { weightOf } from '../bson/weight.ts';
import { ServerError } from '../errors.ts';
import { rowsOf } from '../query/execute.ts';
import { compileFilter } from '../query/match.ts';
import { compileExpression, fieldValue } from './expression.ts';
import type { Expression, Variables } from './operator.ts';
import type { Stage, StageContext } from './stage.ts';
import { setPath } from './stages.ts';

/** Runs the stages of a sub-pipeline over a collection; given by the pipeline, which itself needs this file. */
export type RunPipeline = (
  from: string,
  filter: Doc | null,
  stages: readonly Value[],
  context: StageContext,
) => Iterable<Doc | null>;

interface Lookup {
  readonly from: string;
  readonly local: readonly string[] | null;
  readonly foreign: string;
  readonly as: readonly string[];
  readonly pipeline: readonly Value[] | null;
  readonly variables: readonly (readonly [string, Expression])[];
}

/** What one document may be joined with, as estimated bytes in memory: several times 16 MiB of BSON. */
const MOST_JOINED = 64 * 1024 * 1024;

/**
 * `$lookup` by fields, by a pipeline with `let`, or both. Answers are kept per key for the rest of the stage, as long as
 * there is room for them. Code 4568 for more than a document can hold.
 */
export function lookup(arg: Value, context: StageContext, run: RunPipeline): Stage {
  const spec = parse(arg, context);
  return function* joining(rows) {
    const kept = new Map<string, Doc[]>();
    for (const row of rows) {
      if (row === null) {
        yield null;
        continue;
      }
      const values = spec.local === null ? null : localValues(row, spec.local);
      const key = values === null || spec.variables.length > 0 ? null : values.map(hashOf).join('\u0001');
      let found = key === null ? undefined : kept.get(key);
      if (found === undefined) {
        found = [];
        for (const joined of foreignRows(spec, values, row, context, run)) {
          if (joined === null) yield null;
          else found.push(joined);
        }
        const weight = weightOf(found);
        if (weight > MOST_JOINED)
          throw new ServerError(
            4568,
            `Total size of documents in ${spec.from} matching pipeline's $lookup stage exceeds maximum document size`,
          );
        if (key !== null && context.view.budget.mayTake(weight + 2 * key.length)) kept.set(key, found);
      }
      yield setPath(row, spec.as, found);
    }
  };
}

function parse(arg: Value, context: StageContext): Lookup {
  if (!isDoc(arg)) throw new ServerError(9, 'the $lookup stage specification must be an object');
  const text = (name: string, needed: boolean): string | null => {
    const value = arg.get(name);
    if (typeof value === 'string') return value;
    if (value !== undefined || needed) throw new ServerError(9, `$lookup argument '${name}' must be a string`);
    return null;
  };
  const local = text('localField', false);
  const foreign = text('foreignField', false);
  const pipeline = arg.get('pipeline');
  if ((local === null) !== (foreign === null) || (local === null && pipeline === undefined))
    throw new ServerError(
      9,
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    );
  if (pipeline !== undefined && !Array.isArray(pipeline))
    throw new ServerError(14, "'pipeline' option must be specified as an array");
  const given = arg.get('let');
  const variables = isDoc(given)
    ? [...given].map(([name, value]) => [name, compileExpression(value, context.variables)] as const)
    : [];
  return {
    from: text('from', true) ?? '',
    local: local?.split('.') ?? null,
    foreign: foreign ?? '',
    as: (text('as', true) ?? '').split('.'),
    pipeline: pipeline ?? null,
    variables,
  };
}

/** The values to be joined by: each element of an array, null for nothing. */
function localValues(row: Doc, parts: readonly string[]): Value[] {
  const value = fieldValue(row, parts, 0);
  if (Array.isArray(value)) return value.length === 0 ? [] : value;
  return [value ?? null];
}

function foreignRows(
  spec: Lookup,
  values: Value[] | null,
  row: Doc,
  context: StageContext,
  run: RunPipeline,
): Iterable<Doc | null> {
  const filter =
    values === null
      ? null
      : doc({ [spec.foreign]: values.length === 1 ? doc({ $eq: values[0] }) : doc({ $in: values }) });
  if (spec.pipeline === null) return plainRows(spec.from, filter ?? new Map(), context);
  let variables: Variables = context.variables;
  for (const [name, expression] of spec.variables)
    variables = { name, value: expression(row, context.variables), outer: variables };
  return run(spec.from, filter, spec.pipeline, { ...context, variables });
}

function* plainRows(from: string, filter: Doc, context: StageContext): Generator<Doc | null> {
  const collection = context.collection(`${context.db}.${from}`);
  if (collection === undefined) return;
  const query = {
    filter: compileFilter(filter, { collation: context.collation }),
    sort: [],
    skip: 0,
    limit: 0,
    collation: context.collation,
  };
  for (const row of rowsOf(context.view, collection, query)) yield row === null ? null : row.tree;
}
