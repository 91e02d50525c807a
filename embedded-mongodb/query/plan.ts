import { equal } from '../bson/compare.ts';
import type { Value } from '../bson/values.ts';
import { badValue } from '../errors.ts';
import type { SortField } from '../shape/sort.ts';
import type { Index, IndexField } from '../storage/index.ts';
import { tableRange } from '../storage/tables.ts';
import { boundsOf, type Points, type RangeBounds } from './bounds.ts';
import type { Filter, Leaf, Node } from './filter.ts';
import { implies } from './implies.ts';
import { type PlannedRange, rangesOf } from './ranges.ts';

const MOST_COMBINATIONS = 2000;
const MOST_MERGED = 64;
const MOST_BRANCHES = 64;

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
  /** Whether it finds one document at most: every field of a unique index is bound to one value. */
  readonly single: boolean;
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

/** An index that can serve a query: its leading fields bound to values, perhaps a range of the next one. */
interface Candidate {
  readonly index: Index;
  readonly points: readonly Points[];
  readonly range: RangeBounds | null;
  readonly order: Order;
  readonly exact: boolean;
  readonly score: number;
}

/** Chooses the plan: no statistics, the best score, the older index among equals. Code 2 for an unknown hint. */
export function planOf(question: Question): Plan {
  const natural = naturalDirection(question);
  if (natural !== 0) return scan(question, natural < 0);
  const hinted = question.hint === undefined ? null : hintedIndex(question);
  if (question.collated === true) return scan(question, false);
  const conditions = conjuncts(question.filter.root);
  const best = bestIndex(conditions, question, hinted);
  const union = hinted === null ? unionOf(conditions, question, best?.score ?? 0) : null;
  return union ?? (best === null ? scan(question, false) : planBy(best));
}

function bestIndex(conditions: readonly Node[], question: Question, hinted: Index | null): Candidate | null {
  if (hinted !== null) return weigh(hinted, conditions, question, true);
  let best: Candidate | null = null;
  for (const index of question.indexes) {
    const candidate = weigh(index, conditions, question, false);
    if (candidate !== null && (best === null || candidate.score > best.score)) best = candidate;
  }
  return best;
}

/**
 * The union of the index scans of an `$or`, when the weakest of its branches, together with the conditions beside the
 * `$or`, is better served than the whole is by one index.
 */
function unionOf(conditions: readonly Node[], question: Question, toBeat: number): Plan | null {
  let best: { found: readonly (Candidate | null)[]; score: number } | null = null;
  for (const or of conditions) {
    if (or.kind !== 'or' || or.children.length === 0 || or.children.length > MOST_BRANCHES) continue;
    const beside = conditions.filter((node) => node !== or);
    const found = or.children.map((branch) => bestIndex([...beside, ...conjuncts(branch)], question, null));
    const score = Math.min(...found.map((each) => (each !== null && isBounded(each) ? each.score : 0)));
    if (score > (best?.score ?? toBeat)) best = { found, score };
  }
  if (best === null) return null;
  const plans = best.found.flatMap((each) => (each === null ? [] : planBy(each)));
  const inOrder = plans.every((plan) => plan.order !== 'none');
  const exact = plans.every((plan) => plan.exact);
  const order = inOrder ? 'merged' : 'none';
  return { index: null, ranges: [], bounded: [], reverse: false, order, exact, single: false, branches: plans };
}

/** The conditions that all hold for every answer. */
function conjuncts(node: Node): readonly Node[] {
  if (node.kind !== 'and') return [node];
  return node.children.some(({ kind }) => kind === 'and') ? node.children.flatMap(conjuncts) : node.children;
}

function isBounded({ points, range }: Candidate): boolean {
  return points.length > 0 || range !== null;
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
    single: false,
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

/** The conditions on one path. */
function leavesAt(conditions: readonly Node[], path: string): readonly Leaf[] {
  let found: Leaf[] | null = null;
  for (const node of conditions) {
    if (node.kind !== 'leaf' || node.leaf.path !== path) continue;
    if (found === null) found = [node.leaf];
    else found.push(node.leaf);
  }
  return found ?? NO_LEAVES;
}

const NO_LEAVES: readonly Leaf[] = [];

function weigh(index: Index, conditions: readonly Node[], question: Question, hinted: boolean): Candidate | null {
  if (index.hidden || index.building) return null;
  const { points, range } = boundedFields(index, conditions);
  const order = orderOf(index, points, question.sort);
  const score = points.length * 10 + (range === null ? 0 : 5) + (order.kind === 'none' ? 0 : 4);
  if (score === 0 && !hinted) return null;
  if (index.partial !== null && !implies((path) => leavesAt(conditions, path), index.partial)) return null;
  if (index.sparse && range?.excludesMissing !== true && !points.some((each) => each.excludesMissing)) return null;
  let met = range?.conditions ?? 0;
  let exact = !index.multikey && !index.long && range?.exact !== false;
  for (const each of points) {
    met += each.conditions;
    exact &&= each.exact;
  }
  return { index, points, range, order, exact: exact && met === conditions.length, score };
}

/** The leading fields that conditions bind to values, and the range of the one behind them. */
function boundedFields(index: Index, conditions: readonly Node[]): Pick<Candidate, 'points' | 'range'> {
  const points: Points[] = [];
  let combinations = 1;
  for (const field of index.fields) {
    const leaves = leavesAt(conditions, field.path);
    if (leaves.length === 0) break;
    const bounds = boundsOf(leaves, index.multikey);
    if (bounds.kind === 'range') return { points, range: bounds };
    if (bounds.kind === 'none') break;
    combinations *= bounds.values.length;
    if (combinations > MOST_COMBINATIONS) break;
    points.push(bounds);
  }
  return { points, range: null };
}

function planBy({ index, points, range, order, exact }: Candidate): Plan {
  const { ranges, cut } = rangesOf(index, points, range);
  const used = points.length + (range === null ? 0 : 1);
  return {
    index,
    ranges,
    bounded: index.fields.slice(0, used).map(({ path }) => path),
    reverse: order.reverse,
    order: order.kind,
    exact: exact && !cut,
    single: index.unique && !index.multikey && !cut && points.length === index.fields.length && ranges.length === 1,
    branches: [],
  };
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
