import type { Actor } from './people.ts';

export const fileKinds = ['image', 'audio', 'voice', 'video', 'sticker', 'file'] as const;
export type FileKind = (typeof fileKinds)[number];

/** A file of a message. `mime` is told by its bytes, `name` is harmless to show and to save under. */
export interface Attachment {
  id: string;
  kind: FileKind;
  name: string;
  mime: string;
  bytes: number;
  /** Pixels of images and thumbnails; null when unknown. */
  width: number | null;
  height: number | null;
  /** Length of audio and video; null when unknown. */
  seconds: number | null;
  /** Whether a small picture of it can be shown. */
  thumbnail: boolean;
  /** A picture that stands inside a mail's body. */
  inline?: true;
}

/** A place on the map, in degrees. */
export interface Place {
  latitude: number;
  longitude: number;
  name: string;
  address: string;
}

/** A visiting card that somebody passed on. */
export interface Card {
  name: string;
  phones: string[];
  emails: string[];
}

/** What a mail brings beside its text. `full` is the text with quotes and signature, when they were cut from `text`. */
export interface MailContent {
  subject: string;
  full: string | null;
  /** Media id of the sanitised HTML, and of the mail as it came. */
  html: string | null;
  original: string | null;
  to: string[];
  cc: string[];
}

/** What a message says, for every network and both directions. `text` is NFC. */
export interface Content {
  text: string;
  attachments?: Attachment[];
  place?: Place;
  cards?: Card[];
  mail?: MailContent;
  /** Files that were sent together come in messages of their own with the same one. */
  album?: string;
  /** What came and could not be taken, as a code: `media`, `waiting`, `call`, `poll` …; shown as such. */
  missing?: string;
}

/** Never goes back (see `rank`). `uncertain`: nobody knows whether the network took it. `discarded`: an agent gave it up. */
export const deliveryStates = [
  'queued',
  'sending',
  'sent',
  'delivered',
  'read',
  'failed',
  'uncertain',
  'discarded',
] as const;
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
  replyTo: Quote | null;
  reactions: Reaction[];
  editedAt: string | null;
  removedAt: string | null;
}

/** What a message answers to. `messageId` is null when the desk does not have it. */
export interface Quote {
  messageId: string | null;
  name: string;
  preview: string;
}

/** Somebody's one reaction to a message. */
export interface Reaction {
  by: Actor;
  emoji: string;
  at: string;
}

/** A file as it is shown: `url` is for who may see the ticket. */
export interface AttachmentView extends Attachment {
  url: string;
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
  attachments: AttachmentView[];
  place: Place | null;
  cards: Card[];
  /** `html` and `original` are addresses to open. */
  mail: MailContent | null;
  album: string | null;
  missing: string | null;
  replyTo: Quote | null;
  reactions: Reaction[];
  editedAt: string | null;
  removedAt: string | null;
  clientId: string | null;
  delivery: Delivery | null;
}

const addressOf = (mediaId: string): string => `/api/v1/media/${mediaId}`;

/** Cuts a message down to what leaves the server. */
export function messageView(message: Message): MessageView {
  const { id, ticketId, seq, at, author, direction, content, clientId, delivery } = message;
  const { replyTo, reactions, editedAt, removedAt } = message;
  const { text, attachments = [], place = null, cards = [], mail = null, album = null, missing = null } = content;
  return {
    ...{ id, ticketId, seq, at, author, direction, text },
    attachments: attachments.map((one) => ({ ...one, url: addressOf(one.id) })),
    ...{ place, cards, album, missing },
    mail: mail === null ? null : mailView(mail),
    ...{ replyTo, reactions, editedAt, removedAt, clientId, delivery },
  };
}

function mailView(mail: MailContent): MailContent {
  const { html, original } = mail;
  return {
    ...mail,
    html: html === null ? null : `${addressOf(html)}/mail`,
    original: original === null ? null : addressOf(original),
  };
}

const ranks: Record<DeliveryState, number> = {
  queued: 0,
  sending: 1,
  failed: 1,
  uncertain: 1,
  discarded: 1,
  sent: 2,
  delivered: 3,
  read: 4,
};

/**
 * Whether a network's news may take a delivery from one state to another: only upwards; `uncertain` is lifted by any
 * later news; a bounce turns `sent` to `failed`, but what was delivered stays so.
 */
export function mayBecome(from: DeliveryState, to: DeliveryState): boolean {
  if (to === 'failed') return from === 'queued' || from === 'sending' || from === 'sent' || from === 'uncertain';
  if (to === 'uncertain' || to === 'discarded') return from === 'queued' || from === 'sending';
  if (from === 'failed' || from === 'discarded') return false;
  return ranks[to] > ranks[from];
}

const marks: Record<FileKind, string> = {
  image: '📷',
  audio: '🎵',
  voice: '🎤',
  video: '🎬',
  sticker: '💟',
  file: '📎',
};

/** First line of what was said, at most 120 characters, for lists. Things without words are shown by a mark. */
export function previewOf({ text, attachments = [], place, cards = [], mail, missing }: Content): string {
  // A picture inside a mail's body is no file that was sent along.
  const file = attachments.find(({ inline }) => inline !== true);
  const [card] = cards;
  const mark = file !== undefined ? marks[file.kind] : place !== undefined ? '📍' : card !== undefined ? '👤' : '';
  const things = file?.kind === 'file' ? file.name : (place?.name ?? card?.name ?? '');
  const words = text.trim() === '' ? things || (mail?.subject ?? '') || (missing === undefined ? '' : '⚠') : text;
  const line = `${mark} ${words.trim().split('\n', 1)[0] ?? ''}`.trim();
  const characters = [...line];
  return characters.length <= 120 ? line : `${characters.slice(0, 119).join('')}…`;
}
