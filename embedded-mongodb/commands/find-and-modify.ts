import { type Doc, doc, isDoc, RawDoc, type Value } from '../bson/values.ts';
import { failedToParse } from '../errors.ts';
import type { Query } from '../query/execute.ts';
import { compileFilter, filterDocument } from '../query/match.ts';
import { compileProjection } from '../shape/projection.ts';
import { sortFields } from '../shape/sort.ts';
import { compileUpdate } from '../update/compile.ts';
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

/** `findAndModify`: finds one document, writes it and returns it as it was or as it is. */
export async function findAndModify(context: Context): Promise<Reply> {
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
  if (upsert) await ensured(context, ns);
  else if (collectionOf(context, ns) === undefined) return answer(0, removes ? undefined : false, null);
  return await untilUnique(context, upsert, () =>
    writeFirst(context, ns, query, (writer, collection, row, statement) => {
      const reply = ((): Reply => {
        if (row === null) {
          if (!upsert || update === null) return answer(0, removes ? undefined : false, null);
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
      })();
      remember(context, statement, 0, doc({ image: reply }));
      return reply;
    }),
  );
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
