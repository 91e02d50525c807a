import { type ClientSession, type Connection, Schema } from 'mongoose';
import { modelOf, objectId, rowOptions } from './rows.ts';

/** How often an event of a channel was begun and not ended: what kills the process is found by it. */
const schema = new Schema(
  {
    companyId: { type: objectId, required: true },
    channelId: { type: objectId, required: true },
    key: { type: String, required: true },
    begun: { type: Number, required: true },
    at: { type: Date, required: true },
  },
  rowOptions,
);
schema.index({ channelId: 1, key: 1 }, { unique: true, name: 'trial_key' });
schema.index({ at: 1 }, { expireAfterSeconds: 7 * 86_400, name: 'trial_expiry' });

/** Events under suspicion, of one company's channels. */
export function trialsOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const model = modelOf(connection, 'trials');
  return {
    /** How often it was begun and not ended. */
    async begun(channelId: string, key: string): Promise<number> {
      const row = await model.findOne({ companyId, channelId, key }).session(session).lean();
      return Number(row?.begun ?? 0);
    },
    /** Counts that it is begun. Durable before anything is handled. */
    async begin(channelId: string, key: string, at: string): Promise<void> {
      const counted = { $inc: { begun: 1 }, $set: { at: new Date(at) } };
      await model.updateOne({ companyId, channelId, key }, counted, { upsert: true }).session(session);
    },
    async end(channelId: string, key: string): Promise<void> {
      await model.deleteOne({ companyId, channelId, key }).session(session);
    },
  };
}

export const trialSchema = { name: 'trials', schema };
