import { encodeStored } from '../bson/encode.ts';
import { toInteger } from '../bson/numbers.ts';
import { clone, type Doc, doc, isDoc, type Value } from '../bson/values.ts';
import { failedToParse, ServerError, typeMismatch } from '../errors.ts';
import type { Query, Row } from '../query/execute.ts';
import { compileFilter, filterDocument } from '../query/match.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Statement, Writer } from '../storage/statement.ts';
import { compileUpdate, type Update } from '../update/compile.ts';
import { upsertDocument } from '../update/upsert.ts';
import {
  type Context,
  collationIn,
  collectionOf,
  ensured,
  flag,
  listField,
  namespaceOf,
  type Reply,
  variablesOf,
} from './context.ts';
import { writeFirst, writeMany } from './target.ts';
import { WriteErrors } from './write-errors.ts';

/** What one update did. */
interface Updated {
  readonly n: number;
  readonly modified: number;
  readonly upserted?: Value | undefined;
}

/** What one update did, with the document as it is now. */
interface Written extends Updated {
  readonly tree: Doc;
  readonly bytes: Buffer;
}

const UPDATE_FIELDS = new Set([
  'q',
  'u',
  'multi',
  'upsert',
  'collation',
  'arrayFilters',
  'hint',
  'c',
  'upsertSupplied',
  'comment',
]);
const DELETE_FIELDS = new Set(['q', 'limit', 'collation', 'hint', 'comment']);

/** `update`. */
export async function update(context: Context): Promise<Reply> {
  const ns = namespaceOf(context);
  const errors = new WriteErrors(context);
  const upserted: Doc[] = [];
  let n = 0;
  let nModified = 0;
  const specs = listField(context.body, 'updates').map((item) => known(item, UPDATE_FIELDS, 'update.updates'));
  for (const [index, spec] of specs.entries()) {
    if (errors.stopped) break;
    try {
      const done = context.retry?.done.get(index);
      const result = done === undefined ? await updateOne(context, ns, spec, index) : resultOf(done);
      n += result.n;
      nModified += result.modified;
      if (result.upserted !== undefined) upserted.push(doc({ index, _id: result.upserted }));
    } catch (error) {
      errors.add(index, error);
    }
  }
  return errors.reply({ n, upserted: upserted.length > 0 ? upserted : undefined, nModified });
}

/** The documents of a list of writes, their fields checked (40415). */
function known(item: Value, fields: ReadonlySet<string>, where: string): Doc {
  if (!isDoc(item)) throw typeMismatch(`BSON field '${where}' is the wrong type, expected type 'object'`);
  for (const name of item.keys())
    if (!fields.has(name)) throw new ServerError(40415, `BSON field '${where}.${name}' is an unknown field.`);
  return item;
}

function resultOf(stored: Doc): Updated {
  return {
    n: toInteger(stored.get('n')) ?? 0,
    modified: toInteger(stored.get('nModified')) ?? 0,
    upserted: stored.get('upserted'),
  };
}

async function updateOne(context: Context, ns: string, spec: Doc, index: number): Promise<Updated> {
  const collation = collationIn(spec);
  const variables = variablesOf(context);
  const filter = compileFilter(filterDocument(spec.get('q'), 'update.updates.q'), { collation, variables });
  const multi = flag(spec, 'multi');
  const compiled = compileUpdate(spec.get('u'), {
    filter,
    arrayFilters: spec.get('arrayFilters'),
    collation,
    variables,
    now: context.now,
  });
  if (multi && compiled.kind === 'replacement')
    throw failedToParse('multi update is not supported for replacement-style update');
  const query: Query = { filter, sort: [], skip: 0, limit: 0, hint: spec.get('hint'), collation };
  const upsert = flag(spec, 'upsert');
  if (upsert) await ensured(context, ns);
  else if (collectionOf(context, ns) === undefined) return { n: 0, modified: 0 };
  if (multi) {
    const results = await writeMany(context, ns, query, (writer, collection, row) =>
      applyUpdate(writer, collection, row, compiled),
    );
    if (results.length > 0 || !upsert)
      return { n: results.length, modified: results.reduce((sum, each) => sum + each.modified, 0) };
  }
  return await untilUnique(context, upsert, () =>
    writeFirst(context, ns, query, (writer, collection, row, statement) => {
      const result: Updated =
        row === null
          ? upsert
            ? insertUpsert(writer, collection, filter, compiled)
            : { n: 0, modified: 0 }
          : applyUpdate(writer, collection, row, compiled);
      remember(context, statement, index, doc({ n: result.n, nModified: result.modified, upserted: result.upserted }));
      return result;
    }),
  );
}

