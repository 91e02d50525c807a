import type { Chats, StoredFile } from './chats.ts';

/** Kinds of files that a message of the Bot API may be. */
export const fileKinds = [
  'photo',
  'document',
  'video',
  'animation',
  'audio',
  'voice',
  'video_note',
  'sticker',
] as const;
export type SentKind = (typeof fileKinds)[number];

const folders: Record<SentKind, string> = {
  photo: 'photos',
  document: 'documents',
  video: 'videos',
  animation: 'animations',
  audio: 'music',
  voice: 'voice',
  video_note: 'video_notes',
  sticker: 'stickers',
};

/** What the sender told of the file. `size` overrides what is said of its length. */
export interface FileFacts {
  seconds?: number;
  size?: number;
  animated?: boolean;
}

/** The fields by which a message carries this file. Photos come in two sizes, the smaller one first. */
export function wireOf(chats: Chats, kind: SentKind, file: StoredFile, facts: FileFacts = {}): Record<string, unknown> {
  const common = { file_id: file.id, file_unique_id: `u${file.id}`, file_size: facts.size ?? file.bytes.length };
  if (kind === 'photo') {
    const small = chats.keep('thumb.jpg', 'image/jpeg', Buffer.from('thumbnail'), 'thumbnails');
    const thumbnail = { file_id: small.id, file_unique_id: `u${small.id}`, file_size: 9, width: 90, height: 60 };
    return { photo: [thumbnail, { ...common, width: 900, height: 600 }] };
  }
  const duration = facts.seconds === undefined ? {} : { duration: facts.seconds };
  const named = { ...common, file_name: file.name, mime_type: file.mime };
  switch (kind) {
    case 'document':
      return { document: named };
    case 'animation':
      // The real one repeats an animation as a document, for older bots.
      return { animation: { ...named, ...duration, width: 320, height: 240 }, document: named };
    case 'sticker':
      return { sticker: stickerOf(chats, common, facts) };
    case 'voice':
      return { voice: { ...common, mime_type: file.mime, duration: facts.seconds ?? 1 } };
    case 'video_note':
      return { video_note: { ...common, ...duration, length: 240 } };
    default:
      return { [kind]: { ...named, ...duration } };
  }
}

function stickerOf(chats: Chats, common: Record<string, unknown>, { animated = false }: FileFacts) {
  const still = chats.keep('still.webp', 'image/webp', webp, 'thumbnails');
  return {
    ...common,
    type: 'regular',
    width: 512,
    height: 512,
    emoji: '👍',
    is_animated: animated,
    is_video: false,
    thumbnail: { file_id: still.id, file_unique_id: `u${still.id}`, width: 128, height: 128, file_size: webp.length },
  };
}

/** A webp of one pixel. */
export const webp: Buffer = Buffer.from('UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAgA0JaQAA3AA/vuUAAA=', 'base64');

export function folderOf(kind: SentKind): string {
  return folders[kind];
}
