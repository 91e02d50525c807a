import { type ClientSession, type Connection, Schema } from 'mongoose';
import { inward, modelOf, objectId, outward, rowOptions } from './rows.ts';

/** One change of a channel's connection. `recovered`: messages that had waited and came in after it. */
export interface LoggedConnection {
  id: string;
  channelId: string;
  at: string;
  phase: string;
  reason: string | null;
  recovered: number;
}

const keptDays = 90;
const schema = new Schema(
  {
    companyId: { type: objectId, required: true },
    channelId: { type: objectId, required: true },
    at: { type: Date, required: true },
    phase: { type: String, required: true },
    reason: { type: String, default: null },
    recovered: { type: Number, default: 0 },
  },
  rowOptions,
);
schema.index({ companyId: 1, channelId: 1, _id: -1 }, { name: 'channel_log_channel' });
schema.index({ at: 1 }, { expireAfterSeconds: keptDays * 86_400, name: 'channel_log_expiry' });

/** How the connections of one company's channels went. */
export function channelLogOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const model = modelOf(connection, 'channelLog');
  return {
    async add(row: LoggedConnection): Promise<void> {
      await model.create([inward(companyId, row)], session === null ? {} : { session });
    },
    async recovered(id: string, count: number): Promise<void> {
      await model.updateOne({ companyId, _id: id }, { $inc: { recovered: count } }).session(session);
    },
    /** Newest first. */
    async newest(channelId: string, limit: number): Promise<LoggedConnection[]> {
      const rows = await model.find({ companyId, channelId }).sort({ _id: -1 }).limit(limit).session(session).lean();
      return rows.map(outward<LoggedConnection>);
    },
  };
}

export const channelLogSchema = { name: 'channelLog', schema };
