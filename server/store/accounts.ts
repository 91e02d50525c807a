import { type ClientSession, type Connection, Schema } from 'mongoose';
import { modelOf, outward, rowOptions } from './rows.ts';

/** A person's sign-in; one person may work for several companies. */
export interface Account {
  id: string;
  /** Lower case. */
  email: string;
  /** Null until the invite is answered. */
  passwordHash: string | null;
}

const schema = new Schema(
  { email: { type: String, required: true }, passwordHash: { type: String, default: null } },
  rowOptions,
);
schema.index({ email: 1 }, { unique: true, name: 'account_email' });

/** Accounts stand before any company: not bound to one. */
export function accountsOf(connection: Connection, session: ClientSession | null) {
  const model = modelOf(connection, 'accounts');
  return {
    async byEmail(email: string): Promise<Account | null> {
      const row = await model.findOne({ email }).session(session).lean();
      return row === null ? null : outward(row);
    },
    async byId(id: string): Promise<Account | null> {
      const row = await model.findOne({ _id: id }).session(session).lean();
      return row === null ? null : outward(row);
    },
    async add(account: Account): Promise<void> {
      const { id, ...rest } = account;
      await model.create([{ _id: id, ...rest }], { session });
    },
    async setPassword(id: string, passwordHash: string): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { passwordHash } }).session(session);
    },
  };
}

export const accountSchema = { name: 'accounts', schema };
