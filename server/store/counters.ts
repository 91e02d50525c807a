import { type ClientSession, type Connection, Schema } from 'mongoose';
import { modelOf, objectId, rowOptions } from './rows.ts';

const schema = new Schema(
  {
    companyId: { type: objectId, required: true },
    name: { type: String, required: true },
    value: { type: Number, required: true },
  },
  rowOptions,
);
schema.index({ companyId: 1, name: 1 }, { unique: true, name: 'counter_name' });

/** Numbers that are given once and never again. */
export function countersOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const model = modelOf(connection, 'counters');
  return {
    /** The next number of this name, from 1. Taken outside transactions: a gap is allowed, reuse never. */
    async next(name: string): Promise<number> {
      const row = await model
        .findOneAndUpdate({ companyId, name }, { $inc: { value: 1 } }, { upsert: true, returnDocument: 'after' })
        .session(session)
        .lean();
      if (row === null) throw new Error(`counter ${name} gave nothing`);
      return Number(row.value);
    },
  };
}

export const counterSchema = { name: 'counters', schema };
