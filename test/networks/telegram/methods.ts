import { botUser, type Chat, type Chats, type Seen } from './chats.ts';
import { folderOf, type SentKind, wireOf } from './files.ts';
import type { Input } from './input.ts';

/** A refusal of the Bot API. */
export class ApiRefusal extends Error {
  readonly status: number;
  readonly parameters: Record<string, unknown> | undefined;
  constructor(status: number, description: string, parameters?: Record<string, unknown>) {
    super(description);
    this.status = status;
    this.parameters = parameters;
  }
}

const textMost = 4_096;
const captionMost = 1_024;
/** "Bots can currently download files of up to 20MB in size" (Bot API, getFile). */
export const downloadMost = 20 * 1024 * 1024;
const uploadMost = 50 * 1024 * 1024;

type Method = (chats: Chats, input: Input) => unknown;

/** The methods that work on chats and files. Polling and the webhook belong to the server. */
export const methods: Record<string, Method> = {
  getMe: () => ({ ...botUser, can_join_groups: true, can_read_all_group_messages: false }),
  sendMessage: (chats, input) => {
    const text = input.text('text') ?? '';
    if (text.trim() === '') throw new ApiRefusal(400, 'Bad Request: message text is empty');
    if (text.length > textMost) throw new ApiRefusal(400, 'Bad Request: message is too long');
    return say(chats, input, { text }, { text });
  },
  sendPhoto: (chats, input) => sendFile(chats, input, 'photo'),
  sendDocument: (chats, input) => sendFile(chats, input, 'document'),
  sendVideo: (chats, input) => sendFile(chats, input, 'video'),
  sendAnimation: (chats, input) => sendFile(chats, input, 'animation'),
  sendAudio: (chats, input) => sendFile(chats, input, 'audio'),
  sendVoice: (chats, input) => sendFile(chats, input, 'voice'),
  sendSticker: (chats, input) => sendFile(chats, input, 'sticker'),
  sendMediaGroup: (chats, input) => {
    const items = input.json('media');
    if (!Array.isArray(items) || items.length < 2) throw new ApiRefusal(400, 'Bad Request: too few media');
    const group = `${Date.now()}`;
    return items.map((item) => {
      const upload = input.part(String(item.media));
      if (upload === undefined) throw new ApiRefusal(400, 'Bad Request: wrong file identifier');
      const kind: SentKind = item.type === 'photo' ? 'photo' : item.type === 'video' ? 'video' : 'document';
      const file = chats.keep(upload.name, upload.mime, upload.bytes, folderOf(kind));
      const caption = String(item.caption ?? '');
      const wire = { ...wireOf(chats, kind, file), media_group_id: group, ...(caption === '' ? {} : { caption }) };
      return say(chats, input, wire, { text: caption, file: { ...file, kind, seconds: null } });
    });
  },
  sendLocation: (chats, input) => {
    const place = { latitude: input.number('latitude') ?? 0, longitude: input.number('longitude') ?? 0 };
    return say(chats, input, { location: place }, { place: { ...place, name: '', address: '' } });
  },
  sendVenue: (chats, input) => {
    const location = { latitude: input.number('latitude') ?? 0, longitude: input.number('longitude') ?? 0 };
    const [title, address] = [input.text('title') ?? '', input.text('address') ?? ''];
    const wire = { venue: { location, title, address }, location };
    return say(chats, input, wire, { place: { ...location, name: title, address } });
  },
  sendContact: (chats, input) => {
    const [phone, name] = [input.text('phone_number') ?? '', input.text('first_name') ?? ''];
    return say(chats, input, { contact: { phone_number: phone, first_name: name } }, { card: { phone, name } });
  },
  sendChatAction: (chats, input) => {
    chatFor(chats, input).actions.push(input.text('action') ?? '');
    return true;
  },
  editMessageText: (chats, input) => edit(chats, input, 'text'),
  editMessageCaption: (chats, input) => edit(chats, input, 'caption'),
  deleteMessage: (chats, input) => {
    const seen = chats.find(input.number('chat_id') ?? 0)?.messages.find(byId(input));
    if (seen === undefined || seen.deleted) throw new ApiRefusal(400, 'Bad Request: message to delete not found');
    seen.deleted = true;
    return true;
  },
  setMessageReaction: (chats, input) => {
    const [first] = [input.json('reaction')].flat();
    const emoji = typeof first === 'object' && first !== null && 'emoji' in first ? String(first.emoji) : null;
    messageFor(chats, input).reactions.bot = emoji;
    return true;
  },
  answerCallbackQuery: () => true,
  getUserProfilePhotos: (chats, input) => {
    const file = chats.files.get('profile');
    if (file === undefined || input.number('user_id') !== botUser.id) return { total_count: 0, photos: [] };
    const size = {
      file_id: file.id,
      file_unique_id: 'uprofile',
      file_size: file.told ?? file.bytes.length,
      width: 640,
      height: 640,
    };
    return { total_count: 1, photos: [[size]] };
  },
  getFile: (chats, input) => {
    const file = chats.files.get(input.text('file_id') ?? '');
    if (file === undefined)
      throw new ApiRefusal(400, 'Bad Request: wrong file_id or the file is temporarily unavailable');
    if (file.bytes.length > downloadMost) throw new ApiRefusal(400, 'Bad Request: file is too big');
    const { id, path, bytes } = file;
    return { file_id: id, file_unique_id: `u${id}`, file_size: bytes.length, file_path: path };
  },
};

