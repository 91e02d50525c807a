import { equal } from '../bson/compare.ts';
import { keyOf, prefixEnd } from '../bson/key.ts';
import type { Value } from '../bson/values.ts';
import { badValue } from '../errors.ts';
import type { SortField } from '../shape/sort.ts';
import type { Range } from '../storage/environment.ts';
import { encodeField, type Index, type IndexField } from '../storage/index.ts';
import { indexPrefix, tableRange } from '../storage/tables.ts';
import { type Bounds, boundsOf, rangeKeys } from './bounds.ts';
import type { Filter, Leaf, Node } from './filter.ts';
import { implies } from './implies.ts';

/** Keys in front of this length stand in a shortened index entry as they are. */
const SAFE_PREFIX = 1024;
const MOST_COMBINATIONS = 2000;
const MOST_MERGED = 64;
const MOST_BRANCHES = 64;

/** A range of keys and how many of their first bytes are the same for all of them. */
export interface PlannedRange extends Range {
  readonly prefix: number;
}

/** How the documents of a query are found. Without an index it is a scan of the whole table. */
export interface Plan {
  readonly index: Index | null;
  readonly ranges: readonly PlannedRange[];
  /** The fields of the index that bound what is read of it; without any the whole index is walked. */
  readonly bounded: readonly string[];
  readonly reverse: boolean;
  /** Whether rows come in the wanted order: by walking the ranges one after the other, or by merging them. */
  readonly order: 'none' | 'walked' | 'merged';
  /** Whether the bounds say all that the filter says, so that it need not be tested again. */
  readonly exact: boolean;
  /** The plans of the branches of an `$or`, each by an index; the others are null and empty then. */
  readonly branches: readonly Plan[];
}

/** Whether the whole collection is read. */
export function isScan(plan: Plan): boolean {
  return plan.index === null && plan.branches.length === 0;
}

/** Whether what a plan finds has to be sorted. */
export function sorts(plan: Plan, sort: readonly SortField[]): boolean {
  return sort.length > 0 && plan.order === 'none' && sort[0]?.path !== '$natural';
}

/** What the planner is asked. */
export interface Question {
  readonly table: number;
  readonly indexes: readonly Index[];
  readonly filter: Filter;
  readonly sort: readonly SortField[];
  readonly hint?: Value | undefined;
  /** A collation forbids every index, for none has one. */
  readonly collated?: boolean;
}

interface Candidate {
  readonly plan: Plan;
  readonly score: number;
}

/** Chooses the plan: no statistics, the best score, the older index among equals. Code 2 for an unknown hint. */
export function planOf(question: Question): Plan {
  const natural = naturalDirection(question);
  if (natural !== 0) return scan(question, natural < 0);
  const hinted = question.hint === undefined ? null : hintedIndex(question);
  if (question.collated === true) return scan(question, false);
  const best = bestIndex(question.filter.root, question, hinted);
  const union = hinted === null ? unionOf(question, best?.score ?? 0) : null;
  return union ?? best?.plan ?? scan(question, false);
}

function bestIndex(root: Node, question: Question, hinted: Index | null): Candidate | null {
  const leaves = leavesOf(root);
  let best: Candidate | null = null;
  for (const index of hinted === null ? question.indexes : [hinted]) {
    const candidate = weigh(index, root, leaves, question, hinted !== null);
    if (candidate !== null && (best === null || candidate.score > best.score)) best = candidate;
  }
  return best;
}

/**
 * The union of the index scans of an `$or`, when the weakest of its branches, together with the conditions beside the
 * `$or`, is better served than the whole is by one index.
 */
function unionOf(question: Question, toBeat: number): Plan | null {
  const nodes = conjuncts(question.filter.root);
  let best: { plans: Plan[]; score: number } | null = null;
  for (const or of nodes) {
    if (or.kind !== 'or' || or.children.length === 0 || or.children.length > MOST_BRANCHES) continue;
    const beside = nodes.filter((node) => node !== or);
    const found = or.children.map((branch) =>
      bestIndex({ kind: 'and', children: [...beside, branch] }, question, null),
    );
    const score = Math.min(...found.map((each) => (each !== null && each.plan.bounded.length > 0 ? each.score : 0)));
    if (score > (best?.score ?? toBeat)) best = { plans: found.flatMap((each) => each?.plan ?? []), score };
  }
  if (best === null) return null;
  const { plans } = best;
  const inOrder = plans.every((plan) => plan.order !== 'none');
  const exact = plans.every((plan) => plan.exact);
  const order = inOrder ? 'merged' : 'none';
  return { index: null, ranges: [], bounded: [], reverse: false, order, exact, branches: plans };
}

function conjuncts(node: Node): Node[] {
  return node.kind === 'and' ? node.children.flatMap(conjuncts) : [node];
}

function scan(question: Question, reverse: boolean): Plan {
  const exact = question.filter.isEmpty;
  return {
    index: null,
    ranges: [{ ...tableRange(question.table), prefix: 4 }],
    bounded: [],
    reverse,
    order: 'none',
    exact,
    branches: [],
  };
}

/** `$natural` as a sort or a hint: 1 forward, -1 backward, 0 when it is not asked. */
function naturalDirection(question: Question): number {
  const sorted = question.sort.find((field) => field.path === '$natural');
  if (sorted !== undefined) return sorted.descending ? -1 : 1;
  if (question.hint instanceof Map && question.hint.has('$natural'))
    return equal(question.hint.get('$natural'), -1) ? -1 : 1;
  return 0;
}

