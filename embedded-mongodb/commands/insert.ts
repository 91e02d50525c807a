import { decode } from '../bson/decode.ts';
import { assertStorable, encode, encodeStored } from '../bson/encode.ts';
import { type Doc, doc, isDoc } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Statement } from '../storage/statement.ts';
import { assertId, withIdFirst } from '../update/upsert.ts';
import { type Context, collectionOf, ensured, listField, namespaceOf, type Reply } from './context.ts';
import { WriteErrors } from './write-errors.ts';

/** Documents that share one statement; after an error in it each gets its own. */
const CHUNK = 128;
const CHUNK_BYTES = 1024 * 1024;

/** Chunks that are on their way together. */
const AHEAD = 4;

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
    if (context.retry?.done.has(at) === true) {
      n += 1;
      at += 1;
      continue;
    }
    const { chunks, next, refusal } = takeChunks(documents, at, context);
    n += await insertChunks(context, ns, collection, chunks, errors);
    at = next;
    if (refusal !== null && !errors.stopped) {
      errors.add(at, refusal.error);
      at += 1;
    }
  }
  return errors.reply({ n });
}

interface Taken {
  readonly chunks: readonly (readonly Incoming[])[];
  /** The first document that was not taken. */
  readonly next: number;
  /** Why that one cannot be stored; null when it can be. */
  readonly refusal: { readonly error: unknown } | null;
}

/** Parses the next documents, up to one that cannot be stored or that a retry has stored already. */
function takeChunks(documents: readonly Buffer[], from: number, context: Context): Taken {
  const chunks: Incoming[][] = [[]];
  let bytes = 0;
  for (let index = from; index < documents.length; index++) {
    let chunk = chunks.at(-1) as Incoming[];
    if (context.retry?.done.has(index) === true) return { chunks, next: index, refusal: null };
    if (chunk.length >= CHUNK || bytes > CHUNK_BYTES) {
      if (chunks.length === AHEAD) return { chunks, next: index, refusal: null };
      chunk = [];
      chunks.push(chunk);
      bytes = 0;
    }
    try {
      const incoming = incomingOf(documents[index] as Buffer, index);
      chunk.push(incoming);
      bytes += incoming.bytes.length;
    } catch (error) {
      return { chunks, next: index, refusal: { error } };
    }
  }
  return { chunks, next: documents.length, refusal: null };
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

/**
 * Sends the chunks on their way at once, so that they share commits; none is written before the one in front of it.
 * From the first one that fails on each goes by itself.
 */
async function insertChunks(
  context: Context,
  ns: string,
  collection: Collection,
  chunks: Taken['chunks'],
  errors: WriteErrors,
): Promise<number> {
  const turn = { of: 0 };
  const ahead =
    context.transaction === null && chunks.length > 1
      ? await Promise.allSettled(chunks.map((chunk, i) => insertTogether(context, ns, chunk, turn, i)))
      : [];
  let n = 0;
  for (const [i, chunk] of chunks.entries()) {
    if (errors.stopped) break;
    const done = ahead[i];
    if (done?.status === 'fulfilled' && done.value) n += chunk.length;
    else n += await insertChunk(context, ns, collection, chunk, errors);
  }
  return n;
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
    await insertTogether(context, ns, incoming, { of: 0 }, 0);
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

/** Writes documents in one statement; false when it is not their turn, for those in front are not written. */
async function insertTogether(
  context: Context,
  ns: string,
  incoming: readonly Incoming[],
  turn: { of: number },
  place: number,
): Promise<boolean> {
  const from = (incoming[0] as Incoming).index;
  const write = (statement: Statement): 'early' | 'dropped' | 'done' => {
    if (turn.of < place) return 'early';
    turn.of = place;
    const collection = collectionOf(context, ns);
    if (collection === undefined) return 'dropped';
    for (const { bytes, tree } of incoming) statement.insert(collection, bytes, tree);
    context.retry?.remember(statement, from, from + incoming.length - 1, ONE_INSERTED);
    turn.of = place + 1;
    return 'done';
  };
  try {
    let done = await context.engine.groups.submit(write);
    while (done === 'dropped') {
      await context.engine.ensureCollection(ns);
      done = await context.engine.groups.submit(write);
    }
    return done === 'done';
  } catch (error) {
    // A commit that failed has undone what had its turn already.
    turn.of = -1;
    throw error;
  }
}
