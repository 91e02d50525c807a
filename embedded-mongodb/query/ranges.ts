import { keyOf, prefixEnd } from '../bson/key.ts';
import type { Value } from '../bson/values.ts';
import type { Range } from '../storage/environment.ts';
import { encodeField, type Index, type IndexField } from '../storage/index.ts';
import { indexPrefix } from '../storage/tables.ts';
import { type Points, type RangeBounds, rangeKeys } from './bounds.ts';

/** Keys in front of this length stand in a shortened index entry as they are. */
const SAFE_PREFIX = 1024;

/** A range of keys and how many of their first bytes are the same for all of them. */
export interface PlannedRange extends Range {
  readonly prefix: number;
}

/** The ranges of an index that its bounded fields leave, in key order; `cut` when they hold more than what is asked. */
export function rangesOf(
  index: Index,
  points: readonly Points[],
  range: RangeBounds | null,
): { ranges: PlannedRange[]; cut: boolean } {
  const only = points.length === 1 && range === null ? points[0] : undefined;
  if (only?.values.length === 1) return pointRange(index, only.values[0] as Value);
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

/** The range of one value of the first field: most queries ask for nothing else. */
function pointRange(index: Index, value: Value): { ranges: PlannedRange[]; cut: boolean } {
  const key = encodeField(index.fields[0] as IndexField, value);
  const cut = key.length > SAFE_PREFIX;
  const start = indexPrefix(index.table, cut ? key.subarray(0, SAFE_PREFIX) : key);
  return { ranges: [{ start, end: prefixEnd(start) ?? start, prefix: start.length }], cut };
}

function extend(prefix: Buffer, key: Uint8Array, after: boolean): Buffer {
  const whole = Buffer.concat([prefix, key.subarray(0, SAFE_PREFIX)]);
  return after ? (prefixEnd(whole) ?? whole) : whole;
}

function tooLong(range: RangeBounds): boolean {
  return [range.low, range.high].some((end) => end !== null && keyOf(end.value).length > SAFE_PREFIX);
}
