import { type ClientSession, type Connection, Schema } from 'mongoose';
import { inward, modelOf, objectId, outward, rowOptions } from './rows.ts';

/** The first answer of an act, kept so that the same client id gives it again. */
export interface KeptAct {
  actorId: string;
  clientId: string;
  verb: string;
  inputHash: string;
  answer: unknown;
  at: string;
}

const thirtyDays = 30 * 24 * 60 * 60;
const schema = new Schema(
  {
    companyId: { type: objectId, required: true },
    actorId: { type: objectId, required: true },
    clientId: { type: String, required: true },
    verb: { type: String, required: true },
    inputHash: { type: String, required: true },
    answer: { type: Schema.Types.Mixed },
    at: { type: Date, required: true },
  },
  rowOptions,
);
schema.index({ companyId: 1, actorId: 1, clientId: 1 }, { unique: true, name: 'act_client_id' });
schema.index({ at: 1 }, { name: 'act_age', expireAfterSeconds: thirtyDays });

/** Acts of one company by who did them and the client's own id. */
export function actsOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const model = modelOf(connection, 'acts');
  return {
    async find(actorId: string, clientId: string): Promise<KeptAct | null> {
      const row = await model.findOne({ companyId, actorId, clientId }).session(session).lean();
      return row === null ? null : outward<KeptAct>(row);
    },
    async add(act: KeptAct): Promise<void> {
      await model.create([inward(companyId, act)], { session });
    },
  };
}

export const actSchema = { name: 'acts', schema };
