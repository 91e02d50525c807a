import { compileExpression } from '../aggregate/expression.ts';
import { compileTransforms, stageOf } from '../aggregate/transform.ts';
import { decode } from '../bson/decode.ts';
import { encodeStored } from '../bson/encode.ts';
import { split, valueAt } from '../bson/path.ts';
import { type Doc, doc, isDoc, type Value } from '../bson/values.ts';
import { weightOf } from '../bson/weight.ts';
import { ServerError } from '../errors.ts';
import { stageTooLarge } from '../query/budget.ts';
import type { Row } from '../query/execute.ts';
import { compileFilter } from '../query/match.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Writer } from '../storage/statement.ts';
import { recordOf, tableRange } from '../storage/tables.ts';
import { withIdFirst } from '../update/upsert.ts';
import { type Context, ensured, variablesOf } from './context.ts';
import { writeFirst } from './target.ts';

/** Writes the documents of a pipeline. */
type Output = (rows: Iterable<Doc | null>) => Promise<void>;

/** The last stage of a pipeline when it writes (`$out`, `$merge`), else null. */
export function outputOf(context: Context, pipeline: readonly Value[]): Output | null {
  const last = pipeline.at(-1);
  if (last === undefined) return null;
  const [name, arg] = stageOf(last);
  if (name !== '$out' && name !== '$merge') return null;
  if (context.transaction !== null) throw new ServerError(263, `${name} cannot be used in a transaction`);
  const concern = context.body.get('readConcern');
  if (isDoc(concern) && concern.get('level') === 'linearizable')
    throw new ServerError(72, `${name} cannot be used with a 'linearizable' read concern level`);
  return name === '$out' ? out(context, arg) : merge(context, arg);
}

function target(context: Context, arg: Value, code: number): string {
  if (typeof arg === 'string') return `${context.db}.${arg}`;
  const coll = isDoc(arg) ? arg.get('coll') : undefined;
  const db = isDoc(arg) ? (arg.get('db') ?? context.db) : undefined;
  if (typeof coll !== 'string' || typeof db !== 'string')
    throw new ServerError(code, 'the stage needs the name of a collection');
  return `${db}.${coll}`;
}

/** `$out`: the collection holds what the pipeline gave, all of it or, after an error, what it held before. */
function out(context: Context, arg: Value): Output {
  const ns = target(context, arg, 16990);
  return async (rows) => {
    const documents: Doc[] = [];
    for (const row of rows) {
      if (row === null) await context.clock.pause();
      else {
        documents.push(withIdFirst(row));
        context.budget.take(weightOf(row), () => stageTooLarge('$out'));
      }
    }
    const collection = await ensured(context, ns);
    await context.engine.groups.submit((statement) => {
      const { env } = context.engine;
      context.engine.assertUntouched(collection);
      for (const { key, value } of env.entries(tableRange(collection.table)))
        statement.remove(collection, recordOf(key), decode(value));
      for (const tree of documents) statement.insert(collection, encodeStored(tree), tree);
    }, true);
  };
}

/** `$merge`: one write for each document, by its `on` fields. */
function merge(context: Context, arg: Value): Output {
  const spec = isDoc(arg) ? arg : doc({ into: arg });
  const ns = target(context, spec.get('into') ?? null, 51178);
  const on = spec.get('on') ?? '_id';
  const fields = (Array.isArray(on) ? on : [on]).map(String);
  const apply = whenMatched(context, spec);
  const notMatched = spec.get('whenNotMatched') ?? 'insert';
  return async (rows) => {
    const collection = await ensured(context, ns);
    assertUnique(collection, fields);
    for (const row of rows) {
      if (row === null) await context.clock.pause();
      else await mergeOne(context, ns, withIdFirst(row), fields, apply, notMatched);
    }
  };
}

type Apply = (writer: Writer, collection: Collection, row: Row, incoming: Doc) => void;

async function mergeOne(
  context: Context,
  ns: string,
  incoming: Doc,
  fields: readonly string[],
  apply: Apply,
  notMatched: Value,
): Promise<void> {
  const key = doc(Object.fromEntries(fields.map((field) => [field, doc({ $eq: keyValue(incoming, field) })])));
  const query = { filter: compileFilter(key), sort: [], skip: 0, limit: 1 };
  await writeFirst(context, ns, query, (writer, collection, row) => {
    if (row !== null) apply(writer, collection, row, incoming);
    else if (notMatched === 'insert') writer.insert(collection, encodeStored(incoming), incoming);
    else if (notMatched === 'fail')
      throw new ServerError(13113, '$merge could not find a matching document in the target collection');
  });
}

function keyValue(document: Doc, field: string): Value {
  const value = valueAt(document, split(field));
  if (value === undefined || value === null || Array.isArray(value))
    throw new ServerError(51132, `$merge write error: 'on' field '${field}' cannot be missing, null or an array`);
  return value;
}

function assertUnique(collection: Collection, fields: readonly string[]): void {
  const wanted = new Set(fields);
  const found = collection.indexes.some(
    (index) =>
      index.unique &&
      index.partial === null &&
      index.fields.length === wanted.size &&
      index.fields.every((field) => wanted.has(field.path)),
  );
  if (!found) throw new ServerError(51183, 'Cannot find index to verify that join fields will be unique');
}

function whenMatched(context: Context, spec: Doc): Apply {
  const mode = spec.get('whenMatched') ?? 'merge';
  if (Array.isArray(mode)) return byPipeline(context, spec, mode);
  switch (mode) {
    case 'replace':
      return (writer, collection, row, incoming) => store(writer, collection, row, incoming);
    case 'merge':
      return (writer, collection, row, incoming) => store(writer, collection, row, new Map([...row.tree, ...incoming]));
    case 'keepExisting':
      return () => undefined;
    case 'fail':
      return (_writer, collection, row) => {
        throw new ServerError(
          11000,
          `E11000 duplicate key error collection: ${collection.ns}: a document of this key is there`,
          [],
          new Map<string, Value>([
            ['keyPattern', doc({ _id: 1 })],
            ['keyValue', doc({ _id: row.tree.get('_id') ?? null })],
          ]),
        );
      };
    default:
      throw new ServerError(51191, `unknown whenMatched mode of $merge: ${String(mode)}`);
  }
}

function byPipeline(context: Context, spec: Doc, stages: readonly Value[]): Apply {
  const given = spec.get('let');
  return (writer, collection, row, incoming) => {
    // The incoming document is `$$new` unless `let` names it otherwise.
    const base = { name: 'new', value: incoming, outer: variablesOf(context) };
    let variables = base;
    if (isDoc(given))
      for (const [name, value] of given)
        variables = { name, value: compileExpression(value, base)(incoming, base) as Doc, outer: variables };
    store(writer, collection, row, compileTransforms(stages, variables)(row.tree));
  };
}

function store(writer: Writer, collection: Collection, row: Row, tree: Doc): void {
  const bytes = encodeStored(tree);
  if (!bytes.equals(row.bytes)) writer.replace(collection, row.record, bytes, tree, row.tree);
}
