import { signal } from '@preact/signals';
import type { AgentItem } from '#shared/api.ts';
import type { Conclusion, Department } from '#shared/catalog.ts';
import type { ChannelView } from '#shared/channel.ts';

/** The company's registries, inactive ones included: old tickets still name them. */
export interface Catalog {
  departments: Department[];
  agents: AgentItem[];
  conclusions: Conclusion[];
  channels: ChannelView[];
}

/** What is known of the registries; empty until fetched. */
export const catalog = signal<Catalog>({ departments: [], agents: [], conclusions: [], channels: [] });

/** Takes over how the connection of one channel is now. */
export function connectionChanged({ channelId, connection }: Pick<ChannelView, 'connection'> & { channelId: string }) {
  const channels = catalog.value.channels.map((channel) => {
    if (channel.id !== channelId) return channel;
    const same = stateOf(channel.connection) === stateOf(connection);
    return { ...channel, connection, since: same ? channel.since : new Date().toISOString() };
  });
  catalog.value = { ...catalog.value, channels };
}

/** Trying and waiting for the next try are one state: a channel that is down is down since it went down. */
const stateOf = ({ phase }: ChannelView['connection']): string => (phase === 'connecting' ? 'waiting' : phase);

/** A department by its id; undefined when it is not known (yet). */
export function departmentOf(id: string | null): Department | undefined {
  return catalog.value.departments.find((department) => department.id === id);
}

/** A department's name, a dash when it is not known. */
export function departmentName(id: string | null): string {
  return departmentOf(id)?.name ?? '–';
}

/** A colleague's name, null when nobody or unknown. */
export function agentName(id: string | null): string | null {
  return catalog.value.agents.find((agent) => agent.id === id)?.name ?? null;
}

/** A conclusion's name, a dash when it is not known. */
export function conclusionName(id: string): string {
  return catalog.value.conclusions.find((conclusion) => conclusion.id === id)?.name ?? '–';
}

/** Departments that may receive a ticket or a question now (R22, R23). */
export function attendingDepartments(): Department[] {
  return catalog.value.departments.filter((department) => department.active && department.attends);
}

/** People who may be given a ticket of this department: active, and of it or over the whole company. */
export function agentsOf(departmentId: string): AgentItem[] {
  return catalog.value.agents.filter((agent) => {
    const everywhere = agent.role === 'admin' || (agent.role === 'supervisor' && agent.departmentIds.length === 0);
    return agent.active && (everywhere || agent.departmentIds.includes(departmentId));
  });
}
