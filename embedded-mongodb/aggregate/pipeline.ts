import { toInteger } from '../bson/numbers.ts';
import { type Doc, doc, isDoc, type Value } from '../bson/values.ts';
import { weightOf } from '../bson/weight.ts';
import { ServerError } from '../errors.ts';
import { facetTooLarge } from '../query/budget.ts';
import { paced } from '../query/clock.ts';
import { countKeys, planQuery, type Query, rowsOf } from '../query/execute.ts';
import { compileFilter } from '../query/match.ts';
import { sortFields } from '../shape/sort.ts';
import { compileExpression } from './expression.ts';
import { count, group, sortByCount } from './group.ts';
import { lookup, type RunPipeline } from './lookup.ts';
import type { Stage, StageContext } from './stage.ts';
import { match, skipOrLimit, sort, unwind, windowNumber } from './stages.ts';
import { stageOf, transformOf } from './transform.ts';

/** What a pipeline reads first, as a query that can use an index, and the stages that follow. */
export interface Split {
  readonly query: Query;
  readonly rest: readonly Value[];
}

/** The documents of a pipeline over a collection, which need not exist. */
export function* runPipeline(
  from: string,
  stages: readonly Value[],
  context: StageContext,
  hint?: Value,
): Generator<Doc | null> {
  const source = from === '' ? sourceOf(stages[0], context) : null;
  if (source !== null) {
    yield* compileStages(stages.slice(1), context)(source);
    return;
  }
  const { query, rest } = splitPipeline(stages, context, hint);
  const collection = context.collection(`${context.db}.${from}`);
  const counting = countField(rest);
  if (counting !== null && collection !== undefined) {
    yield* counted(collection, query, counting, context);
    return;
  }
  const rows = collection === undefined ? [] : trees(rowsOf(context.view, collection, query));
  yield* compileStages(rest, context)(rows);
}

/** The documents of a first stage that reads no collection. Code 73 for a pipeline over none without such a stage. */
function sourceOf(stage: Value | undefined, context: StageContext): Iterable<Doc | null> {
  const [name, arg] = stage === undefined ? ['', null] : stageOf(stage);
  if (name === '$listLocalSessions') return context.sessions();
  if (name === '$changeStream') return compileStages([stage as Value], context)([]);
  if (name !== '$documents')
    throw new ServerError(73, `{aggregate: 1} is not valid for '${name}'; a collection is required.`);
  const value = compileExpression(arg, context.variables)(undefined, context.variables);
  if (!Array.isArray(value) || !value.every(isDoc))
    throw new ServerError(5858203, 'an array of documents is expected for $documents');
  return value;
}

function* trees(rows: Iterable<{ readonly tree: Doc } | null>): Generator<Doc | null> {
  for (const row of rows) yield row === null ? null : row.tree;
}

/** Takes the leading `$match`, `$sort`, `$skip` and `$limit` as a query. */
export function splitPipeline(stages: readonly Value[], context: StageContext, hint?: Value): Split {
  const filters: Doc[] = [];
  let at = 0;
  let sortSpec: Value | undefined;
  let skip = 0;
  let limit = 0;
  for (; at < stages.length; at++) {
    const [name, arg] = stageOf(stages[at] as Value);
    if (name === '$match' && sortSpec === undefined && isDoc(arg)) filters.push(arg);
    else if (name === '$sort' && sortSpec === undefined && isDoc(arg) && arg.size > 0) sortSpec = arg;
    else break;
  }
  // Only in this order do they mean what a query's skip and limit mean.
  for (const name of ['$skip', '$limit']) {
    const stage = stages[at];
    if (stage === undefined || stageOf(stage)[0] !== name) continue;
    const number = windowNumber(name, stageOf(stage)[1]);
    if (name === '$skip') skip = number;
    else limit = number;
    at += 1;
  }
  const filter = filters.length === 1 ? (filters[0] as Doc) : filters.length === 0 ? new Map() : doc({ $and: filters });
  const options = { collation: context.collation, variables: context.variables };
  const query = {
    filter: compileFilter(filter, options),
    sort: sortFields(sortSpec),
    skip,
    limit,
    hint,
    collation: context.collation,
  };
  return { query, rest: stages.slice(at) };
}

/** Compiles stages into one. Unknown ones are refused with code 40324. */
export function compileStages(stages: readonly Value[], context: StageContext): Stage {
  const compiled = stages.map((stage) => compileStage(...stageOf(stage), context));
  return (rows) => compiled.reduce<Iterable<Doc | null>>((each, stage) => stage(each), rows);
}

function compileStage(name: string, arg: Value, context: StageContext): Stage {
  const transform = transformOf(name, arg, context.variables);
  if (transform !== null)
    return function* transforming(rows) {
      for (const row of rows) yield row === null ? null : transform(row);
    };
  switch (name) {
    case '$match':
      return match(arg, context);
    case '$sort':
      return sort(arg, context);
    case '$skip':
    case '$limit':
      return skipOrLimit(name, arg);
    case '$unwind':
      return unwind(arg, context);
    case '$group':
      return group(arg, context);
    case '$count':
      return compileStages(count(arg), context);
    case '$sortByCount':
      return compileStages(sortByCount(arg), context);
    case '$lookup':
      return lookup(arg, context, runSub);
    default:
      return otherStage(name, arg, context);
  }
}

