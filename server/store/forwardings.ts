import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Forwarding, ForwardingAnswer } from '#shared/forwarding.ts';
import { beyond, type PagePlace } from './page.ts';
import { actorPart, inward, modelOf, objectId, outward, partOptions, rowOptions } from './rows.ts';

const answerPart = new Schema(
  {
    at: { type: Date, required: true },
    technicianId: { type: objectId, required: true },
    conclusionId: { type: objectId, required: true },
    text: { type: String, required: true },
    recordedBy: { type: actorPart, required: true },
    recordedAt: { type: Date, required: true },
  },
  partOptions,
);

const schema = new Schema(
  {
    companyId: { type: objectId, required: true },
    ticketId: { type: objectId, required: true },
    parentId: { type: objectId, default: null },
    fromDepartmentId: { type: objectId, required: true },
    toDepartmentId: { type: objectId, required: true },
    question: { type: String, required: true },
    forwardedAt: { type: Date, required: true },
    by: { type: actorPart, required: true },
    dueAt: { type: Date, default: null },
    answer: { type: answerPart, default: null },
  },
  rowOptions,
);
schema.index({ companyId: 1, ticketId: 1 }, { name: 'forwarding_ticket' });
schema.index({ companyId: 1, toDepartmentId: 1, forwardedAt: -1, _id: -1 }, { name: 'forwarding_to' });
schema.index({ companyId: 1, 'by.id': 1, forwardedAt: -1, _id: -1 }, { name: 'forwarding_by' });
schema.index({ companyId: 1, forwardedAt: -1, _id: -1 }, { name: 'forwarding_time' });

/** Which forwardings a box shows. `toDepartmentIds: null` = of all departments. */
export interface ForwardingFilter {
  toDepartmentIds?: string[] | null;
  byAgentId?: string;
  open: boolean | null;
}

/** Questions between the departments of one company. */
export function forwardingsOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const model = modelOf(connection, 'forwardings');
  const filterOf = (wanted: ForwardingFilter): Record<string, unknown> => ({
    companyId,
    ...(wanted.toDepartmentIds == null ? {} : { toDepartmentId: { $in: wanted.toDepartmentIds } }),
    ...(wanted.byAgentId === undefined ? {} : { 'by.id': wanted.byAgentId }),
    ...(wanted.open === null ? {} : { answer: wanted.open ? null : { $ne: null } }),
  });
  return {
    async byId(id: string): Promise<Forwarding | null> {
      const row = await model.findOne({ companyId, _id: id }).session(session).lean();
      return row === null ? null : outward<Forwarding>(row);
    },
    async byIds(ids: string[]): Promise<Forwarding[]> {
      if (ids.length === 0) return [];
      const rows = await model
        .find({ companyId, _id: { $in: ids } })
        .session(session)
        .lean();
      return rows.map(outward<Forwarding>);
    },
    async ofTicket(ticketId: string): Promise<Forwarding[]> {
      const rows = await model.find({ companyId, ticketId }).sort({ _id: 1 }).session(session).lean();
      return rows.map(outward<Forwarding>);
    },
    async add(forwarding: Forwarding): Promise<void> {
      await model.create([inward(companyId, forwarding)], { session });
    },
    /** Stores the answer unless there is one; false when another was first. */
    async answer(id: string, answer: ForwardingAnswer): Promise<boolean> {
      const done = await model.updateOne({ companyId, _id: id, answer: null }, { $set: { answer } }).session(session);
      return done.modifiedCount === 1;
    },
    /** Newest first, one more than `limit` when there are more. */
    async page(wanted: ForwardingFilter, after: PagePlace | null, limit: number): Promise<Forwarding[]> {
      const rows = await model
        .find({ ...filterOf(wanted), ...beyond('forwardedAt', after, 'falling') })
        .sort({ forwardedAt: -1, _id: -1 })
        .limit(limit + 1)
        .session(session)
        .lean();
      return rows.map(outward<Forwarding>);
    },
    /** How many there are, counting no further than `most`. */
    async count(wanted: ForwardingFilter, most: number): Promise<number> {
      return await model.countDocuments(filterOf(wanted), { limit: most });
    },
  };
}

export const forwardingSchema = { name: 'forwardings', schema };