function hintedIndex(question: Question): Index {
  const { hint } = question;
  const found = question.indexes.find((index) =>
    typeof hint === 'string' ? index.name === hint : equal(index.spec.get('key'), hint),
  );
  if (found === undefined || found.hidden || found.building)
    throw badValue(
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    );
  return found;
}

/** The conditions that hold for every answer, by path. */
function leavesOf(root: Node): Map<string, Leaf[]> {
  const out = new Map<string, Leaf[]>();
  for (const node of conjuncts(root))
    if (node.kind === 'leaf') out.set(node.leaf.path, [...(out.get(node.leaf.path) ?? []), node.leaf]);
  return out;
}

function weigh(
  index: Index,
  root: Node,
  leaves: Map<string, Leaf[]>,
  question: Question,
  hinted: boolean,
): Candidate | null {
  if (index.hidden || index.building || (index.partial !== null && !implies(leaves, index.partial))) return null;
  const bounds = index.fields.map((field) => boundsOf(leaves.get(field.path) ?? [], index.multikey));
  const points = leadingPoints(bounds);
  const range = bounds[points.length];
  const hasRange = range !== undefined && range.kind === 'range';
  const used = [...points, ...(hasRange ? [range] : [])];
  if (index.sparse && !used.some((each) => each.excludesMissing)) return null;
  const order = orderOf(index, points, question.sort);
  const score = points.length * 10 + (hasRange ? 5 : 0) + (order.kind === 'none' ? 0 : 4);
  if (score === 0 && !hinted) return null;
  const conditions = used.reduce((sum, each) => sum + each.conditions, 0);
  const exact =
    !index.multikey && !index.long && used.every((each) => each.exact) && conditions === conjuncts(root).length;
  const { ranges, cut } = rangesOf(index, points, hasRange ? range : null);
  const bounded = index.fields.slice(0, used.length).map((field) => field.path);
  const plan = {
    index,
    ranges,
    bounded,
    reverse: order.reverse,
    order: order.kind,
    exact: exact && !cut,
    branches: [],
  };
  return { plan, score };
}

type Points = Bounds & { readonly kind: 'points' };

function leadingPoints(bounds: readonly Bounds[]): Points[] {
  const out: Points[] = [];
  let combinations = 1;
  for (const each of bounds) {
    if (each.kind !== 'points') break;
    combinations *= each.values.length;
    if (combinations > MOST_COMBINATIONS) break;
    out.push(each);
  }
  return out;
}

type Order = Pick<Plan, 'reverse'> & { readonly kind: Plan['order'] };
const UNORDERED: Order = { kind: 'none', reverse: false };

function orderOf(index: Index, points: readonly Points[], sort: readonly SortField[]): Order {
  if (sort.length === 0 || index.multikey || index.long) return UNORDERED;
  const isFixed = (path: string) =>
    points.some((each, i) => each.values.length === 1 && index.fields[i]?.path === path);
  const wanted = sort.filter((field) => !isFixed(field.path));
  const walked = direction(
    index.fields.filter((field) => !isFixed(field.path)),
    wanted,
  );
  if (walked !== 0) return { kind: 'walked', reverse: walked < 0 };
  const combinations = points.reduce((product, each) => product * each.values.length, 1);
  const merged = direction(index.fields.slice(points.length), wanted);
  return merged !== 0 && combinations <= MOST_MERGED ? { kind: 'merged', reverse: merged < 0 } : UNORDERED;
}

/** 1 when the fields start with the wanted ones in their directions, -1 when in all opposite ones, else 0. */
function direction(fields: readonly IndexField[], wanted: readonly SortField[]): number {
  let sign = 0;
  for (const [i, want] of wanted.entries()) {
    const field = fields[i];
    if (field === undefined || field.path !== want.path) return 0;
    const here = field.descending === want.descending ? 1 : -1;
    if (sign !== 0 && sign !== here) return 0;
    sign = here;
  }
  return sign === 0 ? 1 : sign;
}

function rangesOf(index: Index, points: readonly Points[], range: (Bounds & { kind: 'range' }) | null) {
  let prefixes: Buffer[] = [Buffer.alloc(0)];
  for (const [i, each] of points.entries()) {
    const field = index.fields[i] as IndexField;
    const keys = each.values.map((value) => encodeField(field, value));
    prefixes = prefixes.flatMap((prefix) => keys.map((key) => Buffer.concat([prefix, key])));
  }
  const cut = prefixes.some((prefix) => prefix.length > SAFE_PREFIX);
  const unique = new Map(
    prefixes.map((prefix) => [prefix.subarray(0, SAFE_PREFIX).toString('latin1'), prefix.subarray(0, SAFE_PREFIX)]),
  );
  const sorted = [...unique.values()].sort(Buffer.compare);
  const field = index.fields[points.length];
  const ranges = sorted.map((prefix): PlannedRange => {
    const start = indexPrefix(index.table, prefix);
    if (range === null || field === undefined || cut)
      return { start, end: prefixEnd(start) ?? start, prefix: start.length };
    const keys = rangeKeys(range, field.descending);
    return {
      start: extend(start, keys.start, false),
      end: extend(start, keys.end.key, keys.end.after),
      prefix: start.length,
    };
  });
  return { ranges, cut: cut || (range !== null && tooLong(range)) };
}

function extend(prefix: Buffer, key: Uint8Array, after: boolean): Buffer {
  const whole = Buffer.concat([prefix, key.subarray(0, SAFE_PREFIX)]);
  return after ? (prefixEnd(whole) ?? whole) : whole;
}

function tooLong(range: Bounds & { kind: 'range' }): boolean {
  return [range.low, range.high].some((end) => end !== null && keyOf(end.value).length > SAFE_PREFIX);
}
