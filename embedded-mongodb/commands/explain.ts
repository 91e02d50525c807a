import { splitPipeline } from '../aggregate/pipeline.ts';
import { type Doc, Double, doc, isDoc, type Value } from '../bson/values.ts';
import { badValue, ServerError, typeMismatch } from '../errors.ts';
import { drain } from '../query/clock.ts';
import { planQuery, type Query, rowsOf } from '../query/execute.ts';
import { compileFilter, filterDocument } from '../query/match.ts';
import { isScan, type Plan, sorts } from '../query/plan.ts';
import { sortFields } from '../shape/sort.ts';
import { stageContext } from './aggregate.ts';
import { type Context, collationIn, collectionOf, integerField, type Reply, variablesOf, viewOf } from './context.ts';

/** Where each command keeps its filter; a list's first element is the one that is explained. */
const FILTERS: Readonly<Record<string, string>> = {
  find: 'filter',
  count: 'query',
  distinct: 'query',
  findAndModify: 'query',
};
const LISTS: Readonly<Record<string, string>> = { update: 'updates', delete: 'deletes' };

/** `explain`: the plan of a read or write and, unless only the planner is asked, what running it looks at. */
export async function explain(context: Context): Promise<Reply> {
  const inner = context.body.get('explain');
  if (!isDoc(inner)) throw typeMismatch("BSON field 'explain.explain' is the wrong type, expected type 'object'");
  const [name = ''] = inner.keys();
  const collectionName = inner.get(name);
  if (typeof collectionName !== 'string') throw new ServerError(73, 'collection name has invalid type');
  const ns = `${context.db}.${collectionName}`;
  const query = queryOf({ ...context, name, body: inner }, name);
  const collection = collectionOf(context, ns);
  const head = { explainVersion: '1', command: inner, ok: new Double(1) };
  if (collection === undefined)
    return doc({ ...head, queryPlanner: doc({ namespace: ns, winningPlan: doc({ stage: 'EOF' }) }) });
  const plan = planQuery(collection, query);
  const queryPlanner = doc({ namespace: ns, winningPlan: described(plan, query), rejectedPlans: [] });
  if (context.body.get('verbosity') === 'queryPlanner') return doc({ ...head, queryPlanner });
  const began = performance.now();
  const rows = await drain(rowsOf(viewOf(context), collection, query), context.clock);
  const used = context.trace.of(collection.ns, plan, query.sort);
  const executionStats = doc({
    executionSuccess: true,
    nReturned: rows.length,
    executionTimeMillis: Math.round(performance.now() - began),
    totalKeysExamined: used.keys,
    totalDocsExamined: used.documents,
  });
  return doc({ ...head, queryPlanner, executionStats });
}

function queryOf(context: Context, name: string): Query {
  const { body } = context;
  if (name === 'aggregate') {
    const pipeline = body.get('pipeline');
    if (!Array.isArray(pipeline)) throw typeMismatch("BSON field 'aggregate.pipeline' is the wrong type");
    return splitPipeline(pipeline, stageContext(context), body.get('hint')).query;
  }
  const list = LISTS[name];
  if (list !== undefined) {
    const first = body.get(list);
    const item: Value | undefined = Array.isArray(first) ? first[0] : undefined;
    if (!isDoc(item)) throw badValue(`explain of ${name} needs one of its '${list}'`);
    return queryIn(context, item, item.get('q'));
  }
  const field = FILTERS[name];
  if (field === undefined) throw new ServerError(59, `Explain failed due to unknown command: ${name}`);
  return queryIn(context, body, body.get(field));
}

function queryIn(context: Context, spec: Doc, filter: Value | undefined): Query {
  const collation = collationIn(spec);
  const options = { collation, variables: variablesOf(context) };
  return {
    filter: compileFilter(filterDocument(filter, 'explain'), options),
    sort: sortFields(spec.get('sort') ?? new Map()),
    skip: integerField(spec, 'skip', 0),
    limit: Math.abs(integerField(spec, 'limit', 0, true)),
    hint: spec.get('hint'),
    collation,
  };
}

function described(plan: Plan, query: Query): Doc {
  const found = isScan(plan)
    ? doc({ stage: 'COLLSCAN', direction: plan.reverse ? 'backward' : 'forward' })
    : doc({ stage: 'FETCH', inputStage: indexed(plan, query) });
  return sorts(plan, query.sort) ? doc({ stage: 'SORT', inputStage: found }) : found;
}

function indexed(plan: Plan, query: Query): Doc {
  const { index } = plan;
  if (index === null) {
    const isMerged = query.sort.length > 0 && plan.order === 'merged';
    const inputStages = plan.branches.map((branch) => indexed(branch, query));
    return doc({ stage: isMerged ? 'SORT_MERGE' : 'OR', inputStages });
  }
  return doc({
    stage: 'IXSCAN',
    indexName: index.name,
    keyPattern: index.spec.get('key'),
    isMultiKey: index.multikey,
    isUnique: index.unique,
    isSparse: index.sparse,
    isPartial: index.partial !== null,
    direction: plan.reverse ? 'backward' : 'forward',
    ranges: plan.ranges.length,
  });
}
