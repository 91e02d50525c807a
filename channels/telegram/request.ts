import type { Attachment, Content } from '#shared/message.ts';
import { ChannelError, type ChannelHost, type OutboundMessage } from '../channel.ts';
import { oggOfWebm } from '../support/voice.ts';
import { type Address, placeOf } from './address.ts';
import type { FilePart } from './multipart.ts';
import { type Way, wayOf } from './ways.ts';

/** One message as the Bot API takes it. `file` opens its file anew each time it is called. */
export interface Request {
  method: string;
  fields: Record<string, unknown>;
  file: (() => Promise<FilePart>) | null;
}

/**
 * Makes the request of a new message; its file is looked at but not read. Throws ChannelError `telegram.empty`,
 * `telegram.one-thing` (a message carries one file, place or card) and what `media.open` throws.
 */
export async function requestOf(host: ChannelHost, to: Address, message: OutboundMessage): Promise<Request> {
  const { content } = message;
  if (content === null) throw new ChannelError('refused', 'telegram.empty');
  const request = await bodyOf(host, content);
  return { ...request, fields: { ...where(to), ...quote(to, message), ...request.fields } };
}

/** The fields by which every call names its chat. */
export function where({ chat, topic, connection }: Address): Record<string, unknown> {
  return {
    chat_id: chat,
    ...(topic === null ? {} : { message_thread_id: topic }),
    ...(connection === null ? {} : { business_connection_id: connection }),
  };
}

/** A quoted message that is gone does not hold the answer back. */
function quote({ chat }: Address, { replyTo }: OutboundMessage): Record<string, unknown> {
  const target = replyTo === undefined ? null : placeOf(replyTo.externalId);
  if (target === null || target.chat !== chat) return {};
  return { reply_parameters: { message_id: target.message, allow_sending_without_reply: true } };
}

async function bodyOf(host: ChannelHost, { text, attachments = [], place, cards = [] }: Content): Promise<Request> {
  const [file] = attachments;
  const [card] = cards;
  const apart = (place === undefined ? 0 : 1) + cards.length;
  if (attachments.length + apart > 1 || (apart > 0 && text !== ''))
    throw new ChannelError('refused', 'telegram.one-thing');
  if (file !== undefined) return await fileBody(host, file, text);
  if (card !== undefined) {
    const fields = { phone_number: card.phones[0] ?? '', first_name: card.name };
    return { method: 'sendContact', fields, file: null };
  }
  if (place !== undefined) {
    const { latitude, longitude, name, address } = place;
    if (name === '' && address === '') return { method: 'sendLocation', fields: { latitude, longitude }, file: null };
    // A venue wants both words.
    const fields = { latitude, longitude, title: name || address, address: address || name };
    return { method: 'sendVenue', fields, file: null };
  }
  if (text === '') throw new ChannelError('refused', 'telegram.empty');
  // Without parse_mode: what an agent types is never markup.
  return { method: 'sendMessage', fields: { text }, file: null };
}

async function fileBody(host: ChannelHost, attachment: Attachment, text: string): Promise<Request> {
  // Stickers have no caption.
  const asked = wayOf(text !== '' && attachment.kind === 'sticker' ? { ...attachment, kind: 'file' } : attachment);
  const caption = text === '' ? {} : { caption: text };
  const { way, seconds, open } = await openingOf(host, attachment, asked);
  const { width, height } = attachment;
  const fields = {
    ...caption,
    ...(seconds === null || !timed.has(way.method) ? {} : { duration: Math.round(seconds) }),
    ...(way.method === 'sendVideo' && width !== null && height !== null ? { width, height } : {}),
    ...(way.method === 'sendVideo' ? { supports_streaming: true } : {}),
    // Else the Bot API makes a video or a piece of music of it again.
    ...(way.method === 'sendDocument' ? { disable_content_type_detection: true } : {}),
  };
  return { method: way.method, fields, file: open };
}

const timed = new Set<Way['method']>(['sendVideo', 'sendAnimation', 'sendAudio', 'sendVoice']);

interface Opening {
  way: Way;
  seconds: number | null;
  open: () => Promise<FilePart>;
}

/** Opens once at once, so that a file that is gone is known before the message is claimed. */
async function openingOf(host: ChannelHost, attachment: Attachment, way: Way): Promise<Opening> {
  const { id, name, mime } = attachment;
  const first = await host.media.open(id);
  if (way.remux === true) {
    const voice = oggOfWebm(await whole(first.bytes));
    const part = { field: way.field, name: 'voice.ogg', mime: 'audio/ogg' };
    if (voice === null) return await openingOf(host, attachment, { method: 'sendDocument', field: 'document' });
    const open = async () => ({ ...part, length: voice.ogg.length, bytes: once(voice.ogg) });
    return { way, seconds: voice.seconds, open };
  }
  let unused: AsyncIterable<Uint8Array> | null = first.bytes;
  const open = async () => {
    const bytes = unused ?? (await host.media.open(id)).bytes;
    unused = null;
    return { field: way.field, name, mime, length: attachment.bytes, bytes };
  };
  return { way, seconds: attachment.seconds, open };
}

/** Voice notes are small: minutes of Opus are a few hundred kilobytes. */
async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
