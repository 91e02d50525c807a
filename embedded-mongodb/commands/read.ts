import { countRows } from '../aggregate/pipeline.ts';
import { compare } from '../bson/compare.ts';
import { encodeStored } from '../bson/encode.ts';
import { hashOf } from '../bson/key.ts';
import { expand, split } from '../bson/path.ts';
import { doc, RawDoc, type Value } from '../bson/values.ts';
import { weightOf } from '../bson/weight.ts';
import { ServerError, typeMismatch } from '../errors.ts';
import type { Collation } from '../query/collation.ts';
import { type Query, type Row, rowsOf } from '../query/execute.ts';
import { compileFilter, filterDocument } from '../query/match.ts';
import { compileProjection, type Projection } from '../shape/projection.ts';
import { sortFields } from '../shape/sort.ts';
import { nextBatch } from '../transactions/cursors.ts';
import {
  type Context,
  collationIn,
  collectionOf,
  cursorReply,
  flag,
  integerField,
  listField,
  namespaceOf,
  type Reply,
  variablesOf,
  viewOf,
} from './context.ts';

const FIRST_BATCH = 101;

/** Bytes of the values of one `distinct`: they are one document. */
const MOST_DISTINCT = 16 * 1024 * 1024;

/** `find`. */
export async function find(context: Context): Promise<Reply> {
  const ns = namespaceOf(context);
  const { body } = context;
  const collation = collationIn(body);
  const variables = variablesOf(context);
  const filter = compileFilter(filterDocument(body.get('filter'), 'find.filter'), { collation, variables });
  const limit = integerField(body, 'limit', 0, true);
  const query: Query = {
    filter,
    sort: sortFields(body.get('sort')),
    skip: integerField(body, 'skip', 0),
    limit: Math.abs(limit),
    hint: body.get('hint'),
    collation,
  };
  const projection = compileProjection(body.get('projection'), { variables, find: { filter } });
  const collection = collectionOf(context, ns);
  const rows = collection === undefined ? [] : rowsOf(viewOf(context), collection, query);
  const batch = integerField(body, 'batchSize', FIRST_BATCH);
  return await cursorReply(context, ns, shownRows(rows, projection), batch, limit < 0 || flag(body, 'singleBatch'));
}

/** Stored bytes go out as they are; only a projection needs the tree. */
function* shownRows(rows: Iterable<Row | null>, projection: Projection | null): Generator<Uint8Array | null> {
  for (const row of rows)
    yield row === null || projection === null ? (row?.bytes ?? null) : encodeStored(projection(row.tree));
}

/** `getMore`. */
export async function getMore(context: Context): Promise<Reply> {
  const id = context.body.get('getMore');
  const collection = context.body.get('collection');
  if (typeof id !== 'bigint')
    throw typeMismatch("BSON field 'getMore.getMore' is the wrong type, expected type 'long'");
  if (typeof collection !== 'string')
    throw typeMismatch("BSON field 'getMore.collection' is the wrong type, expected type 'string'");
  const { cursors } = context.engine;
  const cursor = cursors.get(id);
  if (cursor.ns !== `${context.db}.${collection}`)
    throw new ServerError(
      13,
      `Requested getMore on namespace '${context.db}.${collection}', but cursor belongs to a different namespace ${cursor.ns}`,
    );
  const most = integerField(context.body, 'batchSize', 0) || Number.POSITIVE_INFINITY;
  cursor.clock.restart();
  let more = false;
  try {
    const batch = await nextBatch(cursor, most);
    more = batch.more;
    return doc({
      cursor: doc({ nextBatch: batch.documents.map((bytes) => new RawDoc(bytes)), id: more ? id : 0n, ns: cursor.ns }),
    });
  } finally {
    if (!more) cursors.remove(id);
  }
}

/** `killCursors`. */
export function killCursors(context: Context): Reply {
  const killed: Value[] = [];
  const unknown: Value[] = [];
  for (const id of listField(context.body, 'cursors'))
    (typeof id === 'bigint' && context.engine.cursors.remove(id) ? killed : unknown).push(id);
  return doc({ cursorsKilled: killed, cursorsNotFound: unknown, cursorsAlive: [], cursorsUnknown: [] });
}

/** `count`. */
export async function count(context: Context): Promise<Reply> {
  const { body } = context;
  const collection = collectionOf(context, namespaceOf(context));
  const collation = collationIn(body);
  const filter = compileFilter(filterDocument(body.get('query'), 'count.query'), {
    collation,
    variables: variablesOf(context),
  });
  if (collection === undefined) return doc({ n: 0 });
  const limit = Math.abs(integerField(body, 'limit', 0, true));
  const query: Query = {
    filter,
    sort: [],
    skip: integerField(body, 'skip', 0),
    limit,
    hint: body.get('hint'),
    collation,
  };
  let n = 0;
  for (const part of countRows({ view: viewOf(context) }, collection, query)) {
    if (part === null) await context.clock.pause();
    else n += part;
  }
  return doc({ n });
}

/** `distinct`: the values of a path, arrays taken apart, each once. */
export async function distinct(context: Context): Promise<Reply> {
  const { body } = context;
  const key = body.get('key');
  if (typeof key !== 'string')
    throw typeMismatch("BSON field 'distinct.key' is the wrong type, expected type 'string'");
  const collection = collectionOf(context, namespaceOf(context));
  const collation = collationIn(body);
  const filter = compileFilter(filterDocument(body.get('query'), 'distinct.query'), {
    collation,
    variables: variablesOf(context),
  });
  if (collection === undefined) return doc({ values: [] });
  const query: Query = { filter, sort: [], skip: 0, limit: 0, hint: body.get('hint'), collation };
  const found = new Map<string, Value>();
  let bytes = 0;
  const parts = split(key);
  for (const row of rowsOf(viewOf(context), collection, query)) {
    if (row === null) {
      await context.clock.pause();
      continue;
    }
    const { rows } = expand(row.tree, [parts]);
    for (const [value] of rows) {
      if (value === undefined || isEmptyMark(value) || found.has(hashOf(value))) continue;
      found.set(hashOf(value), value);
      bytes += weightOf(value);
    }
    if (bytes > MOST_DISTINCT) throw new ServerError(17217, 'distinct too big, 16mb cap');
  }
  const values = [...found.values()].sort(compare);
  return doc({ values: collation === null ? values : distinctStrings(values, collation) });
}

/** Of strings that a collation holds for equal the first one only. */
function distinctStrings(values: readonly Value[], collation: NonNullable<Collation>): Value[] {
  const strings = values.filter((value) => typeof value === 'string').sort(collation);
  const dropped = new Set(strings.filter((value, i) => i > 0 && collation(value, strings[i - 1] as string) === 0));
  return values.filter((value) => typeof value !== 'string' || !dropped.has(value));
}

/** An empty array stands for itself in an index, but has no value. */
function isEmptyMark(value: Value): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'undefined';
}
