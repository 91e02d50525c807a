import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Agent } from '#shared/people.ts';
import { inward, modelOf, objectId, outward, rowOptions } from './rows.ts';

/** An agent with the account that signs in for it. */
export interface KeptAgent extends Agent {
  accountId: string;
}

const schema = new Schema(
  {
    companyId: { type: objectId, required: true },
    accountId: { type: objectId, required: true },
    name: { type: String, required: true },
    email: { type: String, required: true },
    role: { type: String, required: true },
    departmentIds: { type: [objectId], required: true },
    active: { type: Boolean, required: true },
    invited: { type: Boolean, required: true },
  },
  rowOptions,
);
schema.index({ companyId: 1, accountId: 1 }, { unique: true, name: 'agent_account' });
schema.index({ accountId: 1 }, { name: 'account_agents' });

/** The people who attend in one company. */
export function agentsOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const model = modelOf(connection, 'agents');
  return {
    async all(): Promise<KeptAgent[]> {
      return (await model.find({ companyId }).sort({ _id: 1 }).session(session).lean()).map(outward<KeptAgent>);
    },
    async byId(id: string): Promise<KeptAgent | null> {
      const row = await model.findOne({ companyId, _id: id }).session(session).lean();
      return row === null ? null : outward<KeptAgent>(row);
    },
    async add(agent: KeptAgent): Promise<void> {
      await model.create([inward(companyId, agent)], { session });
    },
    async change(id: string, fields: Partial<Agent>): Promise<void> {
      await model.updateOne({ companyId, _id: id }, { $set: fields }).session(session);
    },
  };
}

/** The companies that an account attends in. Before a company is known. */
export async function agentsOfAccount(
  connection: Connection,
  accountId: string,
): Promise<{ companyId: string; agent: KeptAgent }[]> {
  const rows = await modelOf(connection, 'agents').find({ accountId }).sort({ _id: 1 }).lean();
  return rows.map((row) => ({ companyId: String(row.companyId), agent: outward<KeptAgent>(row) }));
}

export const agentSchema = { name: 'agents', schema };
