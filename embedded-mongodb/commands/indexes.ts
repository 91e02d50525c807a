import { compare, equal } from '../bson/compare.ts';
import { encode } from '../bson/encode.ts';
import { isNumber, toDouble } from '../bson/numbers.ts';
import { type Doc, doc, isDoc, type Value } from '../bson/values.ts';
import type { Engine } from '../engine.ts';
import { badValue, ServerError, typeMismatch } from '../errors.ts';
import type { Node } from '../query/filter.ts';
import { compileFilter } from '../query/match.ts';
import { buildSliced, fillAtOnce, removeIndexes, SMALL } from '../storage/build.ts';
import type { Collection } from '../storage/catalog.ts';
import { show } from '../storage/duplicate.ts';
import { type Index, indexOf } from '../storage/index.ts';
import type { Statement } from '../storage/statement.ts';
import { INDEX_OPTIONS, PARTIAL_OPERATORS } from '../subset.ts';
import { type Context, cursorReply, flag, integerField, listField, namespaceOf, type Reply } from './context.ts';

const MOST_INDEXES = 64;
/** `createIndexes`. An index that is there with the same options is left as it is. */
export async function createIndexes(context: Context): Promise<Reply> {
  const ns = namespaceOf(context);
  const specs = listField(context.body, 'indexes').map(normalised);
  if (specs.length === 0) throw badValue('Must specify at least one index to create');
  const existed = context.engine.catalog.get(ns) !== undefined;
  const collection = await context.engine.ensureCollection(ns);
  const before = collection.indexes.length;
  for (const spec of specs) await createIndex(context, ns, spec);
  const after = context.engine.catalog.get(ns)?.indexes.length ?? before;
  return doc({
    numIndexesBefore: before,
    numIndexesAfter: after,
    createdCollectionAutomatically: !existed,
    note: after === before ? 'all indexes already exist' : undefined,
  });
}

async function createIndex(context: Context, ns: string, spec: Doc): Promise<void> {
  const { engine } = context;
  for (;;) {
    const begun = await engine.groups.submit((statement) => beginIndex(engine, ns, spec, statement), true);
    if (begun === null) return;
    if (begun.isNew) {
      await buildSliced(engine, begun.collection, begun.index);
      return;
    }
    // Another client is building it: what it ends with is looked at again.
    await new Promise<void>((resolve) => setTimeout(resolve, 20));
  }
}

interface Begun {
  readonly collection: Collection;
  readonly index: Index;
  readonly isNew: boolean;
}

/** Creates an index, whole when the collection is small; null when there is nothing more to do. */
function beginIndex(engine: Engine, ns: string, spec: Doc, statement: Statement): Begun | null {
  const collection = engine.catalog.get(ns);
  if (collection === undefined) throw new ServerError(26, `ns does not exist: ${ns}`);
  engine.assertUntouched(collection);
  const same = existing(collection, spec);
  if (same !== null) return same.building ? { collection, index: same, isNew: !engine.building.has(same) } : null;
  if (collection.indexes.length >= MOST_INDEXES)
    throw new ServerError(67, `add index fails, too many indexes for ${ns}`);
  const index = indexOf(engine.catalog.newTable(), spec, { multikey: false, long: false });
  if (collection.count > SMALL) index.building = true;
  else {
    fillAtOnce(engine.env, collection, index);
    index.stored = { multikey: index.multikey, long: index.long };
  }
  const indexes = [...collection.indexes, index];
  engine.catalog.store(collection, indexes);
  statement.afterCommit(() => {
    collection.indexes = indexes;
  });
  return index.building ? { collection, index, isNew: true } : null;
}

