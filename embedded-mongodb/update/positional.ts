import { valueAt } from '../bson/path.ts';
import { type Doc, isDoc, type Value } from '../bson/values.ts';
import { badValue, failedToParse, ServerError } from '../errors.ts';
import type { Collation } from '../query/collation.ts';
import type { Filter, Leaf, Node } from '../query/filter.ts';
import { compileFilter } from '../query/match.ts';

const NO_MATCH = 'The positional operator did not find the match needed from the query.';

/**
 * The index that `$` stands for in an array of a document: the first element that meets the conditions which the query
 * has on that array, the last one of them deciding when no element meets all.
 */
export function matchedIndex(tree: Doc, filter: Filter): (array: readonly string[]) => number {
  const snapshot: Doc = tree;
  const found = new Map<string, number>();
  const conditions = leavesOf(filter.root);
  const compute = (array: readonly string[]): number => {
    const items = valueAt(snapshot, array);
    const path = array.join('.');
    const tests = conditions.filter((leaf) => concerns(leaf, path)).map((leaf) => elementTestOf(leaf, array.length));
    if (!Array.isArray(items) || tests.length === 0) throw badValue(NO_MATCH);
    const whole = items.findIndex((item) => tests.every((test) => test(item)));
    if (whole >= 0) return whole;
    for (const test of tests.toReversed()) {
      const index = items.findIndex(test);
      if (index >= 0) return index;
    }
    throw badValue(NO_MATCH);
  };
  return (array) => {
    const path = array.join('.');
    const index = found.get(path) ?? compute(array);
    found.set(path, index);
    return index;
  };
}

function leavesOf(node: Node): Leaf[] {
  if (node.kind === 'leaf') return [node.leaf];
  if (node.kind === 'expression' || node.kind === 'nor') return [];
  return node.children.flatMap(leavesOf);
}

function concerns(leaf: Leaf, path: string): boolean {
  return leaf.path === path || leaf.path.startsWith(`${path}.`);
}

function elementTestOf(leaf: Leaf, depth: number): (item: Value) => boolean {
  const rest = leaf.parts.slice(depth);
  if (rest.length > 0) return (item) => (isDoc(item) || Array.isArray(item)) && leaf.predicate.test(item, rest);
  if (leaf.predicate.op === '$elemMatch') return (item) => leaf.predicate.single([item]);
  return (item) => leaf.predicate.single(item);
}

/** The array filters of an update by their names. */
export interface ArrayFilters {
  meets(identifier: string, element: Value): boolean;
  /** Refuses a name without a filter (2) and a filter that no path uses (9). */
  assertUsed(paths: readonly (readonly string[])[]): void;
}

const NO_FILTERS = filtersBy(new Map());

/** Parses `arrayFilters`. */
export function arrayFiltersOf(value: Value | undefined, collation: Collation): ArrayFilters {
  if (value === undefined) return NO_FILTERS;
  const filters = new Map<string, Filter>();
  for (const item of listOf(value)) {
    if (!isDoc(item)) throw failedToParse('Each array filter must be an object');
    const name = identifierOf(item);
    if (filters.has(name))
      throw failedToParse(`Found multiple array filters with the same top-level field name ${name}`);
    filters.set(name, compileFilter(item, { collation }));
  }
  return filtersBy(filters);
}

function filtersBy(filters: ReadonlyMap<string, Filter>): ArrayFilters {
  return {
    meets: (identifier, element) => filters.get(identifier)?.test(new Map([[identifier, element]])) ?? false,
    assertUsed: (paths) => {
      const used = new Set<string>();
      for (const parts of paths) for (const part of parts) if (/^\$\[.+\]$/.test(part)) used.add(part.slice(2, -1));
      for (const name of used) if (!filters.has(name)) throw badValue(`No array filter found for identifier '${name}'`);
      for (const name of filters.keys())
        if (!used.has(name))
          throw failedToParse(`The array filter for identifier '${name}' was not used in the update`);
    },
  };
}

function listOf(value: Value): readonly Value[] {
  if (!Array.isArray(value))
    throw new ServerError(14, "BSON field 'update.updates.arrayFilters' is the wrong type, expected type 'array'");
  return value;
}

function identifierOf(filter: Doc): string {
  const names = new Set<string>();
  const collect = (document: Doc) => {
    for (const [name, value] of document) {
      if (!name.startsWith('$')) names.add(name.split('.')[0] as string);
      else if (Array.isArray(value)) for (const item of value) if (isDoc(item)) collect(item);
    }
  };
  collect(filter);
  const [name] = names;
  if (name === undefined || names.size !== 1)
    throw failedToParse('Error parsing array filter :: caused by :: Expected a single top-level field name');
  if (!/^[a-z][A-Za-z0-9]*$/.test(name))
    throw badValue(
      `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
    );
  return name;
}
