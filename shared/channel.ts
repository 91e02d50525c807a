/** Channels as both sides know them: kinds, abilities, the life of a connection. */

export const channelKinds = ['whatsapp', 'telegram', 'email', 'webchat'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/**
 * What a network can do; the console hides what is not in it. `same-id`: sending the same message id again is harmless.
 * `many-files`: several files and a text are one message; without it the desk makes one message a file.
 */
export type Ability =
  | 'delivered'
  | 'read'
  | 'same-id'
  | 'files'
  | 'many-files'
  | 'voice'
  | 'quote'
  | 'react'
  | 'edit'
  | 'delete'
  | 'typing';

export const abilitiesOf: Record<ChannelKind, readonly Ability[]> = {
  whatsapp: ['delivered', 'read', 'same-id', 'files', 'voice', 'quote', 'react', 'edit', 'delete', 'typing'],
  telegram: ['files', 'voice', 'quote', 'react', 'edit', 'delete', 'typing'],
  email: ['same-id', 'files', 'many-files', 'quote'],
  webchat: ['delivered', 'read', 'same-id'],
};

const mib = 1024 * 1024;

/** What a network carries in one message. `text` and `caption` in UTF-16 units, `bytes` a file; 0 files = none. */
export interface Carries {
  text: number;
  caption: number;
  files: number;
  bytes: number;
}

/** Sources: WhatsApp clients (text 65,536, caption 1,024; documents far above 64 MiB), Bot API (4,096; 1,024; 50 MB up). */
export const carries: Record<ChannelKind, Carries> = {
  whatsapp: { text: 65_536, caption: 1_024, files: 1, bytes: 64 * mib },
  telegram: { text: 4_096, caption: 1_024, files: 1, bytes: 50_000_000 },
  email: { text: 1_000_000, caption: 1_000_000, files: 10, bytes: 20 * mib },
  webchat: { text: 16_000, caption: 0, files: 0, bytes: 0 },
};

/**
 * A channel's connection to its network. Times are ISO strings in UTC, reasons are codes with a sentence in the
 * dictionary. `pairing` carries a QR text or a code only for the admin who asked. `as` names the account.
 */
export type Connection =
  | { phase: 'off'; reason?: string }
  | { phase: 'connecting'; attempt: number }
  | { phase: 'pairing'; expiresAt: string; qr?: string; code?: string }
  | { phase: 'online'; as: string; name?: string }
  | { phase: 'waiting'; retryAt: string; reason: string }
  | { phase: 'logged-out'; reason: string };

/** The state as everybody may know it: QR and code are for the admin who asked. */
export function withoutPairing(connection: Connection): Connection {
  if (connection.phase !== 'pairing') return connection;
  return { phase: 'pairing', expiresAt: connection.expiresAt };
}

/** One thing tried of settings. `step` and `code` have sentences in the dictionary; `detail` is the server's own word. */
export interface ProbeCheck {
  step: string;
  ok: boolean;
  ms: number;
  code: string | null;
  detail: string | null;
}

/** How a channel does. Counts stop at 100. */
export interface ChannelHealth {
  lastIn: string | null;
  lastOut: string | null;
  queue: { count: number; oldest: string | null };
  uncertain: number;
  failed: number;
  deadLetters: number;
  /** Within the last 24 hours. */
  reconnects: number;
  outages: number;
  epoch: number;
  /** Newest first. `recovered`: messages that had waited at the network and came in after it. */
  log: { at: string; phase: string; reason: string | null; recovered: number }[];
}

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
  /** Which account of its network it is, once that is known. */
  account: string | null;
  config: Record<string, unknown> | null;
  connection: Connection;
  /** When the phase began, as far as this process knows. */
  since: string | null;
}
