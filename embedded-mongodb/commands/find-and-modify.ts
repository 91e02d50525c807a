import { type Doc, doc, isDoc, RawDoc, type Value } from '../bson/values.ts';
import { failedToParse } from '../errors.ts';
import type { Query, Row } from '../query/execute.ts';
import type { Filter } from '../query/filter.ts';
import { compileFilter, filterDocument } from '../query/match.ts';
import { compileProjection } from '../shape/projection.ts';
import { sortFields } from '../shape/sort.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Writer } from '../storage/statement.ts';
import { compileUpdate, type Update } from '../update/compile.ts';
import {
  type Context,
  collationIn,
  collectionOf,
  ensured,
  flag,
  namespaceOf,
  type Reply,
  variablesOf,
} from './context.ts';
import { writeFirst } from './target.ts';
import { applyUpdate, insertUpsert, remember, removeRow, untilUnique } from './write.ts';

const EMPTY_SORT = new Map<string, Value>();

/** What to do with the document that is found. */
interface Act {
  readonly filter: Filter;
  /** What to change; null when it is to be removed. */
  readonly update: Update | null;
  readonly upsert: boolean;
  readonly wantsNew: boolean;
  readonly projection: ((tree: Doc) => Doc) | null;
}

/** `findAndModify`: finds one document, writes it and returns it as it was or as it is. */
export function findAndModify(context: Context): Promise<Reply> | Reply {
  const ns = namespaceOf(context);
  const { body } = context;
  const removes = flag(body, 'remove');
  const upsert = flag(body, 'upsert');
  const wantsNew = flag(body, 'new');
  if (removes && body.has('update')) throw failedToParse("Cannot specify both an 'update' and 'remove'=true");
  if (removes && upsert) throw failedToParse("Cannot specify both 'upsert'=true and 'remove'=true");
  if (removes && wantsNew)
    throw failedToParse(
      "Cannot specify both 'new'=true and 'remove'=true; 'remove' always returns the deleted document",
    );
  if (!removes && !body.has('update')) throw failedToParse('Either an update or remove=true must be specified');
  const stored = context.retry?.done.get(0)?.get('image');
  if (isDoc(stored)) return stored;
  const collation = collationIn(body);
  const variables = variablesOf(context);
  const filter = compileFilter(filterDocument(body.get('query'), 'findAndModify.query'), { collation, variables });
  const query: Query = {
    filter,
    sort: sortFields(body.get('sort') ?? EMPTY_SORT),
    skip: 0,
    limit: 1,
    hint: body.get('hint'),
    collation,
  };
  const projection = compileProjection(body.get('fields'), { variables, find: { filter } });
  const update = removes
    ? null
    : compileUpdate(body.get('update'), {
        filter,
        arrayFilters: body.get('arrayFilters'),
        collation,
        variables,
        now: context.now,
      });
  if (!upsert && collectionOf(context, ns) === undefined) return answer(0, removes ? undefined : false, null);
  const act = { filter, update, upsert, wantsNew, projection };
  return upsert ? ensured(context, ns).then(() => run(context, ns, query, act)) : run(context, ns, query, act);
}

function run(context: Context, ns: string, query: Query, act: Act): Promise<Reply> {
  return untilUnique(context, act.upsert, () =>
    writeFirst(context, ns, query, (writer, collection, row, statement) => {
      const reply = perform(act, writer, collection, row);
      remember(context, statement, 0, doc({ image: reply }));
      return reply;
    }),
  );
}

function perform(act: Act, writer: Writer, collection: Collection, row: Row | null): Reply {
  const { filter, update, upsert, wantsNew, projection } = act;
  if (row === null) {
    if (!upsert || update === null) return answer(0, update === null ? undefined : false, null);
    const inserted = insertUpsert(writer, collection, filter, update);
    return answer(1, false, wantsNew ? shown(inserted, projection) : null, inserted.upserted);
  }
  if (update === null) {
    const value = shown(row, projection);
    removeRow(writer, collection, row);
    return answer(1, undefined, value);
  }
  const before = wantsNew ? null : shown(row, projection);
  const updated = applyUpdate(writer, collection, row, update);
  return answer(1, true, before ?? shown(updated, projection));
}

/** A document as the command returns it: its stored bytes, or what its projection makes of it. */
function shown(
  { tree, bytes }: { readonly tree: Doc; readonly bytes: Buffer },
  projection: ((tree: Doc) => Doc) | null,
): Doc | RawDoc {
  return projection === null ? new RawDoc(bytes) : projection(tree);
}

function answer(n: number, updatedExisting: boolean | undefined, value: Doc | RawDoc | null, upserted?: Value): Reply {
  return doc({ lastErrorObject: doc({ n, updatedExisting, upserted }), value });
}