function otherStage(name: string, arg: Value, context: StageContext): Stage {
  switch (name) {
    case '$facet':
      return facet(arg, context);
    case '$unionWith':
      return unionWith(arg, context);
    case '$changeStream':
      throw new ServerError(40573, 'The $changeStream stage is only supported on replica sets');
    case '$documents':
    case '$listLocalSessions':
      throw new ServerError(40602, `${name} is only valid as the first stage in a pipeline`);
    case '$out':
    case '$merge':
      throw new ServerError(40601, `${name} can only be the final stage in the pipeline`);
    default:
      throw new ServerError(40324, `Unrecognized pipeline stage name: '${name}'`);
  }
}

const runSub: RunPipeline = (from, filter, stages, context) =>
  runPipeline(from, filter === null ? stages : [doc({ $match: filter }), ...stages], context);

function facet(arg: Value, context: StageContext): Stage {
  if (!isDoc(arg) || arg.size === 0)
    throw new ServerError(40169, 'the $facet specification must be a non-empty object');
  const facets = [...arg].map(([name, stages]) => {
    if (!Array.isArray(stages)) throw new ServerError(40170, `arguments to $facet must be arrays, ${name} is not`);
    return [name, compileStages(stages, context)] as const;
  });
  const { budget } = context.view;
  return function* faceting(rows) {
    const input: Doc[] = [];
    for (const row of rows) {
      if (row === null) yield null;
      else {
        input.push(row);
        budget.take(weightOf(row), facetTooLarge);
      }
    }
    const out: Doc = new Map();
    for (const [name, stage] of facets) {
      const found: Doc[] = [];
      for (const row of stage(paced(input, context.view.clock))) {
        if (row === null) yield null;
        else {
          found.push(row);
          budget.take(weightOf(row), facetTooLarge);
        }
      }
      out.set(name, found);
    }
    yield out;
  };
}

function unionWith(arg: Value, context: StageContext): Stage {
  const from = isDoc(arg) ? arg.get('coll') : arg;
  const stages = isDoc(arg) ? (arg.get('pipeline') ?? []) : [];
  if (typeof from !== 'string' || !Array.isArray(stages))
    throw new ServerError(9, 'the $unionWith stage specification must name a collection');
  return function* joining(rows) {
    yield* rows;
    yield* runPipeline(from, stages, context);
  };
}

/** The field that receives the number when the rest only counts, as `countDocuments` sends it. */
function countField(rest: readonly Value[]): string | null {
  const [stage, ...more] = rest;
  if (stage === undefined || more.length > 0) return null;
  const [name, arg] = stageOf(stage);
  if (name !== '$group' || !isDoc(arg) || arg.size !== 2 || toInteger(arg.get('_id')) !== 1) return null;
  const [field, value] = [...arg][1] as [string, Value];
  return isDoc(value) && value.size === 1 && toInteger(value.get('$sum')) === 1 ? field : null;
}

function* counted(
  collection: NonNullable<ReturnType<StageContext['collection']>>,
  query: Query,
  field: string,
  context: StageContext,
): Generator<Doc | null> {
  let found = 0;
  for (const number of countRows(context, collection, query)) {
    if (number === null) yield null;
    else found += number;
  }
  if (found > 0) yield doc({ _id: 1, [field]: found });
}

/** The number of a query's answers in parts: at once for none of a filter, by keys alone where the bounds are exact. */
export function* countRows(
  context: Pick<StageContext, 'view'>,
  collection: NonNullable<ReturnType<StageContext['collection']>>,
  query: Query,
): Generator<number | null> {
  const { view } = context;
  const window = (total: number) => {
    const left = Math.max(0, total - query.skip);
    return query.limit > 0 ? Math.min(left, query.limit) : left;
  };
  const hasOverlay = (view.overlay(collection.table)?.size ?? 0) > 0;
  if (query.filter.isEmpty && view.snapshot === null) {
    yield window(collection.count);
    return;
  }
  const plan = planQuery(collection, { ...query, sort: [] });
  if (hasOverlay || !plan.exact || plan.index === null) {
    for (const row of rowsOf(view, collection, { ...query, sort: [] })) yield row === null ? null : 1;
    return;
  }
  const used = view.trace.of(collection.ns, plan, []);
  let total = 0;
  const enough = query.limit > 0 ? query.skip + query.limit : Number.POSITIVE_INFINITY;
  for (const part of countKeys(view, plan)) {
    if (part === null) yield null;
    else {
      total += part;
      used.keys += part;
    }
    if (total >= enough) break;
  }
  yield window(total);
}
