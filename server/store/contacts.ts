import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Contact, Identity } from '#shared/people.ts';
import { inward, modelOf, objectId, outward, rowOptions } from './rows.ts';

const contactSchema_ = new Schema(
  { companyId: { type: objectId, required: true }, name: { type: String, required: true } },
  rowOptions,
);
contactSchema_.index({ companyId: 1 }, { name: 'contact_company' });

const identitySchema_ = new Schema(
  {
    companyId: { type: objectId, required: true },
    kind: { type: String, required: true },
    value: { type: String, required: true },
    contactId: { type: objectId, required: true },
  },
  rowOptions,
);
identitySchema_.index({ companyId: 1, kind: 1, value: 1 }, { unique: true, name: 'identity_value' });
identitySchema_.index({ companyId: 1, contactId: 1 }, { name: 'identity_contact' });

/** Contacts of one company and the identities that prove them. */
export function contactsOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const contacts = modelOf(connection, 'contacts');
  const identities = modelOf(connection, 'identities');
  return {
    /** The contact that any of these identities belongs to; the first named identity decides. */
    async byIdentities(wanted: Identity[]): Promise<Contact | null> {
      for (const { kind, value } of wanted) {
        const identity = await identities.findOne({ companyId, kind, value }).session(session).lean();
        if (identity === null) continue;
        const row = await contacts.findOne({ companyId, _id: identity.contactId }).session(session).lean();
        if (row !== null) return outward<Contact>(row);
      }
      return null;
    },
    async add(contact: Contact, proofs: Identity[]): Promise<void> {
      await contacts.create([inward(companyId, contact)], { session });
      const rows = proofs.map((identity) => inward(companyId, { ...identity, contactId: contact.id }));
      if (rows.length > 0) await identities.insertMany(rows, { session });
    },
    async identities(contactId: string): Promise<Identity[]> {
      const rows = await identities.find({ companyId, contactId }).session(session).lean();
      return rows.map((row) => ({ kind: row.kind as Identity['kind'], value: String(row.value) }));
    },
  };
}

export const contactSchema = { name: 'contacts', schema: contactSchema_ };
export const identitySchema = { name: 'identities', schema: identitySchema_ };
