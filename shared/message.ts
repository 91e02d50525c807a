import type { Actor } from './people.ts';

/** What a message says, for every network and both directions. `text` is NFC. */
export interface Content {
  text: string;
}

/** Never goes back (see `rank`). `uncertain`: nobody knows whether the network took it. */
export const deliveryStates = ['queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'uncertain'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** Where a message is on its way to the customer. `failure` is a code with a sentence in the dictionary. */
export interface Delivery {
  state: DeliveryState;
  at: string;
  attempts: number;
  failure: string | null;
}

/** `record`: written down in a ticket that has no channel, not sent. */
export const directions = ['in', 'out', 'record'] as const;
export type Direction = (typeof directions)[number];

/** Said to or by the customer. */
export interface Message {
  id: string;
  ticketId: string;
  seq: number;
  at: string;
  author: Actor;
  direction: Direction;
  content: Content;
  channelId: string | null;
  /** The network's key of an inbound message; unique in its channel. */
  providerKey: string | null;
  /** The network's id of an outbound message. */
  externalId: string | null;
  clientId: string | null;
  delivery: Delivery | null;
}

/** A message as REST and sockets carry it. `delivery` is null for inbound and recorded ones. */
export interface MessageView {
  id: string;
  ticketId: string;
  seq: number;
  at: string;
  author: Actor;
  direction: Direction;
  text: string;
  clientId: string | null;
  delivery: Delivery | null;
}

/** Cuts a message down to what leaves the server. */
export function messageView(message: Message): MessageView {
  const { id, ticketId, seq, at, author, direction, content, clientId, delivery } = message;
  return { id, ticketId, seq, at, author, direction, text: content.text, clientId, delivery };
}

const ranks: Record<DeliveryState, number> = {
  queued: 0,
  sending: 1,
  failed: 1,
  uncertain: 1,
  sent: 2,
  delivered: 3,
  read: 4,
};

/** Whether a delivery may go from one state to another: only upwards; `failed` only from below `sent`; `uncertain` is lifted by any later news. */
export function mayBecome(from: DeliveryState, to: DeliveryState): boolean {
  if (to === 'failed' || to === 'uncertain') return from === 'queued' || from === 'sending';
  if (from === 'failed') return false;
  return ranks[to] > ranks[from];
}

/** First line of a text, at most 120 characters, for lists. */
export function previewOf(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  const characters = [...line];
  return characters.length <= 120 ? line : `${characters.slice(0, 119).join('')}…`;
}
