import { equal } from '../bson/compare.ts';
import { isNumber } from '../bson/numbers.ts';
import type { Value } from '../bson/values.ts';
import type { Filter, Leaf } from './filter.ts';

const COMPARISONS = new Set(['$gt', '$gte', '$lt', '$lte']);

/**
 * Whether a query's conditions imply a partial index's filter, so that every answer stands in the index: the same
 * condition, an equality that meets it, `$exists: true` under anything that a missing field cannot meet.
 */
export function implies(leavesAt: (path: string) => readonly Leaf[], partial: Filter): boolean {
  return partial.root.children.every((node) => {
    if (node.kind !== 'leaf') return false;
    return leavesAt(node.leaf.path).some((leaf) => impliesLeaf(leaf, node.leaf));
  });
}

function impliesLeaf(given: Leaf, wanted: Leaf): boolean {
  const { op, arg } = given.predicate;
  if (op === wanted.predicate.op && equal(arg, wanted.predicate.arg)) return true;
  if (op === '$eq') return meets(arg, wanted);
  if (op === '$in' && Array.isArray(arg)) return arg.length > 0 && arg.every((value) => meets(value, wanted));
  if (wanted.predicate.op !== '$exists' || wanted.predicate.arg !== true) return false;
  return op === '$type' || (COMPARISONS.has(op) && arg !== null);
}

/** Whether every document with this value at the path meets the condition. */
function meets(value: Value, wanted: Leaf): boolean {
  const { op, arg } = wanted.predicate;
  if (value === null) return op === '$eq' && arg === null;
  if (Array.isArray(value)) return false;
  // A number equals numbers of other types, so it says nothing about one type.
  if (op === '$type' && isNumber(value) && arg !== 'number') return false;
  if (op === '$exists') return arg === true;
  return (op === '$eq' || op === '$in' || op === '$type' || COMPARISONS.has(op)) && wanted.predicate.single(value);
}
