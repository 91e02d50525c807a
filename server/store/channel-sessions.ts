import { type ClientSession, type Connection, Schema } from 'mongoose';
import { modelOf, objectId, rowOptions } from './rows.ts';

const schema = new Schema(
  {
    companyId: { type: objectId, required: true },
    channelId: { type: objectId, required: true },
    key: { type: String, required: true },
    value: { type: Buffer, required: true },
  },
  rowOptions,
);
schema.index({ channelId: 1, key: 1 }, { unique: true, name: 'channel_session_key' });

/** The small records that a channel keeps for itself. */
export function channelSessionsOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const model = modelOf(connection, 'channelSessions');
  return {
    /** Writes all or, inside a transaction, nothing; null removes. */
    async set(channelId: string, changes: Record<string, Uint8Array | null>): Promise<void> {
      const writes = Object.entries(changes).map(([key, value]) =>
        value === null
          ? { deleteOne: { filter: { companyId, channelId, key } } }
          : {
              updateOne: {
                filter: { companyId, channelId, key },
                update: { $set: { value: Buffer.from(value) } },
                upsert: true,
              },
            },
      );
      if (writes.length > 0) await model.bulkWrite(writes, session === null ? {} : { session });
    },
    /** Ordered by key, ascending, at most `limit`. */
    async list(channelId: string, prefix: string, limit: number): Promise<{ key: string; value: Uint8Array }[]> {
      const end = `${prefix}\uffff`;
      const rows = await model
        .find({ companyId, channelId, key: { $gte: prefix, $lt: end } })
        .sort({ key: 1 })
        .limit(limit)
        .session(session)
        .lean();
      return rows.map((row) => ({ key: String(row.key), value: bytesOf(row.value) }));
    },
  };
}

/** A lean row holds the driver's Binary or a Buffer. */
function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value !== null && typeof value === 'object' && 'buffer' in value && value.buffer instanceof Uint8Array) {
    return value.buffer;
  }
  throw new Error('a channel session row holds no bytes');
}

export const channelSessionSchema = { name: 'channelSessions', schema };
