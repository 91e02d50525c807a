import { isDeepStrictEqual } from 'node:util';
import { EJSON } from 'bson';

/** A JSON object of a specification file. */
export type Spec = Record<string, unknown>;

/** Whether a value is a plain object, to be walked by its fields. */
export function isPlain(value: unknown): value is Spec {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Why a value is not what the test expects, null when it is. At the root further fields are allowed. */
export function mismatch(expected: unknown, actual: unknown, isRoot = true, at = ''): string | null {
  if (isPlain(expected)) {
    const [operator] = Object.keys(expected);
    if (operator?.startsWith('$$') && Object.keys(expected).length === 1)
      return special(operator, expected[operator], actual, at);
    return mismatchedObject(expected, actual, isRoot, at);
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length)
      return `${at}: expected ${EJSON.stringify(expected)}, got ${EJSON.stringify(actual)}`;
    // The documents of a result are roots too.
    return first(expected.map((item, i) => mismatch(item, actual[i], isRoot, `${at}[${i}]`)));
  }
  return same(expected, actual) ? null : `${at}: expected ${EJSON.stringify(expected)}, got ${text(actual)}`;
}

function mismatchedObject(expected: Spec, actual: unknown, isRoot: boolean, at: string): string | null {
  if (typeof actual !== 'object' || actual === null) return `${at}: expected an object, got ${text(actual)}`;
  const fields = actual as Spec;
  if (!isRoot) {
    const more = Object.keys(fields).find((name) => !(name in expected));
    if (more !== undefined) return `${at}: unexpected field ${more}`;
  }
  return first(Object.entries(expected).map(([name, value]) => mismatch(value, fields[name], false, `${at}.${name}`)));
}

function special(operator: string, argument: unknown, actual: unknown, at: string): string | null {
  if (operator === '$$unsetOrMatches')
    return actual === undefined || actual === null ? null : mismatch(argument, actual, true, at);
  if (operator === '$$exists') return (actual !== undefined) === argument ? null : `${at}: exists is not ${argument}`;
  if (operator === '$$type') return actual === undefined ? `${at}: is missing` : null;
  if (operator === '$$matchesHexBytes')
    return Buffer.from(actual as Uint8Array).toString('hex') === argument ? null : `${at}: other bytes`;
  return `${at}: the runner does not know ${operator}`;
}

function same(expected: unknown, actual: unknown): boolean {
  if (expected === actual) return true;
  return isDeepStrictEqual(JSON.parse(EJSON.stringify(expected)), JSON.parse(EJSON.stringify(actual ?? null)));
}

function text(value: unknown): string {
  return value === undefined ? 'nothing' : EJSON.stringify(value);
}

function first(reasons: readonly (string | null)[]): string | null {
  return reasons.find((reason) => reason !== null) ?? null;
}
