/** A file that the network keeps. */
export interface StoredFile {
  id: string;
  path: string;
  name: string;
  mime: string;
  bytes: Buffer;
  /** Its size as it is told, when that is not the truth. */
  told?: number;
}

/** One message as the customer's screen shows it. */
export interface Seen {
  messageId: number;
  from: 'bot' | 'customer';
  at: number;
  text: string;
  file: { kind: string; name: string; mime: string; bytes: Buffer; seconds: number | null } | null;
  place: { latitude: number; longitude: number; name: string; address: string } | null;
  card: { phone: string; name: string } | null;
  replyTo: number | null;
  topic: number | null;
  /** Earlier texts, oldest first. */
  edits: string[];
  deleted: boolean;
  reactions: { bot: string | null; customer: string | null };
  /** The message in the Bot API's own words. */
  wire: Record<string, unknown>;
}

/** One chat of the bot. */
export interface Chat {
  id: number;
  type: 'private' | 'group' | 'supergroup';
  name: string;
  lastId: number;
  messages: Seen[];
  /** Chat actions in the order they came. */
  actions: string[];
  blocked: boolean;
}

/** What the network keeps: chats with a message counter of their own each, and files. */
export class Chats {
  readonly files = new Map<string, StoredFile>();
  private readonly chats = new Map<number, Chat>();
  private count = 0;

  of(id: number, name = 'Cliente'): Chat {
    const known = this.chats.get(id);
    if (known !== undefined) return known;
    const type = id < 0 ? (id < -1_000_000_000 ? 'supergroup' : 'group') : 'private';
    const chat: Chat = { id, type, name, lastId: 0, messages: [], actions: [], blocked: false };
    this.chats.set(id, chat);
    return chat;
  }

  find(id: number): Chat | undefined {
    return this.chats.get(id);
  }

  keep(name: string, mime: string, bytes: Buffer, folder: string): StoredFile {
    this.count += 1;
    const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1] ?? 'dat';
    const file = { id: `AgAD-${this.count}`, path: `${folder}/file_${this.count}.${extension}`, name, mime, bytes };
    this.files.set(file.id, file);
    return file;
  }

  /** Adds a message; its wire form is `content` with what every message has. */
  say(chat: Chat, from: Seen['from'], content: Record<string, unknown>, seen: Partial<Seen>): Seen {
    chat.lastId += 1;
    const at = Math.floor(Date.now() / 1_000);
    const writer = from === 'bot' ? botUser : userOf(chat);
    const wire = { message_id: chat.lastId, from: writer, chat: chatOf(chat), date: at, ...content };
    const message: Seen = {
      messageId: chat.lastId,
      from,
      at,
      text: '',
      file: null,
      place: null,
      card: null,
      replyTo: null,
      topic: null,
      edits: [],
      deleted: false,
      reactions: { bot: null, customer: null },
      ...seen,
      wire,
    };
    chat.messages.push(message);
    return message;
  }
}

/** The bot of the fake. */
export const botUser = { id: 7_000_000_001, is_bot: true, first_name: 'Acme', username: 'acme_desk_bot' };

/** A private chat has the number of its user. */
export function userOf(chat: Chat): Record<string, unknown> {
  const [first = '', ...rest] = chat.name.split(' ');
  const last = rest.join(' ');
  return { id: Math.abs(chat.id), is_bot: false, first_name: first, ...(last === '' ? {} : { last_name: last }) };
}

export function chatOf(chat: Chat): Record<string, unknown> {
  const { id, type, name } = chat;
  if (type !== 'private') return { id, type, title: name };
  const { is_bot: _not, ...names } = userOf(chat);
  return { ...names, id, type };
}
