import * as z from 'zod/mini';
import { DeskError } from '../../errors.ts';
import * as input from '../input.ts';
import { act } from '../verb.ts';
import * as views from '../views.ts';

/**
 * Undoes a joining: the contact gets back the identities that had been its own. Tickets stay where they are; what the
 * person writes next is theirs again. Refuses: contact.not-found, contact.not-joined.
 */
export const separateContact = act({
  name: 'contact.separate',
  action: 'contact.manage',
  input: z.strictObject({ contactId: input.id }),
  output: views.ok,
  async run({ records }, _by, { contactId }) {
    const contact = await records.contacts.byId(contactId);
    if (contact === null) throw new DeskError('contact.not-found');
    if (!(await records.contacts.separate(contactId))) throw new DeskError('contact.not-joined');
    return { ok: true as const };
  },
});
