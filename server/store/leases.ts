import { type ClientSession, type Connection, Schema } from 'mongoose';
import { modelOf, objectId, rowOptions } from './rows.ts';

/** Who runs a channel. `_id` is the channel's; `epoch` rises with each new owner. */
const schema = new Schema(
  {
    companyId: { type: objectId, required: true },
    /** Empty: nobody. */
    owner: { type: String, default: '' },
    epoch: { type: Number, required: true },
    until: { type: Date, required: true },
    /** Written by every fenced transaction, so that a change of owner in between is a write conflict. */
    touched: { type: Number, default: 0 },
  },
  rowOptions,
);

/** A lease as its holder knows it. `taken`: somebody else held it before. */
export interface Held {
  epoch: number;
  taken: boolean;
}

/** The leases of one company's channels, judged by the database's clock. */
export function leasesOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const model = modelOf(connection, 'leases');
  return {
    /** Made with the channel, so that taking it never races an insert. Free from the beginning. */
    async add(channelId: string): Promise<void> {
      const row = { _id: channelId, companyId, owner: '', epoch: 0, until: new Date(0) };
      await model.create([row], session === null ? {} : { session });
    },
    /** Makes the lease of a channel that was stored before leases were. */
    async ensure(channelId: string): Promise<void> {
      const row = { companyId, owner: '', epoch: 0, until: new Date(0), touched: 0 };
      await model.updateOne({ _id: channelId }, { $setOnInsert: row }, { upsert: true });
    },
    /** Takes or renews for `ms`; null: another one holds it. `alone`: whoever holds it is dead. */
    async take(channelId: string, owner: string, ms: number, alone: boolean): Promise<Held | null> {
      const mine = { $eq: ['$owner', owner] };
      const before = await model
        .findOneAndUpdate(
          alone
            ? { _id: channelId, companyId }
            : { _id: channelId, companyId, $expr: { $or: [{ $lt: ['$until', '$$NOW'] }, mine] } },
          [
            {
              $set: {
                owner,
                until: { $add: ['$$NOW', ms] },
                epoch: { $cond: [mine, '$epoch', { $add: ['$epoch', 1] }] },
              },
            },
          ],
          { returnDocument: 'before', updatePipeline: true },
        )
        .lean();
      if (before === null) return null;
      const kept = before.owner === owner;
      return { epoch: Number(before.epoch) + (kept ? 0 : 1), taken: !kept && before.owner !== '' };
    },
    /** Gives it back, if it still is this owner's: the next one need not wait. */
    async release(channelId: string, owner: string): Promise<void> {
      await model.updateOne({ _id: channelId, companyId, owner }, { $set: { owner: '', until: new Date(0) } });
    },
    /** Inside a transaction: whether this owner still holds it; from here on no other can take it before the commit. */
    async touch(channelId: string, owner: string, epoch: number): Promise<boolean> {
      const filter = { _id: channelId, companyId, owner, epoch };
      const { matchedCount } = await model.updateOne(filter, { $inc: { touched: 1 } }).session(session);
      return matchedCount === 1;
    },
    async remove(channelId: string): Promise<void> {
      await model.deleteOne({ _id: channelId, companyId }).session(session);
    },
    /** Who holds it now, for people. */
    async byId(channelId: string): Promise<{ owner: string; epoch: number; until: string } | null> {
      const row = await model.findOne({ _id: channelId, companyId }).session(session).lean();
      if (row === null) return null;
      return { owner: String(row.owner), epoch: Number(row.epoch), until: (row.until as Date).toISOString() };
    },
  };
}

export const leaseSchema = { name: 'leases', schema };
