import * as z from 'zod/mini';
import { limits } from '#shared/limits.ts';
import { allow } from '../access.ts';
import * as input from '../input.ts';
import { act } from '../verb.ts';
import * as views from '../views.ts';

/** Adds an internal note; the customer never sees it. Closed tickets take notes too. */
export const addNote = act({
  name: 'note.add',
  action: 'ticket.note',
  clientId: 'required',
  input: z.strictObject({ ticketId: input.id, text: input.text(limits.noteCharacters) }),
  output: views.note,
  async run({ desk, records, record, at, clientId }, by, { ticketId, text }) {
    const before = allow(by, 'ticket.note', await records.tickets.byId(ticketId));
    const note = { id: desk.newId(), ticketId, at, author: by.actor, text, clientId };
    await record(before, before, { act: 'note.added', note });
    return note;
  },
});
