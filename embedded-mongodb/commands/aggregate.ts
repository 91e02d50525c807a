import { createHash } from 'node:crypto';
import { runPipeline } from '../aggregate/pipeline.ts';
import type { StageContext } from '../aggregate/stage.ts';
import { encodeStored } from '../bson/encode.ts';
import { Bin, type Doc, doc, isDoc, UtcDate } from '../bson/values.ts';
import { failedToParse, typeMismatch } from '../errors.ts';
import {
  type Context,
  collationIn,
  collectionOf,
  cursorReply,
  integerField,
  namespaceOf,
  type Reply,
  variablesOf,
  viewOf,
} from './context.ts';
import { outputOf } from './output.ts';

const FIRST_BATCH = 101;

/** The hash of no user at all, for nobody signs in here. */
const NOBODY = new Bin(0, createHash('sha256').digest());

/** `aggregate`. */
export async function aggregate(context: Context): Promise<Reply> {
  const { body } = context;
  const pipeline = body.get('pipeline');
  if (!Array.isArray(pipeline))
    throw typeMismatch("BSON field 'aggregate.pipeline' is the wrong type, expected type 'array'");
  const cursor = body.get('cursor');
  if (!isDoc(cursor))
    throw failedToParse("The 'cursor' option is required, except for aggregate with the explain argument");
  const isWholeDb = typeof body.get('aggregate') !== 'string';
  const ns = isWholeDb ? `${context.db}.$cmd.aggregate` : namespaceOf(context);
  const from = isWholeDb ? '' : ns.slice(context.db.length + 1);
  const output = outputOf(context, pipeline);
  const stages = output === null ? pipeline : pipeline.slice(0, -1);
  const rows = runPipeline(from, stages, stageContext(context), body.get('hint'));
  if (output !== null) {
    await output(rows);
    return await cursorReply(context, ns, [], 0, true);
  }
  return await cursorReply(context, ns, encoded(rows), integerField(cursor, 'batchSize', FIRST_BATCH), false);
}

/** What the stages of a command share. */
export function stageContext(context: Context): StageContext {
  return {
    view: viewOf(context),
    db: context.db,
    variables: variablesOf(context),
    collation: collationIn(context.body),
    collection: (ns) => collectionOf(context, ns),
    sessions: () =>
      context.engine.sessions
        .all()
        .map((session) =>
          doc({ _id: doc({ id: new Bin(4, session.id), uid: NOBODY }), lastUse: new UtcDate(session.lastUsed) }),
        ),
  };
}

/** The rows as they are sent; one of more than 16 MiB is refused (10334). */
function* encoded(rows: Iterable<Doc | null>): Generator<Uint8Array | null> {
  for (const row of rows) yield row === null ? null : encodeStored(row);
}
