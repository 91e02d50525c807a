import { type ClientSession, type Connection, Schema } from 'mongoose';
import { modelOf, objectId, rowOptions } from './rows.ts';

const schema = new Schema(
  {
    companyId: { type: objectId, required: true },
    channelId: { type: objectId, required: true },
    /** The network's id of the message that has not come yet. */
    target: { type: String, required: true },
    key: { type: String, required: true },
    event: { type: Schema.Types.Mixed, required: true },
    expiresAt: { type: Date, required: true },
  },
  rowOptions,
);
schema.index({ channelId: 1, target: 1, key: 1 }, { unique: true, name: 'early_event_target' });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0, name: 'early_event_expiry' });

/** Changes and reactions that came before the message that they speak of. */
export function earlyEventsOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const model = modelOf(connection, 'earlyEvents');
  return {
    async keep(channelId: string, target: string, key: string, event: unknown, expiresAt: string): Promise<void> {
      await model
        .updateOne(
          { companyId, channelId, target, key },
          { $setOnInsert: { event, expiresAt: new Date(expiresAt) } },
          { upsert: true },
        )
        .session(session);
    },
    /** Those that wait for this message, in the order of their coming. */
    async waiting(channelId: string, target: string): Promise<{ id: string; event: unknown }[]> {
      const rows = await model.find({ companyId, channelId, target }).sort({ _id: 1 }).session(session).lean();
      return rows.map(({ _id, event }) => ({ id: String(_id), event }));
    },
    async any(channelId: string): Promise<boolean> {
      return (await model.findOne({ channelId }, { _id: 1 }).session(session).lean()) !== null;
    },
    async remove(id: string): Promise<void> {
      await model.deleteOne({ companyId, _id: id }).session(session);
    },
  };
}

export const earlyEventSchema = { name: 'earlyEvents', schema };
