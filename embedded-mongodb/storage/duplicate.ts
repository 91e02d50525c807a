import { Decimal128, ObjectId } from 'bson';
import { valueAt } from '../bson/path.ts';
import { Bin, type Doc, Double, Regex, UtcDate, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import type { Index } from './index.ts';

/** Code 11000 in the real server's words, with `keyPattern` and `keyValue`. */
export function duplicateKey(ns: string, index: Index, document: Doc): ServerError {
  const keyValue: Doc = new Map();
  for (const field of index.fields) keyValue.set(field.path, valueAt(document, field.parts) ?? null);
  const shown = [...keyValue].map(([path, value]) => `${path}: ${show(value)}`).join(', ');
  const message = `E11000 duplicate key error collection: ${ns} index: ${index.name} dup key: { ${shown} }`;
  return new ServerError(
    11000,
    message,
    [],
    new Map<string, Value>([
      ['keyPattern', index.spec.get('key') as Doc],
      ['keyValue', keyValue],
    ]),
  );
}

/** A value as the real server's messages print it. */
export function show(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof UtcDate) return `new Date(${value.ms})`;
  if (value instanceof Double) return Number.isInteger(value.value) ? value.value.toFixed(1) : String(value.value);
  if (value instanceof Decimal128) return value.toString();
  if (value instanceof Map) return `{ ${[...value].map(([name, item]) => `${name}: ${show(item)}`).join(', ')} }`;
  if (Array.isArray(value)) return `[ ${value.map(show).join(', ')} ]`;
  if (value instanceof Bin)
    return `BinData(${value.subtype}, ${Buffer.from(value.bytes).toString('hex').toUpperCase()})`;
  return value instanceof Regex ? `/${value.pattern}/${value.options}` : String(value);
}