/**
 * Runs an upsert again when another one inserted the document first: the second time it is found and updated. Inside a
 * transaction the duplicate is the answer.
 */
export function untilUnique<T>(context: Context, upsert: boolean, run: () => Promise<T>): Promise<T> {
  return upsert && context.transaction === null ? retriedWhenTaken(run) : run();
}

async function retriedWhenTaken<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const isDuplicate = error instanceof ServerError && error.code === 11000;
      if (!isDuplicate || attempt >= 3) throw error;
    }
  }
}

/** Keeps a write's result for a retry. */
export function remember(context: Context, statement: Statement | null, index: number, result: Doc): void {
  if (statement !== null) context.retry?.remember(statement, index, index, result);
}

/** Inserts the document of an upsert. */
export function insertUpsert(
  writer: Writer,
  collection: Collection,
  filter: Query['filter'],
  compiled: Update,
): Written {
  const tree = upsertDocument(filter, compiled);
  const bytes = encodeStored(tree);
  writer.insert(collection, bytes, tree);
  return { n: 1, modified: 0, upserted: tree.get('_id') ?? null, tree, bytes };
}

/** Updates one document; one that stays the same is not written. */
export function applyUpdate(writer: Writer, collection: Collection, row: Row | null, compiled: Update): Written {
  if (row === null) return { n: 0, modified: 0, tree: new Map(), bytes: Buffer.alloc(0) };
  // The row's own tree stays as it was: the index keys that go are computed from it.
  const tree = compiled.apply(clone(row.tree), false);
  const bytes = encodeStored(tree);
  if (bytes.equals(row.bytes)) return { n: 1, modified: 0, tree, bytes };
  writer.replace(collection, row.record, bytes, tree, row.tree);
  return { n: 1, modified: 1, tree, bytes };
}

/** `delete`. */
export async function remove(context: Context): Promise<Reply> {
  const ns = namespaceOf(context);
  const errors = new WriteErrors(context);
  let n = 0;
  const specs = listField(context.body, 'deletes').map((item) => known(item, DELETE_FIELDS, 'delete.deletes'));
  for (const [index, spec] of specs.entries()) {
    if (errors.stopped) break;
    try {
      const done = context.retry?.done.get(index);
      n += done === undefined ? await deleteOne(context, ns, spec, index) : resultOf(done).n;
    } catch (error) {
      errors.add(index, error);
    }
  }
  return errors.reply({ n });
}

async function deleteOne(context: Context, ns: string, spec: Doc, index: number): Promise<number> {
  const collation = collationIn(spec);
  const limit = toInteger(spec.get('limit'));
  if (limit !== 0 && limit !== 1)
    throw failedToParse(`The limit field in delete objects must be 0 or 1. Got ${String(limit)}`);
  const filter = compileFilter(filterDocument(spec.get('q'), 'delete.deletes.q'), {
    collation,
    variables: variablesOf(context),
  });
  if (collectionOf(context, ns) === undefined) return 0;
  const query: Query = { filter, sort: [], skip: 0, limit: 0, hint: spec.get('hint'), collation };
  if (limit === 0) {
    const removed = await writeMany(context, ns, query, (writer, collection, row) =>
      removeRow(writer, collection, row),
    );
    return removed.reduce((sum, each) => sum + each, 0);
  }
  return await writeFirst(context, ns, query, (writer, collection, row, statement) => {
    const n = removeRow(writer, collection, row);
    remember(context, statement, index, doc({ n }));
    return n;
  });
}

/** Deletes one document and returns how many that were. */
export function removeRow(writer: Writer, collection: Collection, row: Row | null): number {
  if (row === null) return 0;
  writer.remove(collection, row.record, row.tree);
  return 1;
}
