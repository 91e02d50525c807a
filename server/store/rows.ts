import { type Connection, type Model, Schema, Types } from 'mongoose';

/** Options of every schema. Without `minimize: false` an empty `{}` vanishes and the history's hashes no longer match. */
export const rowOptions = { minimize: false, versionKey: false, id: false, strict: 'throw', autoIndex: false } as const;

/** Options of a record inside a record. */
export const partOptions = { _id: false, id: false, minimize: false, strict: 'throw' } as const;

export const objectId = Schema.Types.ObjectId;

/** Who acted, as stored. */
export const actorPart = new Schema(
  {
    kind: { type: String, required: true },
    id: { type: objectId, default: null },
    name: { type: String, required: true },
  },
  partOptions,
);

/** A row as the driver gives it: fields are typed where they leave the store. */
type StoredRow = Record<string, unknown>;

/** The compiled model of a collection. */
export function modelOf(connection: Connection, name: string): Model<StoredRow> {
  return connection.model<StoredRow>(name);
}

/** A row as it leaves the store: `_id` becomes `id`, ids become 24 hex digits, dates ISO strings in UTC. */
export function outward<T>(row: object): T {
  const record: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    if (name !== 'companyId') record[name === '_id' ? 'id' : name] = outwardValue(value);
  }
  return record as T;
}

function outwardValue(value: unknown): unknown {
  if (value instanceof Types.ObjectId) return value.toHexString();
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(outwardValue);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, outwardValue(part)]));
  }
  return value;
}

/** A record as a row: `id` becomes `_id`; mongoose casts ids and dates by the schema. */
export function inward(companyId: string, record: object): Record<string, unknown> {
  const { id, ...rest } = record as { id?: string };
  return id === undefined ? { companyId, ...rest } : { _id: id, companyId, ...rest };
}