/** The same index when it is there. Another one of its name or its key is a conflict (85, 86). */
function existing(collection: Collection, spec: Doc): Index | null {
  const name = spec.get('name');
  const sameName = collection.indexes.find((index) => index.name === name);
  const sameKey = collection.indexes.find((index) => sameKeyAndFilter(index.spec, spec));
  const shown = show(spec);
  if (sameName !== undefined) {
    if (!equal(sameName.spec.get('key'), spec.get('key')))
      throw new ServerError(
        86,
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${shown}, existing index: ${show(sameName.spec)}`,
      );
    if (sameOptions(sameName.spec, spec)) return sameName;
    throw new ServerError(
      sameKeyAndFilter(sameName.spec, spec) ? 85 : 86,
      `An equivalent index already exists with the same name but different options. Requested index: ${shown}, existing index: ${show(sameName.spec)}`,
    );
  }
  if (sameKey === undefined) return null;
  throw new ServerError(85, `Index already exists with a different name: ${sameKey.name}`);
}

function sameKeyAndFilter(a: Doc, b: Doc): boolean {
  return equal(a.get('key'), b.get('key')) && equal(a.get('partialFilterExpression'), b.get('partialFilterExpression'));
}

function sameOptions(a: Doc, b: Doc): boolean {
  const names = ['unique', 'sparse', 'expireAfterSeconds', 'partialFilterExpression'];
  return names.every((name) => compare(a.get(name) ?? false, b.get(name) ?? false) === 0);
}

/** A specification as it is stored; what this server has no index for is refused with code 67. */
function normalised(value: Value): Doc {
  if (!isDoc(value)) throw typeMismatch("BSON field 'createIndexes.indexes' is the wrong type, expected type 'array'");
  const key = value.get('key');
  const name = value.get('name');
  if (!isDoc(key) || key.size === 0) throw new ServerError(67, 'Index keys cannot be an empty object');
  if (typeof name !== 'string' || name === '')
    throw new ServerError(9, "The 'name' field is a required property of an index specification");
  for (const field of value.keys())
    if (!INDEX_OPTIONS.has(field))
      throw new ServerError(
        197,
        `The field '${field}' is not valid for an index specification. Specification: ${show(value)}`,
      );
  for (const [path, direction] of key) assertField(path, direction);
  const collation = value.get('collation');
  if (collation !== undefined && !(isDoc(collation) && collation.get('locale') === 'simple'))
    throw new ServerError(67, 'an index with a collation is not supported');
  const spec = doc({ v: 2, key, name });
  for (const option of ['unique', 'sparse', 'hidden']) if (flag(value, option)) spec.set(option, true);
  addExpiry(spec, value.get('expireAfterSeconds'));
  addPartial(spec, value.get('partialFilterExpression'));
  if (key.size === 1 && key.has('_id')) spec.set('name', '_id_');
  return spec;
}

function assertField(path: string, direction: Value): void {
  if (path === '' || path.split('.').includes(''))
    throw new ServerError(67, 'Index keys cannot contain an empty field.');
  if (path.startsWith('$') || path.includes('$**')) throw new ServerError(67, `index on ${path} is not supported`);
  if (typeof direction === 'string') throw new ServerError(67, `an index of type '${direction}' is not supported`);
  if (!isNumber(direction))
    throw new ServerError(
      67,
      `Values in v:2 index key pattern cannot be of type. Only numbers > 0, numbers < 0, and strings are allowed.`,
    );
  if (toDouble(direction) === 0) throw new ServerError(67, 'Values in the index key pattern cannot be 0.');
}

function addExpiry(spec: Doc, expire: Value | undefined): void {
  if (expire === undefined) return;
  if (!isNumber(expire) || toDouble(expire) < 0 || toDouble(expire) > 2_147_483_647)
    throw new ServerError(67, 'TTL index expireAfterSeconds must be within 0 and 2147483647');
  if ((spec.get('key') as Doc).size !== 1)
    throw new ServerError(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL');
  spec.set('expireAfterSeconds', expire);
}

function addPartial(spec: Doc, partial: Value | undefined): void {
  if (partial === undefined) return;
  if (!isDoc(partial))
    throw typeMismatch("BSON field 'partialFilterExpression' is the wrong type, expected type 'object'");
  if (spec.has('sparse')) throw new ServerError(67, 'cannot mix "partialFilterExpression" and "sparse" options');
  assertPartial(compileFilter(partial).root);
  spec.set('partialFilterExpression', partial);
}

function assertPartial(node: Node): void {
  if (node.kind === 'and') for (const child of node.children) assertPartial(child);
  else if (node.kind !== 'leaf') throw new ServerError(67, `unsupported expression in partial index: ${node.kind}`);
  else {
    const { op, arg } = node.leaf.predicate;
    if (!PARTIAL_OPERATORS.has(op) || (op === '$exists' && arg !== true))
      throw new ServerError(67, `unsupported expression in partial index: ${op}`);
  }
}

/** `listIndexes`. */
export async function listIndexes(context: Context): Promise<Reply> {
  const ns = namespaceOf(context);
  const collection = context.engine.catalog.get(ns);
  if (collection === undefined) throw new ServerError(26, `ns does not exist: ${ns}`);
  const listed = collection.indexes.map((index) => encode(index.spec));
  const cursor = context.body.get('cursor');
  const most = isDoc(cursor) ? integerField(cursor, 'batchSize', 1000) : 1000;
  return await cursorReply(context, ns, listed, most, false);
}

/** `dropIndexes`: by name, by key, a list of names, or `*` for all but `_id_`. */
export async function dropIndexes(context: Context): Promise<Reply> {
  const ns = namespaceOf(context);
  const { engine } = context;
  const collection = engine.catalog.get(ns);
  if (collection === undefined) throw new ServerError(26, `ns not found ${ns}`);
  const before = collection.indexes.length;
  await removeIndexes(engine, collection, chosen(collection, context.body.get('index') ?? null));
  return doc({ nIndexesWas: before });
}

function chosen(collection: Collection, which: Value): Index[] {
  if (which === '*') return collection.indexes.filter((index) => index.name !== '_id_');
  return (Array.isArray(which) ? which : [which]).map((item) => {
    const found = collection.indexes.find((index) =>
      typeof item === 'string' ? index.name === item : equal(index.spec.get('key'), item),
    );
    if (found === undefined)
      throw new ServerError(
        27,
        typeof item === 'string' ? `index not found with name [${item}]` : `can't find index with key: ${show(item)}`,
      );
    if (found.name === '_id_') throw new ServerError(72, 'cannot drop _id index');
    return found;
  });
}
