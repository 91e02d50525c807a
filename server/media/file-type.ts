import { fileTypeFromBuffer } from 'file-type';
import type { FileKind } from '#shared/message.ts';

/** How many first bytes tell a type: containers such as docx name themselves late. */
export const headBytes = 64 * 1024;

/** What a browser may show by itself; everything else is only ever saved. */
const shown = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'audio/mpeg',
  'audio/ogg',
  'audio/mp4',
  'audio/x-m4a',
  'audio/wav',
  'audio/webm',
  'video/mp4',
  'video/webm',
]);

/** Whether the file may be shown inside the desk's pages. */
export const isShown = (mime: string): boolean => shown.has(mime);

/**
 * The type by the file's own bytes, whatever its sender says. Text has no such mark: it is `text/plain` when it was
 * called text and holds no NUL, and everything unknown is `application/octet-stream`.
 */
export async function typeOf(head: Uint8Array, claimed: string, kind: FileKind | undefined): Promise<string> {
  const found = await fileTypeFromBuffer(head);
  const mime = (found?.mime ?? '').split(';')[0] ?? '';
  const sound = kind === 'voice' || kind === 'audio';
  // One container for both: only the sender knows that there is no picture in it.
  if (mime === 'video/webm' && (sound || claimed.startsWith('audio/'))) return 'audio/webm';
  if (mime === 'video/mp4' && (sound || claimed.startsWith('audio/'))) return 'audio/mp4';
  if (mime === 'audio/opus' || mime === 'application/ogg') return 'audio/ogg';
  if (mime !== '') return mime;
  const isText = /^(text\/|message\/rfc822|application\/json)/.test(claimed) && !head.includes(0);
  return isText ? 'text/plain' : 'application/octet-stream';
}

/** How a file is shown, when its network did not say. */
export function kindOf(mime: string): FileKind {
  if (!isShown(mime)) return 'file';
  if (mime.startsWith('image/')) return 'image';
  return mime.startsWith('audio/') ? 'audio' : 'video';
}
