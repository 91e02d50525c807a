import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  type AnyMessageContent,
  generateWAMessage,
  type MessageGenerationOptions,
  type proto,
  type WAMediaUploadFunction,
} from '@whiskeysockets/baileys';
import type { ILogger } from '@whiskeysockets/baileys/lib/Utils/logger.js';
import { carries } from '#shared/channel.ts';
import type { Attachment, Card, Content } from '#shared/message.ts';
import { ChannelError, type ChannelHost, type OutboundMessage } from '../../channel.ts';
import { oggOfWebm } from '../../support/voice.ts';
import { previewOf } from './preview.ts';

/** What making a message needs: our own address, the desk's files, the network's upload. */
export interface ComposeMeans {
  me: string;
  media: ChannelHost['media'];
  upload: WAMediaUploadFunction;
  logger: ILogger;
}

/** A message ready to be relayed. `edit` is the stanza's attribute: 1 edits, 7 deletes. */
export interface Composed {
  message: proto.IMessage;
  edit: '1' | '7' | null;
}

/** The stanza's `edit` of a message of the desk. */
export function editOf({ changes, content }: OutboundMessage): Composed['edit'] {
  if (changes === undefined) return null;
  return content === null ? '7' : '1';
}

/**
 * Makes the message that `to` shall get, under our own id; files are uploaded. Throws ChannelError: `temporary` when an
 * upload fails, `refused` for what cannot be said here.
 */
export async function compose(to: string, id: string, said: OutboundMessage, means: ComposeMeans): Promise<Composed> {
  const { content, changes, replyTo } = said;
  const options: MessageGenerationOptions = {
    userJid: means.me,
    messageId: id,
    logger: means.logger,
    upload: async (path, about) => await uploaded(() => means.upload(path, about)),
  };
  if (replyTo !== undefined && content !== null) {
    const { externalId, mine, author, text } = replyTo;
    const key = { remoteJid: to, fromMe: mine, id: externalId, ...(mine ? {} : { participant: author }) };
    options.quoted = { key, message: { conversation: text } };
  }
  const { message } = await generateWAMessage(to, await partOf(to, content, changes, means), options);
  if (!message) throw new ChannelError('refused', 'whatsapp.nothing-to-send');
  return { message, edit: editOf(said) };
}

async function partOf(
  to: string,
  content: Content | null,
  changes: string | undefined,
  { media }: ComposeMeans,
): Promise<AnyMessageContent> {
  if (changes !== undefined) {
    const key = { remoteJid: to, fromMe: true, id: changes };
    // linkPreview null: the library would fetch addresses that stand in the text.
    return content === null ? { delete: key } : { text: content.text, edit: key, linkPreview: null };
  }
  if (content === null) throw new ChannelError('refused', 'whatsapp.nothing-to-send');
  const [file] = content.attachments ?? [];
  if (file !== undefined) return await fileOf(file, content.text, media);
  if (content.place !== undefined) {
    const { latitude, longitude, name, address } = content.place;
    return { location: { degreesLatitude: latitude, degreesLongitude: longitude, name, address } };
  }
  if (content.cards !== undefined && content.cards.length > 0) {
    const contacts = content.cards.map((card) => ({ displayName: card.name, vcard: vcardOf(card) }));
    return { contacts: { displayName: content.cards[0]?.name ?? '', contacts } };
  }
  if (content.text === '') throw new ChannelError('refused', 'whatsapp.nothing-to-send');
  return { text: content.text, linkPreview: null };
}

/**
 * Preview, length and waveform are always given: the library would run ffmpeg through a shell for what is left out.
 */
async function fileOf(file: Attachment, caption: string, media: ChannelHost['media']): Promise<AnyMessageContent> {
  if (file.bytes > carries.whatsapp.bytes) throw new ChannelError('refused', 'whatsapp.too-big');
  const { bytes } = await media.open(file.id);
  const stream = { stream: Readable.from(bytes) };
  const said = caption === '' ? {} : { caption };
  const seconds = Math.max(1, Math.round(file.seconds ?? 1));
  const size = file.width === null || file.height === null ? {} : { width: file.width, height: file.height };
  switch (file.kind) {
    case 'image': {
      const jpegThumbnail = await previewOf(async () => await buffer((await media.open(file.id)).bytes));
      return { image: stream, mimetype: file.mime, jpegThumbnail, ...size, ...said };
    }
    case 'video':
      return { video: stream, mimetype: file.mime, jpegThumbnail: '', seconds, ...size, ...said };
    case 'voice':
      return await voiceOf(file, seconds, media);
    case 'audio':
      return { audio: stream, mimetype: file.mime, seconds };
    case 'sticker':
      return { sticker: stream, mimetype: file.mime };
    case 'file':
      return { document: stream, mimetype: file.mime, fileName: file.name, ...said };
  }
}

/** A browser records WebM; phones play Ogg. What is Ogg already goes as it is, with bars that are all alike. */
async function voiceOf(file: Attachment, usual: number, media: ChannelHost['media']): Promise<AnyMessageContent> {
  const recorded = await buffer((await media.open(file.id)).bytes);
  const note = oggOfWebm(recorded);
  const { ogg, seconds, waveform } = note ?? { ogg: recorded, seconds: usual, waveform: flat };
  // The library reads `waveform` though its type does not name it.
  const voice = {
    audio: Buffer.from(ogg),
    ptt: true,
    mimetype: 'audio/ogg; codecs=opus',
    seconds: Math.max(1, Math.round(seconds)),
    waveform: Uint8Array.from(waveform),
  };
  return voice;
}

/** 64 bars of loudness, 0 to 100. */
const flat: readonly number[] = Array.from({ length: 64 }, () => 30);

async function uploaded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch {
    throw new ChannelError('temporary', 'whatsapp.upload');
  }
}

function vcardOf({ name, phones, emails }: Card): string {
  const clean = (text: string) => text.replace(/[\r\n]+/g, ' ').replace(/([,;\\])/g, '\\$1');
  const lines = [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `FN:${clean(name)}`,
    `N:;${clean(name)};;;`,
    ...phones.map((phone) => `TEL;type=CELL;waid=${phone.replace(/\D/g, '')}:${clean(phone)}`),
    ...emails.map((email) => `EMAIL:${clean(email)}`),
    'END:VCARD',
  ];
  return lines.join('\n');
}
