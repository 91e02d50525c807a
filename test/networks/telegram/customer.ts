import { botUser, type Chat, type Chats, chatOf, type Seen, userOf } from './chats.ts';
import { type FileFacts, folderOf, type SentKind, wireOf } from './files.ts';
import type { UpdateQueue } from './update-queue.ts';

/** What came of an act of the customer. */
export interface Written {
  updateId: number;
  messageId: number;
}

export interface Extra {
  /** Message that is replied to, and the part of it that is quoted. */
  replyTo?: number;
  quote?: string;
  topic?: number;
  /** Fields of the message in the Bot API's own words. */
  wire?: Record<string, unknown>;
}

export interface SentFile extends FileFacts {
  name: string;
  mime: string;
  bytes: Buffer;
  caption?: string;
}

/** One customer with a chat; each act becomes an update. */
export class Customer {
  readonly chat: Chat;
  private readonly chats: Chats;
  private readonly updates: UpdateQueue;

  constructor(chats: Chats, updates: UpdateQueue, chat: Chat) {
    this.chats = chats;
    this.updates = updates;
    this.chat = chat;
  }

  /** Writes a text; `/start payload` is one too. */
  write(text: string, extra: Extra = {}): Written {
    return this.say({ text }, { text }, extra);
  }

  send(kind: SentKind, { caption, name, mime, bytes, ...facts }: SentFile, extra: Extra = {}): Written {
    const file = this.chats.keep(name, mime, bytes, folderOf(kind));
    const wire = { ...wireOf(this.chats, kind, file, facts), ...(caption === undefined ? {} : { caption }) };
    const seen = { text: caption ?? '', file: { kind, name, mime, bytes, seconds: facts.seconds ?? null } };
    return this.say(wire, seen, extra);
  }

  /** Several files at once: a message each, held together by an id. */
  album(files: (SentFile & { kind: SentKind })[]): Written[] {
    const group = `${Date.now()}${files.length}`;
    return files.map(({ kind, ...file }) => this.send(kind, file, { wire: { media_group_id: group } }));
  }

  place(latitude: number, longitude: number, venue?: { title: string; address: string }): Written {
    const location = { latitude, longitude };
    const place = { ...location, name: venue?.title ?? '', address: venue?.address ?? '' };
    return this.say(venue === undefined ? { location } : { location, venue: { location, ...venue } }, { place });
  }

  contact(phone: string, first: string, vcard?: string): Written {
    const contact = { phone_number: phone, first_name: first, ...(vcard === undefined ? {} : { vcard }) };
    return this.say({ contact }, { card: { phone, name: first } });
  }

  /** A message of any kind, in the Bot API's own words. */
  say(wire: Record<string, unknown>, seen: Partial<Seen> = {}, extra: Extra = {}): Written {
    const target = this.chat.messages.find(({ messageId }) => messageId === extra.replyTo);
    const all = {
      ...wire,
      ...extra.wire,
      ...(target === undefined ? {} : { reply_to_message: target.wire }),
      ...(extra.quote === undefined ? {} : { quote: { text: extra.quote, position: 0, is_manual: true } }),
      ...(extra.topic === undefined ? {} : { message_thread_id: extra.topic, is_topic_message: true }),
    };
    const context = { replyTo: target?.messageId ?? null, topic: extra.topic ?? null };
    const said = this.chats.say(this.chat, 'customer', all, { ...seen, ...context });
    return { updateId: this.updates.add({ message: said.wire }), messageId: said.messageId };
  }

  /** The network hands a message over once more, as a new update. */
  repeat(messageId: number): Written {
    return { updateId: this.updates.add({ message: this.message(messageId).wire }), messageId };
  }

  edit(messageId: number, text: string, edited = Math.floor(Date.now() / 1_000)): Written {
    const seen = this.message(messageId);
    seen.edits.push(seen.text);
    seen.text = text;
    const part = seen.file === null ? 'text' : 'caption';
    seen.wire = { ...seen.wire, [part]: text, edit_date: edited };
    return { updateId: this.updates.add({ edited_message: seen.wire }), messageId };
  }

  react(messageId: number, emoji: string | null): Written {
    const seen = this.message(messageId);
    const before = seen.reactions.customer;
    seen.reactions.customer = emoji;
    const list = (one: string | null) => (one === null ? [] : [{ type: 'emoji', emoji: one }]);
    const message_reaction = {
      chat: chatOf(this.chat),
      message_id: messageId,
      user: userOf(this.chat),
      date: Math.floor(Date.now() / 1_000),
      old_reaction: list(before),
      new_reaction: list(emoji),
    };
    return { updateId: this.updates.add({ message_reaction }), messageId };
  }

  /** Presses a button under a message of the bot. */
  press(messageId: number, data: string): Written {
    const message = this.message(messageId).wire;
    const callback_query = { id: `cb${messageId}-${data}`, from: userOf(this.chat), message, chat_instance: '1', data };
    return { updateId: this.updates.add({ callback_query }), messageId };
  }

  block(blocked = true): number {
    this.chat.blocked = blocked;
    const member = (status: string) => ({ user: botUser, status, ...(status === 'kicked' ? { until_date: 0 } : {}) });
    const my_chat_member = {
      chat: chatOf(this.chat),
      from: userOf(this.chat),
      date: Math.floor(Date.now() / 1_000),
      old_chat_member: member(blocked ? 'member' : 'kicked'),
      new_chat_member: member(blocked ? 'kicked' : 'member'),
    };
    return this.updates.add({ my_chat_member });
  }

  private message(messageId: number): Seen {
    const seen = this.chat.messages.find((one) => one.messageId === messageId);
    if (seen === undefined) throw new Error(`the chat has no message ${messageId}`);
    return seen;
  }
}
