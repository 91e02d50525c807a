import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { ActName, EventFrame } from '#shared/history.ts';
import { actorPart, inward, modelOf, objectId, outward, rowOptions } from './rows.ts';

/** One link of a ticket's history as stored: append-only, each hash covers the one before. */
export interface KeptEvent extends EventFrame {
  id: string;
  act: ActName;
  /** The record that the act brought or changed; null for acts on the ticket itself. */
  refId: string | null;
  /** Covers the personal part (names, texts) through `salt`: erasing both leaves the chain whole. */
  digest: string;
  salt: string;
  prevHash: string;
  hash: string;
  v: 1;
}

const schema = new Schema(
  {
    companyId: { type: objectId, required: true },
    ticketId: { type: objectId, required: true },
    seq: { type: Number, required: true },
    at: { type: Date, required: true },
    act: { type: String, required: true },
    refId: { type: objectId, default: null },
    actor: { type: actorPart, required: true },
    before: { type: Schema.Types.Mixed, default: null },
    after: { type: Schema.Types.Mixed, default: null },
    reason: { type: String, default: null },
    digest: { type: String, required: true },
    salt: { type: String, required: true },
    prevHash: { type: String, default: '' },
    hash: { type: String, required: true },
    v: { type: Number, required: true },
  },
  rowOptions,
);
schema.index({ ticketId: 1, seq: 1 }, { unique: true, name: 'history_seq' });

/** The history of one company's tickets. There is no change and no removal. */
export function historyOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const model = modelOf(connection, 'history');
  return {
    async add(events: KeptEvent[]): Promise<void> {
      await model.insertMany(
        events.map((event) => inward(companyId, event)),
        { session },
      );
    },
    /** Events after `seq`, ascending, at most `limit`. */
    async after(ticketId: string, seq: number, limit: number): Promise<KeptEvent[]> {
      const rows = await model
        .find({ companyId, ticketId, seq: { $gt: seq } })
        .sort({ seq: 1 })
        .limit(limit)
        .session(session)
        .lean();
      return rows.map(outward<KeptEvent>);
    },
  };
}

export const historySchema = { name: 'history', schema };
