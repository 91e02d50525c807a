import * as z from 'zod/mini';
import { type Agent, roles } from '#shared/people.ts';
import { DeskError } from '../../errors.ts';
import { can } from '../access.ts';
import type { KeptAgent, Records } from '../desk.ts';
import { makeInvite } from '../front/invites.ts';
import * as input from '../input.ts';
import { act, look } from '../verb.ts';
import * as views from '../views.ts';
import type { Work } from '../work.ts';

const role = z.enum(roles);
const departmentIds = z.array(input.id).check(z.maxLength(100, 'too-long'));
const invited = z.object({ agent: views.agent, inviteUrl: z.string() });

/** Everybody of the company. Who may manage them reads the whole record, others what a colleague may know. */
export const listAgents = look({
  name: 'agent.list',
  action: 'agent.list',
  input: z.strictObject({}),
  output: views.list(z.union([views.agent, views.colleague])),
  async run({ store }, by) {
    const agents = await store.agents.all();
    if (can(by, 'agent.manage')) return { items: agents };
    return {
      items: agents.map(({ id, name, role: of, departmentIds: where, active }) => ({
        id,
        name,
        role: of,
        departmentIds: where,
        active,
      })),
    };
  },
});

/** Adds somebody to the team; the answer holds the link to invite with, shown once. Refuses: agent.email-taken, department.not-found. */
export const addAgent = act({
  name: 'agent.add',
  action: 'agent.manage',
  input: z.strictObject({ name: input.name, email: input.email, role, departmentIds: z._default(departmentIds, []) }),
  output: invited,
  async run(work, _by, { name, email, role: of, departmentIds: where }) {
    const { desk, records } = work;
    await known(records, where);
    const account = await records.accounts.byEmail(email);
    if (account !== null) throw new DeskError('agent.email-taken', {}, { email: 'taken' });
    const accountId = desk.newId();
    await records.accounts.add({ id: accountId, email, passwordHash: null });
    const agent: KeptAgent = {
      id: desk.newId(),
      accountId,
      name,
      email,
      role: of,
      departmentIds: [...new Set(where)],
      active: true,
      invited: true,
    };
    await records.agents.add(agent);
    changed(work, agent.id);
    return { agent, inviteUrl: await makeInvite(work, agent.id) };
  },
});

/** Makes a new link for somebody who has not chosen a password yet, or forgot it; the earlier link stops working. */
export const inviteAgain = act({
  name: 'agent.invite',
  action: 'agent.manage',
  input: z.strictObject({ agentId: input.id }),
  output: invited,
  async run(work, _by, { agentId }) {
    const agent = await work.records.agents.byId(agentId);
    if (agent === null) throw new DeskError('agent.not-found');
    if (!agent.active) throw new DeskError('agent.inactive', { name: agent.name });
    return { agent, inviteUrl: await makeInvite(work, agentId) };
  },
});

/** Changes name, role, departments or activity. Rights change at once, also on open consoles. Refuses: agent.last-admin. */
export const editAgent = act({
  name: 'agent.edit',
  action: 'agent.manage',
  input: z.strictObject({
    agentId: input.id,
    name: z.exactOptional(input.name),
    role: z.exactOptional(role),
    departmentIds: z.exactOptional(departmentIds),
    active: z.exactOptional(z.boolean()),
  }),
  output: views.agent,
  async run(work, _by, { agentId, ...fields }) {
    const { records } = work;
    const before = await records.agents.byId(agentId);
    if (before === null) throw new DeskError('agent.not-found');
    if (fields.departmentIds !== undefined) await known(records, fields.departmentIds);
    const after = { ...before, ...fields };
    await keepAdmin(records, after);
    await records.agents.change(agentId, fields);
    if (!after.active) {
      const sessionIds = await records.sessions.end({ agentId });
      work.news.push({ event: 'sessions.ended', payload: { sessionIds } });
    }
    changed(work, agentId);
    return after;
  },
});

async function known(records: Records, wanted: string[]): Promise<void> {
  const ids = new Set((await records.catalog.departments()).map((department) => department.id));
  if (wanted.some((id) => !ids.has(id))) throw new DeskError('department.not-found', {}, { departmentIds: 'unknown' });
}

/** Without an active admin nobody could let anybody in again. */
async function keepAdmin(records: Records, changing: Agent): Promise<void> {
  const others = (await records.agents.all()).filter((agent) => agent.id !== changing.id);
  const admins = [...others, changing].filter((agent) => agent.role === 'admin' && agent.active && !agent.invited);
  if (admins.length === 0) throw new DeskError('agent.last-admin');
}

function changed(work: Work, agentId: string): void {
  const { id: companyId } = work.desk.company;
  work.news.push({ event: 'agent.changed', payload: { companyId, agentId } });
  work.news.push({ event: 'catalog.changed', payload: { companyId } });
}
