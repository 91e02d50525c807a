/** Channels as both sides know them: kinds, abilities, the life of a connection. */

export const channelKinds = ['whatsapp', 'telegram', 'email', 'webchat'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** What a network can do; the console hides what is not in it. `same-id`: sending the same message id again is harmless. */
export type Ability = 'delivered' | 'read' | 'same-id';

/** What each kind's network tells about a message on its way (only these ticks are shown). */
export const abilitiesOf: Record<ChannelKind, readonly Ability[]> = {
  whatsapp: ['delivered', 'read', 'same-id'],
  telegram: ['same-id'],
  email: ['same-id'],
  webchat: ['delivered', 'read', 'same-id'],
};

/** A channel's connection to its network. Times are ISO strings in UTC. */
export type Connection =
  | { phase: 'off' }
  | { phase: 'connecting'; attempt: number }
  | { phase: 'online'; as: string }
  | { phase: 'waiting'; retryAt: string; reason: string };

/** Settings of a web chat: which sites may show it (empty = any) and what the visitor reads first. */
export interface WebchatConfig {
  /** Origins such as `https://loja.com.br`, without path. */
  origins: string[];
  title: string;
  greeting: string;
}

/** A channel as settings show it. `publicId` stands in the web chat's snippet; `config` is null for who may not manage channels. */
export interface ChannelView {
  id: string;
  kind: ChannelKind;
  name: string;
  departmentId: string;
  /** True for the simulator's pretended networks. */
  simulated: boolean;
  active: boolean;
  publicId: string | null;
  config: WebchatConfig | null;
  connection: Connection;
}
