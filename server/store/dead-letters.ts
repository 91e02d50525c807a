import { type ClientSession, type Connection, Schema } from 'mongoose';
import { modelOf, objectId, outward, rowOptions } from './rows.ts';

/** What a network brought and the desk could not take. `event` is null when not even our mapping understood it. */
export interface KeptDeadLetter {
  id: string;
  channelId: string;
  key: string;
  at: string;
  /** Why, in one line for the operator; never what the customer wrote. */
  reason: string;
  tries: number;
  event: unknown;
}

const schema = new Schema(
  {
    companyId: { type: objectId, required: true },
    channelId: { type: objectId, required: true },
    key: { type: String, required: true },
    at: { type: Date, required: true },
    reason: { type: String, required: true },
    tries: { type: Number, required: true },
    event: { type: Schema.Types.Mixed, default: null },
    /** As the network brought it, at most 256 KiB. */
    raw: { type: Buffer, default: null, select: false },
  },
  rowOptions,
);
schema.index({ channelId: 1, key: 1 }, { unique: true, name: 'dead_letter_key' });
schema.index({ companyId: 1, channelId: 1, _id: -1 }, { name: 'dead_letter_channel' });

/** The dead letters of one company's channels. */
export function deadLettersOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const model = modelOf(connection, 'deadLetters');
  return {
    /** The same key again only counts another try. */
    async keep({ id, ...letter }: KeptDeadLetter, raw: Uint8Array | null): Promise<void> {
      const { channelId, key, reason, tries, ...first } = letter;
      await model
        .updateOne(
          { companyId, channelId, key },
          {
            $set: { reason },
            $inc: { tries },
            $setOnInsert: { _id: id, ...first, raw: raw === null ? null : Buffer.from(raw) },
          },
          { upsert: true },
        )
        .session(session);
    },
    async page(channelId: string, before: string | null, limit: number): Promise<KeptDeadLetter[]> {
      const rows = await model
        .find({ companyId, channelId, ...(before === null ? {} : { _id: { $lt: before } }) })
        .sort({ _id: -1 })
        .limit(limit)
        .session(session)
        .lean();
      return rows.map(outward<KeptDeadLetter>);
    },
    async byId(id: string): Promise<(KeptDeadLetter & { raw: Uint8Array | null }) | null> {
      const row = await model.findOne({ companyId, _id: id }).select('+raw').session(session).lean();
      if (row === null) return null;
      const { raw, ...rest } = row as unknown as { raw: { buffer?: Uint8Array } | Uint8Array | null };
      const bytes = raw instanceof Uint8Array ? raw : (raw?.buffer ?? null);
      return { ...outward<KeptDeadLetter>(rest), raw: bytes };
    },
    /** How many there are, at most 100. */
    async count(channelId: string): Promise<number> {
      return await model.countDocuments({ companyId, channelId }, { limit: 100 }).session(session);
    },
    async remove(id: string): Promise<void> {
      await model.deleteOne({ companyId, _id: id }).session(session);
    },
  };
}

export const deadLetterSchema = { name: 'deadLetters', schema };
