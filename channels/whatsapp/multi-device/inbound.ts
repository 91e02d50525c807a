import {
  cleanMessage,
  decodeMessageNode,
  normalizeMessageContent,
  proto,
  unpadRandomMax16,
  type WAMessage,
  type WAMessageContent,
  type WAMessageKey,
} from '@whiskeysockets/baileys';
import type { ChannelEvent, MessageEvent, Person } from '../../channel.ts';
import { type Chat, chatOf, chatWith, conversationOf, identitiesOf, type Mappings } from './chat.ts';
import { type Said, type SealedFile, saidOf } from './content.ts';
import { ignored, type Row } from './journal.ts';
import type { Fetched } from './media.ts';
import { encode } from './records.ts';

/** What mapping a message needs beside the message. */
export interface InboundMeans {
  /** Our own addresses. */
  me: { id: string; lid: string };
  mappings: Mappings;
  /** Fetches and stores a file. Rejects when the desk takes nothing more. */
  fetch(file: SealedFile, key: WAMessageKey, message: proto.IMessage): Promise<Fetched>;
  /** Whether a message with this id was sent by the desk. */
  sentByDesk(externalId: string): Promise<boolean>;
}

/** A message of Baileys' shape out of a journal row, as Baileys itself would have made it. */
export function messageOf({ attrs, plain }: Row, me: { id: string; lid: string }): WAMessage & { key: WAMessageKey } {
  const { fullMessage } = decodeMessageNode({ tag: 'message', attrs, content: [] }, me.id, me.lid);
  const message = proto.Message.decode(unpadRandomMax16(plain));
  const whole = { ...fullMessage, message: message.deviceSentMessage?.message ?? message };
  cleanMessage(whole, me.id, me.lid);
  return whole;
}

/** The events of a journal row. `[]`: there is nothing to tell. Throws for a row that cannot be read. */
export async function eventsOf(row: Row, means: InboundMeans): Promise<ChannelEvent[]> {
  if (ignored(row.attrs)) return [];
  const { key, message } = messageOf(row, means.me);
  if (!message) return [];
  const mine = key.fromMe === true;
  if (mine && row.attrs.category === 'peer') return await resent(message, means);
  const chat = await chatOf(row.attrs, mine, means.mappings);
  // A chat with ourselves, or with something that is no person.
  if (chat === null || isMe(chat, means.me)) return [];
  const from = personOf(chat, mine ? '' : (row.attrs.notify ?? ''));
  const about: About = { chat, from, mine, id: key.id ?? '', at: timeOf(row.attrs.t), backlog: 'offline' in row.attrs };
  const change = await changeOf(message, about, row, means);
  if (change !== undefined) return change === null ? [] : [change];
  const said = saidOf(message);
  if (said === null || (mine && (await means.sentByDesk(about.id)))) return [];
  return [await told(said, about, row, { key, message }, means)];
}

interface About {
  chat: Chat;
  from: Person;
  mine: boolean;
  id: string;
  at: string;
  backlog: boolean;
}

/** A person as the desk knows them; the name is what the customer calls themselves. */
export function personOf(chat: Chat, name: string): Person {
  return { identities: identitiesOf(chat), name: name.normalize('NFC').trim().slice(0, 200), address: chat.address };
}

/** The desk's key of a message: a second delivery has the same, and so has the content of a placeholder. */
export function keyOf(chat: Chat, mine: boolean, id: string): string {
  return `${conversationOf(chat)}/${mine ? 'me' : 'them'}/${id}`;
}

/** A message that came and cannot be read yet, or a call: what is known of it. */
export function placeholder(chat: Chat, name: string, id: string, at: string, missing: string): MessageEvent {
  return {
    type: 'message',
    key: keyOf(chat, false, id),
    externalId: id,
    conversation: conversationOf(chat),
    from: personOf(chat, name),
    at,
    content: { text: '', missing },
  };
}

/** ISO time of a stanza's seconds; now when they are none. */
export function timeOf(seconds: unknown): string {
  const ms = Number(seconds) * 1_000;
  return new Date(Number.isFinite(ms) && ms > 0 && ms < 8.64e15 ? ms : Date.now()).toISOString();
}

