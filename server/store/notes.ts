import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Note } from '#shared/note.ts';
import { actorPart, inward, modelOf, objectId, outward, rowOptions } from './rows.ts';

const schema = new Schema(
  {
    companyId: { type: objectId, required: true },
    ticketId: { type: objectId, required: true },
    at: { type: Date, required: true },
    author: { type: actorPart, required: true },
    text: { type: String, required: true },
    clientId: { type: String, default: null },
  },
  rowOptions,
);
schema.index({ companyId: 1, ticketId: 1 }, { name: 'note_ticket' });

/** Internal notes of one company. */
export function notesOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const model = modelOf(connection, 'notes');
  return {
    async add(note: Note): Promise<void> {
      await model.create([inward(companyId, note)], { session });
    },
    async byIds(ids: string[]): Promise<Note[]> {
      if (ids.length === 0) return [];
      const rows = await model
        .find({ companyId, _id: { $in: ids } })
        .session(session)
        .lean();
      return rows.map(outward<Note>);
    },
  };
}

export const noteSchema = { name: 'notes', schema };
