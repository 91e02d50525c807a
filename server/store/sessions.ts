import { type ClientSession, type Connection, Schema } from 'mongoose';
import { modelOf, objectId, outward, rowOptions } from './rows.ts';

/** One sign-in. `mark` stands for the token, which is never stored. */
export interface Session {
  id: string;
  mark: string;
  companyId: string;
  agentId: string;
  createdAt: string;
  usedAt: string;
  expiresAt: string;
}

const schema = new Schema(
  {
    mark: { type: String, required: true },
    companyId: { type: objectId, required: true },
    agentId: { type: objectId, required: true },
    createdAt: { type: Date, required: true },
    usedAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  rowOptions,
);
schema.index({ mark: 1 }, { unique: true, name: 'session_mark' });
schema.index({ agentId: 1 }, { name: 'session_agent' });
schema.index({ expiresAt: 1 }, { name: 'session_expiry', expireAfterSeconds: 0 });

/** Sign-ins stand before any company: not bound to one. */
export function sessionsOf(connection: Connection, session: ClientSession | null) {
  const model = modelOf(connection, 'sessions');
  return {
    async byMark(mark: string): Promise<Session | null> {
      const row = await model.findOne({ mark }).session(session).lean();
      return row === null ? null : { ...outward<Session>(row), companyId: String(row.companyId) };
    },
    async add(signIn: Session): Promise<void> {
      const { id, ...rest } = signIn;
      await model.create([{ _id: id, ...rest }], { session });
    },
    async touch(id: string, usedAt: string): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { usedAt } }).session(session);
    },
    /** Ends one sign-in or all of an agent; answers their ids. */
    async end(which: { id: string } | { agentId: string }): Promise<string[]> {
      const filter = 'id' in which ? { _id: which.id } : which;
      const rows = await model.find(filter, { _id: 1 }).session(session).lean();
      await model.deleteMany(filter).session(session);
      return rows.map((row) => String(row._id));
    },
  };
}

export const sessionSchema = { name: 'sessions', schema };
