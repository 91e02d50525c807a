import { Decimal128, ObjectId } from 'bson';
import { Bin, isDoc, type Value } from './values.ts';

/** Estimated bytes of an object with a few fields. */
const OBJECT = 48;

/** Estimated bytes of one field of a document: its name is shared by most, its place in the map is not. */
const FIELD = 40;

/** About how many bytes a value takes in memory, for budgets. */
export function weightOf(value: Value | undefined): number {
  if (typeof value === 'string') return 16 + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + 8 + weightOf(item), OBJECT);
  if (isDoc(value)) {
    let sum = OBJECT;
    for (const item of value.values()) sum += FIELD + weightOf(item);
    return sum;
  }
  if (value instanceof Bin) return OBJECT + value.bytes.length;
  return value instanceof ObjectId || value instanceof Decimal128 ? 2 * OBJECT : OBJECT;
}
