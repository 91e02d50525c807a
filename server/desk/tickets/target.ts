import type { Department } from '#shared/catalog.ts';
import { DeskError } from '../../errors.ts';
import type { KeptAgent, Records } from '../desk.ts';

/** A department that work may go to: it exists, is active and attends. R22. */
export async function targetDepartment(records: Records, departmentId: string): Promise<Department> {
  const department = await records.catalog.department(departmentId);
  if (department === null) throw new DeskError('department.not-found');
  if (!department.active) throw new DeskError('department.inactive', { name: department.name });
  if (!department.attends) throw new DeskError('department.does-not-attend', { name: department.name });
  return department;
}

/** An agent that work of this department may go to: active, and of the department or over the whole company. */
export async function targetAgent(records: Records, agentId: string, departmentId: string): Promise<KeptAgent> {
  const agent = await records.agents.byId(agentId);
  if (agent === null) throw new DeskError('agent.not-found');
  if (!agent.active) throw new DeskError('agent.inactive', { name: agent.name });
  const everywhere = agent.role !== 'agent' && agent.departmentIds.length === 0;
  if (!everywhere && agent.role !== 'admin' && !agent.departmentIds.includes(departmentId)) {
    throw new DeskError('agent.not-in-department', { name: agent.name });
  }
  return agent;
}

/** The name of an agent, for sentences such as "already taken by". */
export async function agentName(records: Records, agentId: string | null): Promise<string> {
  return agentId === null ? '' : ((await records.agents.byId(agentId))?.name ?? '');
}
