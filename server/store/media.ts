import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Attachment } from '#shared/message.ts';
import { inward, modelOf, objectId, outward, rowOptions } from './rows.ts';

/** A file's row; its bytes lie in the blob store under the same id. */
export interface KeptMedia extends Attachment {
  at: string;
  /** Who uploaded it; null: a channel brought it. */
  agentId: string | null;
  /** Where it belongs; null: not yet, and it dies within a day. */
  ticketId: string | null;
  /** Sanitised HTML that may be shown as a page. */
  page: boolean;
}

const schema = new Schema(
  {
    companyId: { type: objectId, required: true },
    at: { type: Date, required: true },
    kind: { type: String, required: true },
    name: { type: String, required: true },
    mime: { type: String, required: true },
    bytes: { type: Number, required: true },
    width: { type: Number, default: null },
    height: { type: Number, default: null },
    seconds: { type: Number, default: null },
    thumbnail: { type: Boolean, required: true },
    agentId: { type: objectId, default: null },
    ticketId: { type: objectId, default: null },
    page: { type: Boolean, default: false },
  },
  rowOptions,
);
schema.index({ companyId: 1, ticketId: 1, _id: 1 }, { name: 'media_ticket' });
schema.index({ at: 1 }, { name: 'media_unattached', partialFilterExpression: { ticketId: null } });

/** The files of one company. */
export function mediaOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const model = modelOf(connection, 'media');
  return {
    async add(media: KeptMedia): Promise<void> {
      await model.create([inward(companyId, media)], session === null ? {} : { session });
    },
    async byId(id: string): Promise<KeptMedia | null> {
      const row = await model.findOne({ companyId, _id: id }).session(session).lean();
      return row === null ? null : outward<KeptMedia>(row);
    },
    async byIds(ids: string[]): Promise<KeptMedia[]> {
      if (ids.length === 0) return [];
      const rows = await model
        .find({ companyId, _id: { $in: ids } })
        .session(session)
        .lean();
      return rows.map(outward<KeptMedia>);
    },
    /** Gives files that belong nowhere yet to a ticket; answers how many those were. */
    async attach(ids: string[], ticketId: string): Promise<number> {
      if (ids.length === 0) return 0;
      const filter = { companyId, _id: { $in: ids }, ticketId: null };
      return (await model.updateMany(filter, { $set: { ticketId } }).session(session)).modifiedCount;
    },
    /** Files of a message that was given up go back to who uploaded them, for another reply. */
    async detach(ids: string[], agentId: string, at: string): Promise<void> {
      if (ids.length === 0) return;
      const filter = { companyId, _id: { $in: ids }, agentId };
      await model.updateMany(filter, { $set: { ticketId: null, at: new Date(at) } }).session(session);
    },
    /** Files of anybody that have belonged nowhere since before `at`, oldest first. */
    async unattached(at: string, limit: number): Promise<string[]> {
      const rows = await model
        .find({ ticketId: null, at: { $lt: new Date(at) } }, { _id: 1 })
        .sort({ at: 1 })
        .limit(limit)
        .lean();
      return rows.map(({ _id }) => String(_id));
    },
    /** Removes the row of a file that still belongs nowhere; false: it has been attached meanwhile. */
    async removeUnattached(id: string): Promise<boolean> {
      return (await model.deleteOne({ _id: id, ticketId: null })).deletedCount === 1;
    },
  };
}

export const mediaSchema = { name: 'media', schema };
