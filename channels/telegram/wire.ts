/** What is read of the Bot API's objects (https://core.telegram.org/bots/api#available-types); all else stays unread. */

export interface WireUser {
  id: number;
  is_bot?: boolean;
  first_name?: string;
  last_name?: string;
  username?: string;
}

export interface WireChat extends WireUser {
  type: 'private' | 'group' | 'supergroup' | 'channel';
}

export interface WireFile {
  file_id: string;
  file_size?: number;
  file_name?: string;
  mime_type?: string;
  duration?: number;
}

export interface WireSticker extends WireFile {
  is_animated?: boolean;
  is_video?: boolean;
  thumbnail?: WireFile;
}

export interface WireEntity {
  type: string;
  /** In UTF-16 units. */
  offset: number;
  length: number;
  url?: string;
}

export interface WireLocation {
  latitude: number;
  longitude: number;
  /** Seconds for which the place moves on by edits. */
  live_period?: number;
}

export interface WireMessage {
  message_id: number;
  message_thread_id?: number;
  is_topic_message?: boolean;
  business_connection_id?: string;
  sender_business_bot?: WireUser;
  from?: WireUser;
  chat: WireChat;
  date: number;
  edit_date?: number;
  reply_to_message?: WireMessage;
  quote?: { text: string };
  media_group_id?: string;
  text?: string;
  entities?: WireEntity[];
  caption?: string;
  caption_entities?: WireEntity[];
  photo?: WireFile[];
  document?: WireFile;
  video?: WireFile;
  animation?: WireFile;
  audio?: WireFile;
  voice?: WireFile;
  video_note?: WireFile;
  sticker?: WireSticker;
  location?: WireLocation;
  venue?: { location: WireLocation; title: string; address: string };
  contact?: { phone_number: string; first_name: string; last_name?: string; vcard?: string };
  dice?: { emoji: string; value: number };
  forum_topic_created?: object;
  reply_markup?: { inline_keyboard?: { text: string; callback_data?: string }[][] };
}

export interface WireReaction {
  chat: WireChat;
  message_id: number;
  user?: WireUser;
  date: number;
  new_reaction: { type: string; emoji?: string }[];
}

export interface WireUpdate {
  update_id: number;
  message?: WireMessage;
  edited_message?: WireMessage;
  business_message?: WireMessage;
  edited_business_message?: WireMessage;
  deleted_business_messages?: { business_connection_id: string; chat: WireChat; message_ids: number[] };
  callback_query?: { id: string; from: WireUser; message?: WireMessage; data?: string };
  message_reaction?: WireReaction;
  my_chat_member?: { chat: WireChat; from: WireUser; date: number; new_chat_member: { status: string } };
}

/** The kinds of updates that are asked for; reactions come only when they are named. */
export const allowedUpdates = [
  'message',
  'edited_message',
  'business_message',
  'edited_business_message',
  'deleted_business_messages',
  'callback_query',
  'message_reaction',
  'my_chat_member',
] as const;

/** The chat that an update belongs to, null when it has none. */
export function chatOf(update: WireUpdate): WireChat | null {
  const message = update.message ?? update.edited_message ?? update.business_message ?? update.edited_business_message;
  const other = update.callback_query?.message ?? update.message_reaction ?? update.my_chat_member;
  return (message ?? other ?? update.deleted_business_messages)?.chat ?? null;
}
