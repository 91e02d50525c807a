import { encode } from '../bson/encode.ts';
import { type Doc, Double, doc, isDoc } from '../bson/values.ts';
import { assertNamespace } from '../engine.ts';
import { ServerError } from '../errors.ts';
import { compileFilter, filterDocument } from '../query/match.ts';
import type { Collection } from '../storage/catalog.ts';
import { type Context, collectionOf, cursorReply, flag, integerField, namespaceOf, type Reply } from './context.ts';

/** Options of `create` that would change how a collection behaves and that this server does not have. */
const REFUSED_OPTIONS = [
  'capped',
  'timeseries',
  'viewOn',
  'pipeline',
  'clusteredIndex',
  'validator',
  'collation',
  'changeStreamPreAndPostImages',
  'expireAfterSeconds',
  'encryptedFields',
  'indexOptionDefaults',
];

/** `create`. An existing collection of the same options is left as it is. */
export async function create(context: Context): Promise<Reply> {
  const ns = namespaceOf(context);
  assertNamespace(ns);
  for (const name of REFUSED_OPTIONS) {
    const value = context.body.get(name);
    if (value !== undefined && value !== false && value !== null && !(isDoc(value) && value.size === 0))
      throw new ServerError(238, `create: option '${name}' is not supported by this server`);
  }
  if (context.transaction !== null) {
    if (context.transaction.collection(ns) !== undefined) throw new ServerError(48, `Collection ${ns} already exists.`);
    context.transaction.create(ns, new Map());
    return new Map();
  }
  if (context.engine.catalog.get(ns) === undefined) await context.engine.createCollection(ns, new Map());
  return new Map();
}

/** `drop`. */
export async function drop(context: Context): Promise<Reply> {
  const ns = namespaceOf(context);
  const collection = context.engine.catalog.get(ns);
  if (collection === undefined) return doc({});
  const { length } = collection.indexes;
  await dropCollection(context, collection);
  return doc({ nIndexesWas: length, ns });
}

async function dropCollection(context: Context, collection: Collection): Promise<void> {
  const { engine } = context;
  await engine.groups.submit((statement) => {
    if (engine.catalog.get(collection.ns) !== collection) return;
    engine.assertUntouched(collection);
    engine.sweeper.bury(engine.catalog.erase(collection), statement);
    statement.afterCommit(() => engine.catalog.forget(collection.ns));
  }, true);
}

/** `dropDatabase`. */
export async function dropDatabase(context: Context): Promise<Reply> {
  const collections = context.engine.catalog.of(context.db);
  for (const collection of collections) await dropCollection(context, collection);
  return doc({ dropped: collections.length > 0 ? context.db : undefined });
}

/** `listDatabases`. */
export function listDatabases(context: Context): Reply {
  const names = [...new Set(context.engine.catalog.all().map((collection) => collection.db))].sort();
  const filter = compileFilter(filterDocument(context.body.get('filter'), 'listDatabases.filter'));
  const nameOnly = flag(context.body, 'nameOnly');
  const databases = names
    .map((name) => (nameOnly ? doc({ name }) : doc({ name, sizeOnDisk: 4096n, empty: false })))
    .filter((database) => filter.test(database));
  return nameOnly
    ? doc({ databases })
    : doc({ databases, totalSize: 4096n * BigInt(databases.length), totalSizeMb: 0n });
}

/** `listCollections`. */
export async function listCollections(context: Context): Promise<Reply> {
  const filter = compileFilter(filterDocument(context.body.get('filter'), 'listCollections.filter'));
  const nameOnly = flag(context.body, 'nameOnly');
  const listed = context.engine.catalog
    .of(context.db)
    .map((collection) => described(collection, nameOnly))
    .filter((document) => filter.test(document))
    .map((document) => encode(document));
  const cursor = context.body.get('cursor');
  const most = isDoc(cursor) ? integerField(cursor, 'batchSize', 1000) : 1000;
  return await cursorReply(context, `${context.db}.$cmd.listCollections`, listed, most, false);
}

function described(collection: Collection, nameOnly: boolean): Doc {
  const head = doc({ name: collection.name, type: 'collection' });
  if (nameOnly) return head;
  const idIndex = collection.indexes.find((index) => index.name === '_id_')?.spec;
  return head
    .set('options', collection.options)
    .set('info', doc({ readOnly: false, uuid: collection.uuid }))
    .set('idIndex', idIndex ?? new Map());
}

/** `collStats` and `dbStats`, in their most asked fields. */
export function collStats(context: Context): Reply {
  const ns = namespaceOf(context);
  const collection = collectionOf(context, ns);
  return doc({ ns, count: collection?.count ?? 0, nindexes: collection?.indexes.length ?? 0, capped: false });
}

/** `dbStats`. */
export function dbStats(context: Context): Reply {
  const collections = context.engine.catalog.of(context.db);
  const objects = collections.reduce((sum, each) => sum + each.count, 0);
  const indexes = collections.reduce((sum, each) => sum + each.indexes.length, 0);
  return doc({
    db: context.db,
    collections: collections.length,
    views: 0,
    objects,
    indexes,
    scaleFactor: new Double(1),
  });
}
