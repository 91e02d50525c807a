import { ObjectId } from 'bson';
import { split } from '../bson/path.ts';
import { clone, type Doc, isDoc, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import type { Filter, Node } from '../query/filter.ts';
import type { Update } from './compile.ts';
import { visit } from './fields.ts';

/** The document that an upsert inserts: what the filter fixes, then the update, `_id` in front. */
export function upsertDocument(filter: Filter, update: Update): Doc {
  const base = update.kind === 'replacement' ? idOf(filter) : fixedFields(filter);
  const result = update.apply(base, true);
  return withIdFirst(result);
}

/** A document with its `_id` in front, a new one when it has none. Arrays and regular expressions cannot be one (53). */
export function withIdFirst(document: Doc): Doc {
  const id = document.get('_id');
  if (id !== undefined) {
    assertId(id);
    const [first] = document.keys();
    if (first === '_id') return document;
  }
  const out: Doc = new Map([['_id', id ?? new ObjectId()]]);
  for (const [name, value] of document) if (name !== '_id') out.set(name, value);
  return out;
}

/** Refuses what cannot be an `_id`: arrays (53) and documents with `$` fields (52). */
export function assertId(id: Value): void {
  if (Array.isArray(id)) throw new ServerError(53, "The '_id' value cannot be of type array");
  if (isDoc(id))
    for (const name of id.keys())
      if (name.startsWith('$'))
        throw new ServerError(52, `_id fields may not contain '$'-prefixed fields: ${name} is not valid for storage.`);
}

function idOf(filter: Filter): Doc {
  const id = fixedFields(filter).get('_id');
  return id === undefined ? new Map() : new Map([['_id', id]]);
}

/** The fields that the filter fixes by equality: `$eq`, `$in` and `$all` of one value, `$or` of one branch. */
function fixedFields(filter: Filter): Doc {
  const out: Doc = new Map();
  const set = new Set<string>();
  const positions = { matched: () => 0, meets: () => false };
  for (const [path, value] of equalities(filter.root)) {
    if (set.has(path)) throw new ServerError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
    for (const other of set)
      if (path.startsWith(`${other}.`) || other.startsWith(`${path}.`))
        throw new ServerError(54, `cannot infer query fields to set, both paths '${other}' and '${path}' are matched`);
    set.add(path);
    visit(out, split(path), { creates: true, positions }, (slot) => slot.set(clone(value)));
  }
  return out;
}

function equalities(node: Node): [string, Value][] {
  if (node.kind === 'leaf') {
    const { op, arg } = node.leaf.predicate;
    if (op === '$eq') return [[node.leaf.path, arg]];
    const [only, ...more] = (op === '$in' || op === '$all') && Array.isArray(arg) ? arg : [];
    return only === undefined || more.length > 0 || (isDoc(only) && only.has('$elemMatch'))
      ? []
      : [[node.leaf.path, only]];
  }
  if (node.kind === 'and' || (node.kind === 'or' && node.children.length === 1))
    return node.children.flatMap(equalities);
  return [];
}
