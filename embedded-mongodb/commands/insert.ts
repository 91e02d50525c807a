import { decode } from '../bson/decode.ts';
import { assertStorable, encode, encodeStored } from '../bson/encode.ts';
import { type Doc, doc, isDoc } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Writer } from '../storage/statement.ts';
import { assertId, withIdFirst } from '../update/upsert.ts';
import { type Context, collectionOf, ensured, listField, namespaceOf, type Reply } from './context.ts';
import { WriteErrors } from './write-errors.ts';

/** Documents that share one child transaction; after an error in it each gets its own. */
const CHUNK = 128;
const CHUNK_BYTES = 1024 * 1024;

const ONE_INSERTED: Doc = doc({ n: 1 });

interface Incoming {
  readonly index: number;
  readonly bytes: Buffer;
  readonly tree: Doc;
}

/** `insert`. Documents are stored as they came when `_id` is in front. */
export async function insert(context: Context): Promise<Reply> {
  const ns = namespaceOf(context);
  const documents =
    context.documents ?? listField(context.body, 'documents').map((item) => encode(isDoc(item) ? item : new Map()));
  if (documents.length === 0 || documents.length > 100_000)
    throw new ServerError(16, `Write batch sizes must be between 1 and 100000. Got ${documents.length} operations.`);
  const errors = new WriteErrors(context);
  const collection = await ensured(context, ns);
  let n = 0;
  let at = 0;
  while (at < documents.length && !errors.stopped) {
    const already = context.retry?.done.get(at);
    if (already !== undefined) {
      n += 1;
      at += 1;
      continue;
    }
    const chunk = takeChunk(documents, at, errors, context);
    at = chunk.next;
    n += await insertChunk(context, ns, collection, chunk.incoming, errors);
  }
  return errors.reply({ n });
}

/** Parses the next documents; the chunk ends in front of one that cannot be stored, which is noted as an error. */
function takeChunk(
  documents: readonly Buffer[],
  from: number,
  errors: WriteErrors,
  context: Context,
): { incoming: Incoming[]; next: number } {
  const incoming: Incoming[] = [];
  let bytes = 0;
  for (let index = from; index < documents.length; index++) {
    if (incoming.length >= CHUNK || bytes > CHUNK_BYTES || context.retry?.done.has(index) === true)
      return { incoming, next: index };
    try {
      const next = incomingOf(documents[index] as Buffer, index);
      incoming.push(next);
      bytes += next.bytes.length;
    } catch (error) {
      if (incoming.length > 0) return { incoming, next: index };
      errors.add(index, error);
      return { incoming, next: index + 1 };
    }
  }
  return { incoming, next: documents.length };
}

function incomingOf(raw: Buffer, index: number): Incoming {
  const tree = decode(raw);
  assertStorable(raw.length);
  const [first] = tree.keys();
  if (first === '_id') {
    assertId(tree.get('_id') ?? null);
    return { index, bytes: Buffer.from(raw), tree };
  }
  const whole = withIdFirst(tree);
  return { index, bytes: encodeStored(whole), tree: whole };
}

async function insertChunk(
  context: Context,
  ns: string,
  collection: Collection,
  incoming: readonly Incoming[],
  errors: WriteErrors,
): Promise<number> {
  const { transaction } = context;
  if (incoming.length === 0) return 0;
  if (transaction !== null) {
    for (const [done, each] of incoming.entries())
      try {
        transaction.insert(collection, each.bytes, each.tree);
      } catch (error) {
        errors.add(each.index, error);
        return done;
      }
    return incoming.length;
  }
  try {
    await insertTogether(context, ns, incoming);
    return incoming.length;
  } catch (error) {
    if (incoming.length === 1) {
      errors.add((incoming[0] as Incoming).index, error);
      return 0;
    }
  }
  let n = 0;
  for (const each of incoming) {
    if (errors.stopped) break;
    n += await insertChunk(context, ns, collection, [each], errors);
  }
  return n;
}

async function insertTogether(context: Context, ns: string, incoming: readonly Incoming[]): Promise<void> {
  for (;;) {
    const done = await context.engine.groups.submit((statement) => {
      const collection = collectionOf(context, ns);
      if (collection === undefined) return false;
      writeAll(statement, collection, incoming);
      const from = (incoming[0] as Incoming).index;
      context.retry?.remember(statement, from, from + incoming.length - 1, ONE_INSERTED);
      return true;
    });
    if (done) return;
    // It was dropped in between.
    await context.engine.ensureCollection(ns);
  }
}

function writeAll(writer: Writer, collection: Collection, incoming: readonly Incoming[]): void {
  for (const { bytes, tree } of incoming) writer.insert(collection, bytes, tree);
}
