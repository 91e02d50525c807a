import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { ChannelKind } from '#shared/channel.ts';
import { duplicateOf } from './faults.ts';
import { inward, modelOf, objectId, outward, rowOptions } from './rows.ts';

/** A channel as stored. `settings` is what its maker reads. */
export interface KeptChannel {
  id: string;
  kind: ChannelKind;
  name: string;
  departmentId: string;
  simulated: boolean;
  active: boolean;
  publicId: string | null;
  settings: Record<string, unknown>;
  /** Which account of its network it is, once that is known; no two channels have the same. */
  account: string | null;
  /** When something last came in and went out, to the minute. */
  lastIn: string | null;
  lastOut: string | null;
}

const schema = new Schema(
  {
    companyId: { type: objectId, required: true },
    kind: { type: String, required: true },
    name: { type: String, required: true },
    departmentId: { type: objectId, required: true },
    simulated: { type: Boolean, required: true },
    active: { type: Boolean, required: true },
    publicId: { type: String, default: null },
    settings: { type: Schema.Types.Mixed, required: true },
    account: { type: String, default: null },
    lastIn: { type: Date, default: null },
    lastOut: { type: Date, default: null },
  },
  rowOptions,
);
schema.index({ companyId: 1 }, { name: 'channel_company' });
schema.index(
  { publicId: 1 },
  { unique: true, name: 'channel_public_id', partialFilterExpression: { publicId: { $type: 'string' } } },
);

schema.index(
  { kind: 1, account: 1 },
  { unique: true, name: 'channel_account', partialFilterExpression: { account: { $type: 'string' } } },
);

/** The channels of one company. */
export function channelsOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const model = modelOf(connection, 'channels');
  return {
    async all(): Promise<KeptChannel[]> {
      return (await model.find({ companyId }).sort({ _id: 1 }).session(session).lean()).map(outward<KeptChannel>);
    },
    async byId(id: string): Promise<KeptChannel | null> {
      const row = await model.findOne({ companyId, _id: id }).session(session).lean();
      return row === null ? null : outward<KeptChannel>(row);
    },
    async add(channel: KeptChannel): Promise<void> {
      await model.create([inward(companyId, channel)], { session });
    },
    /** Says which account it is; false: another channel, of any company, has it. */
    async own(kind: ChannelKind, id: string, account: string): Promise<boolean> {
      try {
        await model.updateOne({ companyId, _id: id, kind }, { $set: { account } }).session(session);
        return true;
      } catch (error) {
        if (duplicateOf(error) === null) throw error;
        return false;
      }
    },
    async remove(id: string): Promise<void> {
      await model.deleteOne({ companyId, _id: id }).session(session);
    },
    async change(id: string, fields: Partial<KeptChannel>): Promise<void> {
      await model.updateOne({ companyId, _id: id }, { $set: fields }).session(session);
    },
  };
}

export const channelSchema = { name: 'channels', schema };
