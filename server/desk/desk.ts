import type { Check, Endpoints, Pairing, Probed } from '#channels/channel.ts';
import type { ChannelKind, Connection } from '#shared/channel.ts';
import type { Company } from '#shared/company.ts';
import type { Content } from '#shared/message.ts';
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
  lines: ChannelLines;
  /** Origin under which people reach this desk, for links. */
  origin: string;
}

/** The running channels, as the desk may ask them. What fails throws ChannelError; `channel.inactive` when it is off. */
export interface ChannelLines {
  connectionOf(channelId: string): Connection;
  /** When its phase began; null: not since this process started. */
  sinceOf(channelId: string): string | null;
  /** The agent who asked for the pairing; QR and code are for nobody else. */
  askerOf(channelId: string): string | null;
  /** When something last came in and went out, since this process started; the channel knows of earlier times. */
  trafficOf(channelId: string): { lastIn: string | null; lastOut: string | null };
  pair(channelId: string, agentId: string, how: Pairing): Promise<void>;
  test(channelId: string): Promise<void>;
  reconnect(channelId: string): Promise<void>;
  /** Null: this kind has nothing to try. */
  probe(kind: ChannelKind, settings: Record<string, unknown>, tell: (check: Check) => void): Promise<Probed | null>;
  /** Servers of a mailbox, by its address. */
  guess(address: string): Promise<Record<string, unknown>>;
  /** Reads again what the network had brought, and takes it in. */
  reread(channelId: string, raw: Uint8Array): Promise<void>;
  /** Edits (content) or deletes (null) a message of ours at its network. */
  change(message: KeptMessage, content: Content | null): Promise<void>;
  /** Takes a dead letter in once more; false: it cannot be taken. */
  retake(channelId: string, event: unknown, raw: Uint8Array | null): Promise<boolean>;
}

/** What the desk must know of the channels that can be made; handed in, because the desk knows no network. */
export interface ChannelKinds {
  /** Checks and completes given settings over the channel's own, and locks secrets. Throws ChannelError with the wrong field. */
  settle(
    desk: Pick<Desk, 'company' | 'seal'>,
    channel: Pick<KeptChannel, 'id' | 'kind' | 'settings'>,
    given: Record<string, unknown>,
  ): Record<string, unknown>;
  /** Given settings over a channel's own, with open secrets, unchecked: for trying them. */
  over(desk: Desk, channel: KeptChannel, given: Record<string, unknown>): Record<string, unknown>;
  /** The settings with open secrets, for the maker. */
  opened(desk: Desk, channel: KeptChannel): Record<string, unknown>;
  /** The settings as they may be shown; null for simulated channels. */
  shown(channel: KeptChannel): Record<string, unknown> | null;
  /** Tries settings; null: this kind has nothing to try. */
  probe(
    kind: ChannelKind,
    settings: Record<string, unknown>,
    endpoints: Endpoints,
    tell: (check: Check) => void,
  ): Promise<Probed | null>;
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