const byId = (input: Input) => (seen: Seen) => seen.messageId === input.number('message_id');

function chatFor(chats: Chats, input: Input): Chat {
  const chat = chats.find(input.number('chat_id') ?? 0);
  if (chat === undefined) throw new ApiRefusal(400, 'Bad Request: chat not found');
  if (chat.blocked) throw new ApiRefusal(403, 'Forbidden: bot was blocked by the user');
  return chat;
}

function messageFor(chats: Chats, input: Input): Seen {
  const seen = chatFor(chats, input).messages.find(byId(input));
  if (seen === undefined || seen.deleted) throw new ApiRefusal(400, 'Bad Request: message to edit not found');
  return seen;
}

function say(chats: Chats, input: Input, wire: Record<string, unknown>, seen: Partial<Seen>) {
  const chat = chatFor(chats, input);
  if (input.text('parse_mode') !== undefined && /<[^>]*$/.test(seen.text ?? '')) {
    throw new ApiRefusal(400, "Bad Request: can't parse entities: unclosed tag");
  }
  const reply = input.record('reply_parameters');
  const target = chat.messages.find(({ messageId }) => messageId === Number(reply.message_id));
  if ('message_id' in reply && target === undefined && reply.allow_sending_without_reply !== true) {
    throw new ApiRefusal(400, 'Bad Request: message to be replied not found');
  }
  const topic = input.number('message_thread_id') ?? null;
  const extra = {
    ...(target === undefined ? {} : { reply_to_message: target.wire }),
    ...(topic === null ? {} : { message_thread_id: topic, is_topic_message: true }),
    ...(input.json('reply_markup') === undefined ? {} : { reply_markup: input.json('reply_markup') }),
  };
  const said = chats.say(chat, 'bot', { ...wire, ...extra }, { ...seen, replyTo: target?.messageId ?? null, topic });
  return said.wire;
}

function sendFile(chats: Chats, input: Input, kind: SentKind) {
  chatFor(chats, input);
  const upload = input.file(kind);
  if (upload === undefined) throw new ApiRefusal(400, `Bad Request: there is no ${kind} in the request`);
  if (upload.bytes.length === 0) throw new ApiRefusal(400, 'Bad Request: file must be non-empty');
  if (upload.bytes.length > uploadMost) throw new ApiRefusal(413, 'Request Entity Too Large');
  const caption = input.text('caption') ?? '';
  if (caption.length > captionMost) throw new ApiRefusal(400, 'Bad Request: message caption is too long');
  const seconds = input.number('duration') ?? null;
  const file = chats.keep(upload.name, upload.mime, upload.bytes, folderOf(kind));
  const wire = wireOf(chats, kind, file, seconds === null ? {} : { seconds });
  const seen = { text: caption, file: { ...file, kind, seconds } };
  return say(chats, input, { ...wire, ...(caption === '' ? {} : { caption }) }, seen);
}

function edit(chats: Chats, input: Input, part: 'text' | 'caption') {
  const seen = messageFor(chats, input);
  const text = input.text(part) ?? '';
  if (seen.from !== 'bot') throw new ApiRefusal(400, "Bad Request: message can't be edited");
  if ((seen.file === null) !== (part === 'text')) {
    throw new ApiRefusal(400, `Bad Request: there is no ${part} in the message to edit`);
  }
  if (text === seen.text) throw new ApiRefusal(400, 'Bad Request: message is not modified');
  seen.edits.push(seen.text);
  seen.text = text;
  seen.wire = { ...seen.wire, [part]: text, edit_date: Math.floor(Date.now() / 1_000) };
  return seen.wire;
}
