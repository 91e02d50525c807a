import { decode } from '../bson/decode.ts';
import { ServerError } from '../errors.ts';
import { drain, firstOf } from '../query/clock.ts';
import { planQuery, type Query, Row, rowsOf } from '../query/execute.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Statement, Writer } from '../storage/statement.ts';
import { type Context, collectionOf, groupView, viewOf } from './context.ts';

/** What is done with the document that a write found, or with none. */
export type WriteOne<T> = (writer: Writer, collection: Collection, row: Row | null, statement: Statement | null) => T;

const SLOW = Symbol('the search takes longer than a slice');
const CHANGED = Symbol('the document is no longer what was found');

/**
 * Finds the first document of a query and writes it in one statement. The search runs inside the group when it is by
 * an index and ends soon, else outside in slices; then the document is read again and the filter tested again.
 */
export async function writeFirst<T>(context: Context, ns: string, query: Query, write: WriteOne<T>): Promise<T> {
  const { transaction, engine } = context;
  const collection = requireCollection(context, ns);
  if (transaction !== null) {
    const row = await firstOf(rowsOf(viewOf(context), collection, query), context.clock);
    return write(transaction, collection, row ?? null, null);
  }
  const result = await engine.groups.submit((statement) => searchAndWrite(context, ns, query, write, statement));
  return result === SLOW ? await searchThenWrite(context, ns, query, write) : result;
}

async function searchThenWrite<T>(context: Context, ns: string, query: Query, write: WriteOne<T>): Promise<T> {
  for (;;) {
    const collection = requireCollection(context, ns);
    const found = await firstOf(rowsOf(viewOf(context), collection, query), context.clock);
    const result = await context.engine.groups.submit((statement) =>
      rereadAndWrite(context, ns, query, write, statement, found?.record),
    );
    if (result !== CHANGED) return result;
    await context.clock.pause();
  }
}

function requireCollection(context: Context, ns: string): Collection {
  const collection = collectionOf(context, ns);
  if (collection === undefined) throw new ServerError(175, `collection dropped. ns: ${ns}`);
  return collection;
}

function searchAndWrite<T>(
  context: Context,
  ns: string,
  query: Query,
  write: WriteOne<T>,
  statement: Statement,
): T | typeof SLOW {
  const collection = requireCollection(context, ns);
  const plan = planQuery(collection, query);
  if (plan.index === null) return SLOW;
  for (const row of rowsOf(groupView(context), collection, query, plan)) {
    if (row === null) return SLOW;
    return write(statement, collection, row, statement);
  }
  return write(statement, collection, null, statement);
}

function rereadAndWrite<T>(
  context: Context,
  ns: string,
  query: Query,
  write: WriteOne<T>,
  statement: Statement,
  record: number | undefined,
): T | typeof CHANGED {
  const collection = requireCollection(context, ns);
  if (record === undefined) return write(statement, collection, null, statement);
  const bytes = statement.get(collection, record);
  if (bytes === undefined) return CHANGED;
  const tree = decode(bytes);
  if (!query.filter.test(tree)) return CHANGED;
  return write(statement, collection, new Row(record, bytes, tree), statement);
}

/** Documents written at one time by `updateMany` and `deleteMany`. */
const MANY_CHUNK = 64;

function* recordsOf(rows: Iterable<Row | null>): Generator<number | null> {
  for (const row of rows) yield row?.record ?? null;
}

/** Writes every document of a query, each in a statement of its own; the first error ends it. */
export async function writeMany<T>(context: Context, ns: string, query: Query, write: WriteOne<T>): Promise<T[]> {
  const { transaction, engine } = context;
  const collection = requireCollection(context, ns);
  const rows = rowsOf(viewOf(context), collection, query);
  if (transaction !== null)
    return (await drain(rows, context.clock)).map((row) => write(transaction, collection, row, null));
  const records = await drain(recordsOf(rows), context.clock);
  const out: T[] = [];
  for (let at = 0; at < records.length; at += MANY_CHUNK) {
    const chunk = records
      .slice(at, at + MANY_CHUNK)
      .map((record) =>
        engine.groups.submit((statement) => rereadAndWrite(context, ns, query, write, statement, record)),
      );
    for (const settled of await Promise.allSettled(chunk)) {
      if (settled.status === 'rejected') throw settled.reason;
      if (settled.value !== CHANGED) out.push(settled.value as T);
    }
  }
  return out;
}
