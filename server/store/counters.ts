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
    /** Takes the next `n` numbers of this name and answers the first; they begin at 1. Outside transactions: a gap is allowed, reuse never. */
    async next(name: string, n: number): Promise<number> {
      const row = await model
        .findOneAndUpdate({ companyId, name }, { $inc: { value: n } }, { upsert: true, returnDocument: 'after' })
        .session(session)
        .lean();
      if (row === null) throw new Error(`counter ${name} gave nothing`);
      return Number(row.value) - n + 1;
    },
  };
}

export const counterSchema = { name: 'counters', schema };
