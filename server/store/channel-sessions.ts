import { type ClientSession, type Connection, Schema } from 'mongoose';
import { modelOf, objectId, rowOptions } from './rows.ts';

const schema = new Schema(
  {
    companyId: { type: objectId, required: true },
    channelId: { type: objectId, required: true },
    key: { type: String, required: true },
    value: { type: Buffer, required: true },
    expiresAt: { type: Date, default: null },
  },
  rowOptions,
);
schema.index({ channelId: 1, key: 1 }, { unique: true, name: 'channel_session_key' });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0, name: 'channel_session_expiry' });

/** The small records that a channel keeps for itself. */
export function channelSessionsOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const model = modelOf(connection, 'channelSessions');
  return {
    /** Writes all or, inside a transaction, nothing; null removes. */
    async set(
      channelId: string,
      changes: Record<string, { value: Uint8Array; expiresAt: string | null } | null>,
    ): Promise<void> {
      const writes = Object.entries(changes).map(([key, change]) =>
        change === null
          ? { deleteOne: { filter: { companyId, channelId, key } } }
          : {
              updateOne: {
                filter: { companyId, channelId, key },
                update: { $set: { value: Buffer.from(change.value), expiresAt: change.expiresAt } },
                upsert: true,
              },
            },
      );
      if (writes.length > 0) await model.bulkWrite(writes, session === null ? {} : { session });
    },
    async get(channelId: string, keys: string[]): Promise<{ key: string; value: Uint8Array }[]> {
      const rows = await model
        .find({ companyId, channelId, key: { $in: keys } })
        .session(session)
        .lean();
      return rows.map((row) => ({ key: String(row.key), value: bytesOf(row.value) }));
    },
    /** Everything of one channel is gone. */
    async forget(channelId: string): Promise<void> {
      await model.deleteMany({ companyId, channelId }).session(session);
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
