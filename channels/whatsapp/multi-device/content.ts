import { getContentType, normalizeMessageContent, type proto, type WAMessageContent } from '@whiskeysockets/baileys';
import type { Content, FileKind } from '#shared/message.ts';
import type { MediaAbout } from '../../channel.ts';
import { cardOf } from './vcard.ts';

/** A file that lies at the network, and how to open it. */
export interface SealedFile {
  /** Whose keys open it (Baileys' media types). */
  type: 'image' | 'video' | 'audio' | 'document' | 'sticker';
  about: MediaAbout;
  url: string | null;
  directPath: string | null;
  mediaKey: Uint8Array;
  sha256: Uint8Array | null;
  sealedSha256: Uint8Array | null;
  bytes: number;
}

/** What a message says: its content without the file, which is still to be fetched. */
export interface Said {
  content: Content;
  file: SealedFile | null;
  replyTo: { externalId: string; text?: string } | null;
  choice: string | null;
}

/** Kinds that are gestures or belong to the protocol: they say nothing. */
const silent = new Set([
  'senderKeyDistributionMessage',
  'protocolMessage',
  'reactionMessage',
  'encReactionMessage',
  'pinInChatMessage',
  'keepInChatMessage',
]);

/** Kinds that cannot be shown, by the code that says so. */
const missing: Record<string, string> = {
  pollCreationMessage: 'poll',
  pollCreationMessageV2: 'poll',
  pollCreationMessageV3: 'poll',
  pollUpdateMessage: 'poll',
  eventMessage: 'event',
  orderMessage: 'order',
  productMessage: 'product',
  groupInviteMessage: 'invite',
  sendPaymentMessage: 'payment',
  requestPaymentMessage: 'payment',
  albumMessage: 'album',
};

/** Maps a message. null: it says nothing (a gesture, a part of the protocol). Never throws for a strange one. */
export function saidOf(message: proto.IMessage): Said | null {
  const content = normalizeMessageContent(message as WAMessageContent);
  const type = getContentType(content);
  if (content === undefined || type === undefined) return content?.call ? missed('call') : null;
  if (silent.has(type)) return null;
  const replyTo = quoteOf(content[type]);
  const said = textOf(content) ?? fileOf(content) ?? placeOf(content) ?? cardsOf(content);
  if (said === null) return missed(missing[type] ?? 'unknown');
  const album = albumOf(message) ?? albumOf(content);
  const joined = album === null ? said.content : { ...said.content, album };
  return { choice: null, file: null, ...said, content: joined, replyTo };
}

/** The message that announced the album to which this one belongs. */
function albumOf({ messageContextInfo }: proto.IMessage): string | null {
  return messageContextInfo?.messageAssociation?.parentMessageKey?.id ?? null;
}

type Part = Pick<Said, 'content'> & Partial<Said>;

function missed(code: string): Said {
  return { content: { text: '', missing: code }, file: null, replyTo: null, choice: null };
}

function clean(text: string | null | undefined): string {
  return (text ?? '').normalize('NFC');
}

function textOf(content: proto.IMessage): Part | null {
  const plain = content.conversation ?? content.extendedTextMessage?.text;
  if (plain !== null && plain !== undefined) return { content: { text: clean(plain) } };
  const { buttonsResponseMessage: button, listResponseMessage: list, templateButtonReplyMessage: template } = content;
  if (button) return chosen(button.selectedDisplayText, button.selectedButtonId);
  if (list) return chosen(list.title, list.singleSelectReply?.selectedRowId);
  if (template) return chosen(template.selectedDisplayText, template.selectedId);
  return null;
}

function chosen(text: string | null | undefined, choice: string | null | undefined): Part {
  return { content: { text: clean(text) }, choice: choice ?? null };
}

interface MediaFields {
  mimetype?: string | null;
  caption?: string | null;
  url?: string | null;
  directPath?: string | null;
  mediaKey?: Uint8Array | null;
  fileSha256?: Uint8Array | null;
  fileEncSha256?: Uint8Array | null;
  fileLength?: unknown;
  fileName?: string | null;
  seconds?: number | null;
}

function fileOf(content: proto.IMessage): Part | null {
  const { imageMessage, videoMessage, ptvMessage, audioMessage, documentMessage, stickerMessage } = content;
  if (imageMessage) return sealed('image', 'image', imageMessage);
  if (videoMessage) return sealed('video', 'video', videoMessage);
  if (ptvMessage) return sealed('video', 'video', ptvMessage);
  if (audioMessage) return sealed('audio', audioMessage.ptt === true ? 'voice' : 'audio', audioMessage);
  if (documentMessage) return sealed('document', 'file', documentMessage);
  if (stickerMessage) return sealed('sticker', 'sticker', stickerMessage);
  return null;
}

const endings: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
  'audio/ogg': 'ogg',
  'audio/mp4': 'm4a',
  'audio/mpeg': 'mp3',
};

function sealed(type: SealedFile['type'], kind: FileKind, media: MediaFields): Part {
  const mime = (media.mimetype ?? '').split(';')[0]?.trim() || 'application/octet-stream';
  const name = media.fileName || `${kind}.${endings[mime] ?? 'bin'}`;
  const seconds = media.seconds ?? 0;
  return {
    content: { text: clean(media.caption) },
    file: {
      type,
      about: { name, mime, kind, ...(seconds > 0 ? { seconds } : {}) },
      url: media.url || null,
      directPath: media.directPath || null,
      mediaKey: media.mediaKey ?? new Uint8Array(),
      sha256: media.fileSha256?.length ? media.fileSha256 : null,
      sealedSha256: media.fileEncSha256?.length ? media.fileEncSha256 : null,
      bytes: Number(media.fileLength ?? 0),
    },
  };
}

function placeOf({ locationMessage, liveLocationMessage }: proto.IMessage): Part | null {
  const place = locationMessage ?? liveLocationMessage;
  if (!place) return null;
  const { degreesLatitude: latitude, degreesLongitude: longitude } = place;
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return null;
  const name = clean(locationMessage?.name);
  const address = clean(locationMessage?.address);
  const text = clean(liveLocationMessage?.caption ?? locationMessage?.comment);
  return { content: { text, place: { latitude, longitude, name, address } } };
}

function cardsOf({ contactMessage, contactsArrayMessage }: proto.IMessage): Part | null {
  const contacts = contactMessage ? [contactMessage] : (contactsArrayMessage?.contacts ?? null);
  if (contacts === null) return null;
  const cards = contacts.slice(0, 50).map(({ displayName, vcard }) => cardOf(vcard ?? '', clean(displayName)));
  return { content: { text: '', cards } };
}

const quoteMost = 1_000;

/** `contextInfo` stands in whatever part carries the message. */
function quoteOf(part: unknown): Said['replyTo'] {
  if (typeof part !== 'object' || part === null || !('contextInfo' in part)) return null;
  const context = part.contextInfo as proto.IContextInfo | null | undefined;
  if (!context?.stanzaId) return null;
  const quoted = context.quotedMessage ? normalizeMessageContent(context.quotedMessage as WAMessageContent) : undefined;
  const said = quoted === undefined ? null : (textOf(quoted) ?? fileOf(quoted));
  const text = said?.content.text.slice(0, quoteMost) ?? '';
  return { externalId: context.stanzaId, ...(text === '' ? {} : { text }) };
}
