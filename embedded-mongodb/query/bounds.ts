import { compare, ORDER, orderOf } from '../bson/compare.ts';
import { inverted, keyOf, prefixEnd } from '../bson/key.ts';
import { isNumber, toDouble } from '../bson/numbers.ts';
import { Double, Regex, type Value } from '../bson/values.ts';
import type { Leaf } from './filter.ts';
import { anchoredPrefix } from './regex.ts';

/** One end of a range of values. */
export interface End {
  readonly value: Value;
  readonly inclusive: boolean;
}

/** What the conditions on one path say about the values in an index. */
export type Bounds = BoundsBase &
  (
    | { readonly kind: 'none' }
    | { readonly kind: 'points'; readonly values: readonly Value[] }
    | { readonly kind: 'range'; readonly order: number; readonly low: End | null; readonly high: End | null }
  );

/** Bounds that are values. */
export type Points = Bounds & { readonly kind: 'points' };

/** Bounds that are a range. */
export type RangeBounds = Bounds & { readonly kind: 'range' };

interface BoundsBase {
  /** Whether they say it completely, for an index without arrays. */
  readonly exact: boolean;
  /** How many conditions they stand for. */
  readonly conditions: number;
  /** Whether no document without the field can be an answer. */
  readonly excludesMissing: boolean;
}

const NONE: Bounds = { kind: 'none', exact: false, conditions: 0, excludesMissing: false };

/** The bounds of the conditions on one path. Arrays as operands give none, their keys are those of their elements. */
export function boundsOf(leaves: readonly Leaf[], multikey: boolean): Bounds {
  for (const leaf of leaves) {
    const values = pointsOf(leaf);
    if (values !== null)
      return {
        kind: 'points',
        values,
        exact: leaves.length === 1,
        conditions: leaves.length,
        excludesMissing: !values.includes(null),
      };
  }
  return rangeOf(leaves, multikey);
}

function pointsOf(leaf: Leaf): Value[] | null {
  const { op, arg } = leaf.predicate;
  if (op === '$eq') return isPoint(arg) ? [arg] : null;
  if (op !== '$in' || !Array.isArray(arg)) return null;
  return arg.every(isPoint) ? distinct(arg) : null;
}

function isPoint(value: Value): boolean {
  return !Array.isArray(value) && !(value instanceof Regex);
}

function distinct(values: readonly Value[]): Value[] {
  const sorted = [...values].sort(compare);
  return sorted.filter((value, i) => i === 0 || compare(value, sorted[i - 1]) !== 0);
}

function rangeOf(leaves: readonly Leaf[], multikey: boolean): Bounds {
  let low: End | null = null;
  let high: End | null = null;
  let order = -1;
  let conditions = 0;
  let exact = true;
  for (const leaf of leaves) {
    const ends = endsOf(leaf);
    if (ends === null || (order !== -1 && ends.order !== order)) continue;
    // On arrays two ends may be met by two elements: only the first condition bounds then.
    if (multikey && order !== -1) continue;
    order = ends.order;
    conditions += 1;
    exact &&= ends.exact;
    low = ends.low !== null && (low === null || isHigher(ends.low, low)) ? ends.low : low;
    high = ends.high !== null && (high === null || isHigher(high, ends.high)) ? ends.high : high;
  }
  if (order === -1) return NONE;
  return { kind: 'range', order, low, high, exact, conditions, excludesMissing: order !== ORDER.null };
}

function isHigher(a: End, b: End): boolean {
  const order = compare(a.value, b.value);
  return order > 0 || (order === 0 && !a.inclusive && b.inclusive);
}

function endsOf(leaf: Leaf): { order: number; low: End | null; high: End | null; exact: boolean } | null {
  const { op, arg } = leaf.predicate;
  if (op === '$regex' && arg instanceof Regex) return prefixEnds(arg);
  if (op !== '$gt' && op !== '$gte' && op !== '$lt' && op !== '$lte') return null;
  const order = orderOf(arg);
  if (order === ORDER.minKey || order === ORDER.maxKey || order === ORDER.array || order === ORDER.null) return null;
  if (isNumber(arg) && Number.isNaN(toDouble(arg))) return null;
  const end = { value: arg, inclusive: op === '$gte' || op === '$lte' };
  // Numbers end at minus infinity: NaN, which is below it, is never less than anything.
  const bottom = order === ORDER.number ? { value: new Double(Number.NEGATIVE_INFINITY), inclusive: true } : null;
  return op === '$gt' || op === '$gte'
    ? { order, low: end, high: null, exact: true }
    : { order, low: bottom, high: end, exact: true };
}

function prefixEnds(regex: Regex): { order: number; low: End; high: End | null; exact: boolean } | null {
  const prefix = anchoredPrefix(regex);
  if (prefix === null) return null;
  const last = prefix.charCodeAt(prefix.length - 1);
  // The next character bounds from above; where there is none of one unit, the whole class does.
  const next = last < 0xd7ff ? prefix.slice(0, -1) + String.fromCharCode(last + 1) : null;
  const high = next === null ? null : { value: next, inclusive: false };
  return { order: ORDER.string, low: { value: prefix, inclusive: true }, high, exact: false };
}

/** The key bytes of a range: `start` inclusive, `end` exclusive or behind all that starts with it. */
export function rangeKeys(
  range: RangeBounds,
  descending: boolean,
): { start: Buffer; end: { key: Buffer; after: boolean } } {
  const { low, high, order } = range;
  const lowKey = low === null ? Buffer.from([order]) : keyOf(low.value);
  const highKey = high === null ? Buffer.from([order]) : keyOf(high.value);
  if (!descending) {
    const start = low !== null && !low.inclusive ? behind(lowKey) : lowKey;
    return { start, end: { key: highKey, after: high === null || high.inclusive } };
  }
  const top = inverted(highKey);
  const start = high !== null && !high.inclusive ? behind(top) : top;
  return { start, end: { key: inverted(lowKey), after: low === null || low.inclusive } };
}

function behind(key: Buffer): Buffer {
  return prefixEnd(key) ?? key;
}