async function told(
  said: Said,
  about: About,
  row: Row,
  whole: { key: WAMessageKey; message: proto.IMessage },
  means: InboundMeans,
): Promise<ChannelEvent> {
  const { chat, from, mine, id, at, backlog } = about;
  const event: MessageEvent & { raw?: Uint8Array } = {
    type: 'message',
    key: keyOf(chat, mine, id),
    externalId: id,
    conversation: conversationOf(chat),
    from,
    at,
    content: said.content,
    ...(said.replyTo === null ? {} : { replyTo: said.replyTo }),
    ...(said.choice === null ? {} : { choice: said.choice }),
    ...(mine ? { fromDevice: true as const } : {}),
    ...(backlog ? { backlog: true as const } : {}),
  };
  if (said.file !== null) {
    const file = { ...said.file, about: { ...said.file.about, from: event.conversation } };
    const fetched = await means.fetch(file, whole.key, whole.message);
    if ('missing' in fetched) event.content = { ...said.content, missing: fetched.missing };
    else event.content = { ...said.content, attachments: [fetched.attachment] };
  }
  if (event.content.missing !== undefined) event.raw = encode(row);
  return event;
}

const { REVOKE, MESSAGE_EDIT, PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE } = proto.Message.ProtocolMessage.Type;

/**
 * An edit, a deletion or a reaction; null: one that is not to be believed. Of a customer only REVOKE and MESSAGE_EDIT
 * of their own messages count: the other types of `protocolMessage` are for our own devices (GHSA-qvv5-jq5g-4cgg).
 * undefined: the message is none of these.
 */
async function changeOf(
  message: proto.IMessage,
  about: About,
  row: Row,
  means: InboundMeans,
): Promise<ChannelEvent | null | undefined> {
  const { reactionMessage, protocolMessage: protocol } = normalizeMessageContent(message as WAMessageContent) ?? {};
  const { chat, from, mine, id, at } = about;
  const key = keyOf(chat, mine, id);
  if (reactionMessage) {
    const target = reactionMessage.key?.id;
    // What the company's own phone reacts with is not the customer's.
    if (mine || !target) return null;
    return { type: 'reaction', key, target, from, emoji: reactionMessage.text || null, at };
  }
  if (!protocol) return undefined;
  const target = protocol.key?.id;
  if (mine || !target || protocol.key?.fromMe !== true || (await means.sentByDesk(target))) return null;
  if (protocol.type === REVOKE) return { type: 'change', key, target, from, at, content: null };
  if (protocol.type !== MESSAGE_EDIT || !protocol.editedMessage) return null;
  const said = saidOf(protocol.editedMessage);
  if (said === null) return null;
  if (said.file === null) return { type: 'change', key, target, from, at, content: said.content };
  const fetched = await means.fetch(said.file, protocol.key, protocol.editedMessage);
  // The file that the desk has must not give way to one that cannot be fetched: the edit waits with the dead letters.
  if ('missing' in fetched) return { type: 'unreadable', key, at, reason: 'media', raw: encode(row) };
  return { type: 'change', key, target, from, at, content: { ...said.content, attachments: [fetched.attachment] } };
}

/** Our own phone sends again what reached us without content. */
async function resent(message: proto.IMessage, means: InboundMeans): Promise<ChannelEvent[]> {
  const { protocolMessage } = message;
  if (protocolMessage?.type !== PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE) return [];
  const results = protocolMessage.peerDataOperationRequestResponseMessage?.peerDataOperationResult ?? [];
  const events: ChannelEvent[] = [];
  for (const { placeholderMessageResendResponse } of results) {
    const bytes = placeholderMessageResendResponse?.webMessageInfoBytes;
    if (!bytes) continue;
    const info = proto.WebMessageInfo.decode(bytes);
    const { key, message: content } = info;
    if (!key?.remoteJid || !key.id || !content) continue;
    const chat = await chatWith(key.remoteJid, null, means.mappings);
    if (chat === null || key.fromMe === true) continue;
    const said = saidOf(content);
    if (said === null) continue;
    const attrs = { from: chat.address, id: key.id, t: String(info.messageTimestamp ?? '') };
    const about = {
      chat,
      from: personOf(chat, info.pushName ?? ''),
      mine: false,
      id: key.id,
      at: timeOf(attrs.t),
      backlog: false,
    };
    const row = { attrs, plain: padded(content) };
    events.push(await told(said, about, row, { key, message: content }, means));
  }
  return events;
}

/** As a stanza would have carried it: one byte of padding. */
function padded(message: proto.IMessage): Uint8Array {
  return Buffer.concat([proto.Message.encode(message).finish(), Buffer.from([1])]);
}

function isMe({ number, lid }: Chat, me: { id: string; lid: string }): boolean {
  const user = (jid: string) => jid.split(/[:@]/)[0];
  return (number !== null && number === user(me.id)) || (lid !== null && lid === user(me.lid));
}
