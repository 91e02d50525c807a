import { type ClientSession, type Connection, Schema } from 'mongoose';
import { type Contact, type Identity, identityKey } from '#shared/people.ts';
import { inward, modelOf, objectId, outward, rowOptions } from './rows.ts';

const contactSchema_ = new Schema(
  {
    companyId: { type: objectId, required: true },
    name: { type: String, required: true },
    /** Set when it turned out to be the same person as another contact. */
    mergedInto: { type: objectId, default: null },
    mergedAt: { type: Date, default: null },
  },
  rowOptions,
);
contactSchema_.index({ companyId: 1 }, { name: 'contact_company' });

const identitySchema_ = new Schema(
  {
    companyId: { type: objectId, required: true },
    kind: { type: String, required: true },
    value: { type: String, required: true },
    contactId: { type: objectId, required: true },
    /** The contact that it belonged to before two were merged: what undoing goes back to. */
    formerContactId: { type: objectId, default: null },
  },
  rowOptions,
);
identitySchema_.index({ companyId: 1, kind: 1, value: 1 }, { unique: true, name: 'identity_value' });
identitySchema_.index({ companyId: 1, contactId: 1 }, { name: 'identity_contact' });
identitySchema_.index(
  { companyId: 1, formerContactId: 1 },
  { name: 'identity_former', partialFilterExpression: { formerContactId: { $type: 'objectId' } } },
);

/** Contacts of one company and the identities that prove them. */
export function contactsOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const contacts = modelOf(connection, 'contacts');
  const identities = modelOf(connection, 'identities');
  return {
    /** The contacts that these identities belong to, by `identityKey`; unknown ones are absent. */
    async byIdentities(wanted: Identity[]): Promise<Map<string, Contact>> {
      const kinds = [...new Set(wanted.map(({ kind }) => kind))];
      const found: { key: string; contactId: string }[] = [];
      for (const kind of kinds) {
        const values = wanted.flatMap((identity) => (identity.kind === kind ? [identity.value] : []));
        const rows = await identities
          .find({ companyId, kind, value: { $in: values } })
          .session(session)
          .lean();
        for (const row of rows) {
          found.push({ key: identityKey({ kind, value: String(row.value) }), contactId: String(row.contactId) });
        }
      }
      if (found.length === 0) return new Map();
      const ids = [...new Set(found.map(({ contactId }) => contactId))];
      const rows = await contacts
        .find({ companyId, _id: { $in: ids } })
        .session(session)
        .lean();
      const byId = new Map(rows.map((row) => [String(row._id), contactIn(row)]));
      return new Map(found.flatMap(({ key, contactId }) => pair(key, byId.get(contactId))));
    },
    async add(added: { contact: Contact; proofs: Identity[] }[]): Promise<void> {
      if (added.length === 0) return;
      await contacts.insertMany(
        added.map(({ contact }) => inward(companyId, contact)),
        { session },
      );
      const rows = added.flatMap(({ contact, proofs }) =>
        proofs.map((identity) => inward(companyId, { ...identity, contactId: contact.id })),
      );
      if (rows.length > 0) await identities.insertMany(rows, { session });
    },
    /** Adds identities to contacts that are stored already. */
    async prove(further: { contactId: string; identity: Identity }[]): Promise<void> {
      const rows = further.map(({ contactId, identity }) => inward(companyId, { ...identity, contactId }));
      if (rows.length > 0) await identities.insertMany(rows, { session });
    },
    /** The identities of one contact go over to another one; both keep where they come from and went to. */
    async merge(fromId: string, intoId: string, at: string): Promise<void> {
      await identities
        .updateMany({ companyId, contactId: fromId }, { $set: { contactId: intoId, formerContactId: fromId } })
        .session(session);
      const marks = { mergedInto: intoId, mergedAt: new Date(at) };
      await contacts.updateOne({ companyId, _id: fromId }, { $set: marks }).session(session);
    },
    async byId(id: string): Promise<Contact | null> {
      const row = await contacts.findOne({ companyId, _id: id }).session(session).lean();
      return row === null ? null : contactIn(row);
    },
    /** Gives a joined contact back what had been its own; false: it was not joined. */
    async separate(id: string): Promise<boolean> {
      const filter = { companyId, _id: id, mergedInto: { $type: 'objectId' } };
      const done = await contacts.updateOne(filter, { $set: { mergedInto: null, mergedAt: null } }).session(session);
      if (done.modifiedCount === 0) return false;
      await identities
        .updateMany({ companyId, formerContactId: id }, { $set: { contactId: id, formerContactId: null } })
        .session(session);
      return true;
    },
    async identities(contactId: string): Promise<Identity[]> {
      const rows = await identities.find({ companyId, contactId }).session(session).lean();
      return rows.map((row) => ({ kind: row.kind as Identity['kind'], value: String(row.value) }));
    },
  };
}

function contactIn(row: object): Contact {
  const { id, name } = outward<Contact>(row);
  return { id, name };
}

const pair = (key: string, contact: Contact | undefined): [string, Contact][] =>
  contact === undefined ? [] : [[key, contact]];

export const contactSchema = { name: 'contacts', schema: contactSchema_ };
export const identitySchema = { name: 'identities', schema: identitySchema_ };
