import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Company } from '#shared/company.ts';
import { modelOf, objectId, outward, rowOptions } from './rows.ts';

const companySchema_ = new Schema(
  {
    name: { type: String, required: true },
    language: { type: String, required: true },
    timezone: { type: String, required: true },
    createdAt: { type: Date, required: true },
    /** Always 1: the unique index lets only one setup win, whatever the race. */
    first: { type: Number, required: true },
  },
  rowOptions,
);
companySchema_.index({ first: 1 }, { unique: true, name: 'company_first' });

const inviteSchema_ = new Schema(
  {
    mark: { type: String, required: true },
    companyId: { type: objectId, required: true },
    agentId: { type: objectId, required: true },
    expiresAt: { type: Date, required: true },
  },
  rowOptions,
);
inviteSchema_.index({ mark: 1 }, { unique: true, name: 'invite_mark' });
inviteSchema_.index({ agentId: 1 }, { unique: true, name: 'invite_agent' });
inviteSchema_.index({ expiresAt: 1 }, { name: 'invite_expiry', expireAfterSeconds: 0 });

export interface Invite {
  companyId: string;
  agentId: string;
  expiresAt: string;
}

/** Finds companies before one is known: setup, invites, the web chat's public id. */
export function directoryOf(connection: Connection, session: ClientSession | null) {
  const companies = modelOf(connection, 'companies');
  const invites = modelOf(connection, 'invites');
  const channels = modelOf(connection, 'channels');
  return {
    async companies(): Promise<Company[]> {
      return (await companies.find({}, { createdAt: 0, first: 0 }).session(session).lean()).map(outward<Company>);
    },
    async company(id: string): Promise<Company | null> {
      const row = await companies.findOne({ _id: id }, { createdAt: 0, first: 0 }).session(session).lean();
      return row === null ? null : outward<Company>(row);
    },
    async addCompany(company: Company, createdAt: string): Promise<void> {
      const { id, ...rest } = company;
      await companies.create([{ _id: id, ...rest, createdAt, first: 1 }], { session });
    },
    /** The agent's earlier invite stops working. */
    async putInvite(mark: string, invite: Invite): Promise<void> {
      const { agentId, ...rest } = invite;
      await invites.updateOne({ agentId }, { $set: { mark, ...rest } }, { upsert: true }).session(session);
    },
    async invite(mark: string): Promise<Invite | null> {
      const row = await invites.findOne({ mark }).session(session).lean();
      return row === null ? null : { ...outward<Invite>(row), companyId: String(row.companyId) };
    },
    async endInvite(mark: string): Promise<boolean> {
      return (await invites.deleteOne({ mark }).session(session)).deletedCount === 1;
    },
    /** The company and id of the active web chat with this public id. */
    async webchat(publicId: string): Promise<{ companyId: string; channelId: string } | null> {
      const row = await channels.findOne({ publicId, active: true }, { companyId: 1 }).session(session).lean();
      return row === null ? null : { companyId: String(row.companyId), channelId: String(row._id) };
    },
  };
}

export const companySchema = { name: 'companies', schema: companySchema_ };
export const inviteSchema = { name: 'invites', schema: inviteSchema_ };
