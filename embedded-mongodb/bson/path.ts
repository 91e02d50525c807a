import { ServerError } from '../errors.ts';
import { compare } from './compare.ts';
import { type Doc, UNDEFINED, type Value } from './values.ts';

const DIGITS = /^(0|[1-9]\d*)$/;

/** The parts of a dotted path. */
export function split(path: string): string[] {
  return path.split('.');
}

/** The array index that a path part stands for, -1 when it is not one. */
export function arrayIndex(part: string): number {
  return DIGITS.test(part) ? Number(part) : -1;
}

/**
 * Whether `test` holds for any value that a filter's path reaches: arrays on the way are entered element by element
 * (one level), digits are an index and a name. A leaf array is handed over as a whole. A path that ends in a document
 * without the field tests `undefined`; one that finds no document inside an array tests nothing.
 */
export function anyAt(
  value: Value | undefined,
  parts: readonly string[],
  from: number,
  test: (value: Value | undefined) => boolean,
): boolean {
  let current = value;
  for (let i = from; i < parts.length; i++) {
    if (current instanceof Map) current = current.get(parts[i] as string);
    else if (Array.isArray(current)) return anyInArray(current, parts, i, test);
    else return test(undefined);
  }
  return test(current);
}

function anyInArray(
  items: readonly Value[],
  parts: readonly string[],
  at: number,
  test: (value: Value | undefined) => boolean,
): boolean {
  const index = arrayIndex(parts[at] as string);
  if (index >= 0 && index < items.length && anyAt(items[index], parts, at + 1, test)) return true;
  for (const item of items) if (item instanceof Map && anyAt(item, parts, at, test)) return true;
  return false;
}

/** The value at a path through documents and array indexes only; nothing is expanded. */
export function valueAt(value: Value | undefined, parts: readonly string[]): Value | undefined {
  let current = value;
  for (const part of parts) {
    if (current instanceof Map) current = current.get(part);
    else if (Array.isArray(current)) current = current[arrayIndex(part)];
    else return undefined;
  }
  return current;
}

/** One field of an index or sort key on its way along the path. */
interface Slot {
  readonly value: Value | undefined;
  readonly parts: readonly string[];
  readonly at: number;
  readonly whole: boolean;
}

/** The rows of values that a list of paths gives for a document, and whether an array was met on the way. */
export interface Expansion {
  readonly rows: (Value | undefined)[][];
  readonly multi: boolean;
}

/**
 * Index rows of a document: arrays are expanded, fields below the same array stay together element by element, an
 * empty array is `undefined`. Two different arrays in one row are refused with code 171.
 */
export function expand(document: Doc, paths: readonly (readonly string[])[]): Expansion {
  const rows: (Value | undefined)[][] = [];
  const slots = paths.map((parts) => ({ value: document, parts, at: 0, whole: false }));
  const multi = expandSlots(slots, rows);
  return { rows, multi };
}

function expandSlots(slots: readonly Slot[], rows: (Value | undefined)[][]): boolean {
  const walked = slots.map(walk);
  let array: Value[] | null = null;
  for (const slot of walked) {
    if (slot.whole || !Array.isArray(slot.value)) continue;
    if (array !== null && array !== slot.value) throw new ServerError(171, 'cannot index parallel arrays');
    array = slot.value;
  }
  if (array === null) {
    rows.push(walked.map((slot) => slot.value));
    return false;
  }
  const items: (Value | undefined)[] = array.length === 0 ? [undefined] : array;
  for (const item of items)
    expandSlots(
      walked.map((slot) => (slot.value === array ? enter(slot, item) : slot)),
      rows,
    );
  return true;
}

function walk(slot: Slot): Slot {
  let { value, at } = slot;
  if (slot.whole) return slot;
  for (; at < slot.parts.length; at++) {
    const part = slot.parts[at] as string;
    if (value instanceof Map) value = value.get(part);
    else if (Array.isArray(value)) {
      const index = arrayIndex(part);
      if (index < 0) break;
      value = value[index];
    } else return { ...slot, value: undefined, at: slot.parts.length };
  }
  return { ...slot, value, at };
}

function enter(slot: Slot, item: Value | undefined): Slot {
  if (slot.at === slot.parts.length) return { ...slot, value: item === undefined ? UNDEFINED : item, whole: true };
  return item instanceof Map
    ? { ...slot, value: item }
    : { ...slot, value: undefined, at: slot.parts.length, whole: true };
}

/** The value that a document sorts by: the least element of an array going up, the greatest going down. */
export function sortValue(document: Doc, parts: readonly string[], descending: boolean): Value | undefined {
  const only = parts.length === 1 ? document.get(parts[0] as string) : undefined;
  if (parts.length === 1 && !Array.isArray(only)) return only;
  const { rows } = expand(document, [parts]);
  let best = rows[0]?.[0];
  for (let i = 1; i < rows.length; i++) {
    const value = rows[i]?.[0];
    if (compare(value, best) * (descending ? -1 : 1) < 0) best = value;
  }
  return best;
}
