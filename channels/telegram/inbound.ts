import type { Content } from '#shared/message.ts';
import type { ChannelEvent, MessageEvent, Person } from '../channel.ts';
import { addressText, placeText } from './address.ts';
import { type RemoteFile, type Said, saidOf } from './content.ts';
import type { WireChat, WireMessage, WireUpdate } from './wire.ts';

/** Puts a fetched file, or what became of it, into a content. */
export type Fetch = (content: Content, file: RemoteFile) => Promise<Content>;

/**
 * What one update means to the desk, in order; empty for what it does not want, such as groups. Messages are keyed by
 * where they stand, all else by the update's number. `since`: messages from before it (ms) waited for us.
 */
export async function eventsOf(update: WireUpdate, since: number, fetch: Fetch): Promise<ChannelEvent[]> {
  const said = update.message ?? update.business_message;
  const edited = update.edited_message ?? update.edited_business_message;
  if (said !== undefined) return await messageOf(update, said, since, fetch);
  if (edited !== undefined) return await editOf(update, edited, fetch);
  if (update.callback_query !== undefined) return pressOf(update, update.callback_query);
  if (update.message_reaction !== undefined) return reactionOf(update, update.message_reaction);
  if (update.deleted_business_messages !== undefined) return deletionsOf(update, update.deleted_business_messages);
  return [];
}

/** The key of all that is no message. */
export const updateKey = (updateId: number): string => `update:${updateId}`;

/** An update as it is kept beside what could not be taken. */
export const rawOf = (update: WireUpdate): Uint8Array => new TextEncoder().encode(JSON.stringify(update));

async function messageOf(
  update: WireUpdate,
  message: WireMessage,
  since: number,
  fetch: Fetch,
): Promise<ChannelEvent[]> {
  const { chat, from, sender_business_bot } = message;
  const said = saidOf(message);
  // Of a business account come also the messages that a bot sent for it.
  if (chat.type !== 'private' || said === null || sender_business_bot !== undefined) return [];
  const content = await fetched(said, message, fetch);
  const start = /^\/start(?:@\w+)?\s+(\S{1,64})$/.exec(message.text ?? '')?.[1];
  const place = placeOfMessage(message);
  const event: MessageEvent = {
    type: 'message',
    key: place,
    externalId: place,
    conversation: addressOfMessage(message),
    from: personOf(chat, addressOfMessage(message)),
    at: timeOf(message.date),
    content,
    ...replyOf(message),
    ...(start === undefined ? {} : { start }),
    ...(from !== undefined && from.id !== chat.id ? { fromDevice: true } : {}),
    ...(message.date < Math.floor(since / 1_000) ? { backlog: true } : {}),
  };
  return [content.missing === undefined ? event : { ...event, raw: rawOf(update) }];
}

/** The first message of a topic is named by every message in it: that is no reply. */
function replyOf({
  reply_to_message: target,
  quote,
  business_connection_id,
}: WireMessage): Pick<MessageEvent, 'replyTo'> {
  if (target === undefined || target.forum_topic_created !== undefined) return {};
  const externalId = placeOfMessage({ ...target, ...(business_connection_id && { business_connection_id }) });
  return { replyTo: { externalId, ...(quote === undefined ? {} : { text: quote.text }) } };
}

async function fetched({ content, file }: Said, message: WireMessage, fetch: Fetch): Promise<Content> {
  if (file === null) return content;
  return await fetch(content, { ...file, about: { ...file.about, from: addressOfMessage(message) } });
}

async function editOf(update: WireUpdate, message: WireMessage, fetch: Fetch): Promise<ChannelEvent[]> {
  const { chat, location, date, edit_date = date } = message;
  const said = saidOf(message);
  // A place that is shared live is edited every few seconds.
  if (chat.type !== 'private' || said === null || location?.live_period !== undefined) return [];
  const content = await fetched(said, message, fetch);
  const key = updateKey(update.update_id);
  // The file that the desk has must not give way to one that cannot be fetched: the edit waits with the dead letters.
  if (content.missing === 'media') {
    return [{ type: 'unreadable', key, at: timeOf(edit_date), reason: 'media', raw: rawOf(update) }];
  }
  return [
    {
      type: 'change',
      key,
      target: placeOfMessage(message),
      from: personOf(chat, addressOfMessage(message)),
      at: timeOf(edit_date),
      content,
    },
  ];
}

/** A button under a message of the bot; its time is not told. */
function pressOf(update: WireUpdate, query: NonNullable<WireUpdate['callback_query']>): ChannelEvent[] {
  const { message, data = '' } = query;
  if (message === undefined || message.chat.type !== 'private') return [];
  const button = message.reply_markup?.inline_keyboard?.flat().find(({ callback_data }) => callback_data === data);
  const key = updateKey(update.update_id);
  return [
    {
      type: 'message',
      key,
      externalId: key,
      conversation: addressOfMessage(message),
      from: personOf(message.chat, addressOfMessage(message)),
      at: new Date().toISOString(),
      content: { text: button?.text ?? data },
      replyTo: { externalId: placeOfMessage(message) },
      choice: data,
    },
  ];
}

/** Of several reactions one is shown; a picture made for paying users is none that others could show. */
function reactionOf(update: WireUpdate, reaction: NonNullable<WireUpdate['message_reaction']>): ChannelEvent[] {
  const { chat, message_id: message, date, new_reaction } = reaction;
  if (chat.type !== 'private') return [];
  return [
    {
      type: 'reaction',
      key: updateKey(update.update_id),
      target: placeText({ chat: chat.id, connection: null, message }),
      from: personOf(chat, String(chat.id)),
      emoji: new_reaction.find(({ emoji }) => emoji !== undefined)?.emoji ?? null,
      at: timeOf(date),
    },
  ];
}

function deletionsOf(update: WireUpdate, gone: NonNullable<WireUpdate['deleted_business_messages']>): ChannelEvent[] {
  const { chat, business_connection_id: connection, message_ids } = gone;
  const from = personOf(chat, addressText({ chat: chat.id, topic: null, connection }));
  return message_ids.map((message) => ({
    type: 'change',
    key: `${updateKey(update.update_id)}:${message}`,
    target: placeText({ chat: chat.id, connection, message }),
    from,
    at: new Date().toISOString(),
    content: null,
  }));
}

const timeOf = (seconds: number): string => new Date(seconds * 1_000).toISOString();

function placeOfMessage({ chat, business_connection_id, message_id: message }: WireMessage): string {
  return placeText({ chat: chat.id, connection: business_connection_id ?? null, message });
}

function addressOfMessage({ chat, business_connection_id, is_topic_message, message_thread_id }: WireMessage): string {
  const topic = is_topic_message === true ? (message_thread_id ?? null) : null;
  return addressText({ chat: chat.id, topic, connection: business_connection_id ?? null });
}

/** A private chat has the number and the names of its user. */
function personOf({ id, first_name = '', last_name = '' }: WireChat, address: string): Person {
  return { identities: [{ kind: 'telegram', value: String(id) }], name: `${first_name} ${last_name}`.trim(), address };
}
