import type { Connection } from '#shared/channel.ts';
import type { Company } from '#shared/company.ts';
import type { Actor, Role } from '#shared/people.ts';
import type { News } from '../bus.ts';
import type { Seal } from '../seal.ts';
import type { Store } from '../store/store.ts';

/** One company's records inside one transaction. */
export type Records = Omit<Store, 'transact'>;
export type KeptTicket = NonNullable<Awaited<ReturnType<Store['tickets']['byId']>>>;
export type KeptMessage = NonNullable<Awaited<ReturnType<Store['messages']['byId']>>>;
export type KeptChannel = NonNullable<Awaited<ReturnType<Store['channels']['byId']>>>;
export type KeptAgent = NonNullable<Awaited<ReturnType<Store['agents']['byId']>>>;
export type KeptEvent = Awaited<ReturnType<Store['history']['after']>>[number];

/** Everything that a verb is given, bound to one company. Time and ids are injected. */
export interface Desk {
  company: Company;
  store: Store;
  /** ISO, UTC. */
  now(): string;
  /** 24 hex digits, rising. */
  newId(): string;
  seal: Seal;
  /** Tells the bus; only ever after a commit. */
  say(news: News): void;
  channelKinds: ChannelKinds;
  /** How a channel's connection stands now. */
  connectionOf(channelId: string): Connection;
  /** Origin under which people reach this desk, for links. */
  origin: string;
}

/** What the desk must know of the channels that can be made; handed in, because the desk knows no network. */
export interface ChannelKinds {
  /** Checks and completes the settings of a new or changed channel. Throws ChannelError with the wrong field. */
  settle(kind: string, settings: Record<string, unknown>, company: Company): Record<string, unknown>;
  /** Whether people may add this kind by hand. */
  available(kind: string): boolean;
}

/** Who acts, with what rights come from. `role: null` = the system or a customer. */
export interface Caller {
  actor: Actor;
  role: Role | null;
  departmentIds: string[];
}

/** The caller of an agent's acts. */
export function callerOf(agent: { id: string; name: string; role: Role; departmentIds: string[] }): Caller {
  return {
    actor: { kind: 'agent', id: agent.id, name: agent.name },
    role: agent.role,
    departmentIds: agent.departmentIds,
  };
}

/** The system's own caller: for what happens without a person. */
export const system: Caller = { actor: { kind: 'system', id: null, name: 'Balcão' }, role: null, departmentIds: [] };
