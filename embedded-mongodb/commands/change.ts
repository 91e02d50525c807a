import { equal } from '../bson/compare.ts';
import { isNumber } from '../bson/numbers.ts';
import { type Doc, isDoc, type Value } from '../bson/values.ts';
import { assertNamespace } from '../engine.ts';
import { badValue, ServerError, typeMismatch } from '../errors.ts';
import type { Collection } from '../storage/catalog.ts';
import { type Index, indexOf } from '../storage/index.ts';
import { type Context, flag, namespaceOf, type Reply } from './context.ts';

/** `renameCollection`, sent to `admin` with both whole namespaces. */
export async function renameCollection(context: Context): Promise<Reply> {
  const { engine, body } = context;
  const from = body.get('renameCollection');
  const to = body.get('to');
  if (typeof from !== 'string' || typeof to !== 'string') throw typeMismatch('namespaces are strings');
  assertNamespace(to);
  if (from === to) throw new ServerError(20, "Can't rename a collection to itself");
  await engine.groups.submit((statement) => {
    const source = engine.catalog.get(from);
    const target = engine.catalog.get(to);
    if (source === undefined) throw new ServerError(26, `Source collection ${from} does not exist`);
    engine.assertUntouched(source);
    if (source.indexes.some((index) => index.building)) throw new ServerError(12587, 'an index is being built');
    if (target !== undefined) {
      if (!flag(body, 'dropTarget')) throw new ServerError(48, 'target namespace exists');
      engine.assertUntouched(target);
      engine.sweeper.bury(engine.catalog.erase(target), statement);
    }
    const dot = to.indexOf('.');
    const renamed: Collection = { ...source, ns: to, db: to.slice(0, dot), name: to.slice(dot + 1) };
    engine.catalog.rename(source, renamed);
    statement.afterCommit(() => {
      engine.catalog.forget(from);
      engine.catalog.add(renamed);
    });
  }, true);
  return new Map();
}

/** `collMod`: the expiry of a TTL index and whether an index is hidden; anything else is not supported (238). */
export async function collMod(context: Context): Promise<Reply> {
  const { engine, body } = context;
  const ns = namespaceOf(context);
  const wanted = body.get('index');
  if (!isDoc(wanted)) throw new ServerError(238, 'collMod: only the options of an index can be changed');
  return await engine.groups.submit((statement) => {
    const collection = engine.catalog.get(ns);
    if (collection === undefined) throw new ServerError(26, `ns does not exist: ${ns}`);
    const before = indexNamed(collection, wanted);
    const spec = changedSpec(before, wanted);
    const after: Index = indexOf(before.table, spec, before.stored);
    after.multikey = before.multikey;
    after.long = before.long;
    const indexes = collection.indexes.map((index) => (index === before ? after : index));
    engine.catalog.store(collection, indexes);
    statement.afterCommit(() => {
      collection.indexes = indexes;
    });
    const reply: Doc = new Map();
    for (const name of ['expireAfterSeconds', 'hidden']) {
      if (!wanted.has(name)) continue;
      reply.set(`${name}_old`, before.spec.get(name) ?? false);
      reply.set(`${name}_new`, spec.get(name) ?? false);
    }
    return reply;
  }, true);
}

function indexNamed(collection: Collection, wanted: Doc): Index {
  const name = wanted.get('name');
  const key = wanted.get('keyPattern');
  const found = collection.indexes.find((index) =>
    name === undefined ? equal(index.spec.get('key'), key) : index.name === name,
  );
  if (found === undefined || found.building)
    throw new ServerError(27, `cannot find index ${String(name ?? 'of that key')} for ns ${collection.ns}`);
  return found;
}

function changedSpec(index: Index, wanted: Doc): Doc {
  const spec = new Map(index.spec);
  const expire: Value | undefined = wanted.get('expireAfterSeconds');
  if (expire !== undefined) {
    if (!isNumber(expire)) throw typeMismatch("BSON field 'collMod.index.expireAfterSeconds' is the wrong type");
    if (index.fields.length !== 1 || index.name === '_id_')
      throw new ServerError(72, 'TTL indexes are single-field indexes');
    spec.set('expireAfterSeconds', expire);
  }
  const hidden = wanted.get('hidden');
  if (hidden !== undefined) {
    if (index.name === '_id_') throw badValue("can't hide _id index");
    if (hidden === true) spec.set('hidden', true);
    else spec.delete('hidden');
  }
  return spec;
}
