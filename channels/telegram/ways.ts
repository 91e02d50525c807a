import type { Attachment } from '#shared/message.ts';

/** By which method a file is sent, and under which name of a parameter. */
export interface Way {
  method: 'sendPhoto' | 'sendVideo' | 'sendAnimation' | 'sendAudio' | 'sendVoice' | 'sendSticker' | 'sendDocument';
  field: string;
  /** A voice note of a browser, to be put into another container first. */
  remux?: true;
}

const mb = 1_000_000;
const document: Way = { method: 'sendDocument', field: 'document' };

/**
 * How an attachment goes out so that the customer sees it as what it is. Whatever the Bot API would refuse in that form
 * goes as a document (limits: sendPhoto, sendAudio, sendVoice, sendSticker).
 */
export function wayOf(file: Attachment): Way {
  const { kind, mime } = file;
  switch (kind) {
    case 'image':
      return mime === 'image/gif' ? { method: 'sendAnimation', field: 'animation' } : isPhoto(file) ? photo : document;
    case 'video':
      return mime === 'video/mp4' ? { method: 'sendVideo', field: 'video' } : document;
    case 'voice':
      return voiceWay(mime);
    case 'audio':
      return isMp3OrM4a(mime) ? { method: 'sendAudio', field: 'audio' } : document;
    case 'sticker':
      return mime === 'image/webp' ? { method: 'sendSticker', field: 'sticker' } : document;
    case 'file':
      return document;
  }
}

const photo: Way = { method: 'sendPhoto', field: 'photo' };

const isMp3OrM4a = (mime: string) => /^audio\/(mpeg|mp4|x-m4a|m4a|aac)$/.test(mime);

function voiceWay(mime: string): Way {
  const voice: Way = { method: 'sendVoice', field: 'voice' };
  if (/^(audio|video)\/webm$/.test(mime)) return { ...voice, remux: true };
  return /^(audio|application)\/(ogg|opus)$/.test(mime) || isMp3OrM4a(mime) ? voice : document;
}

/** "At most 10 MB; width and height not above 10000 in total; ratio at most 20" (sendPhoto). */
function isPhoto({ mime, bytes, width, height }: Attachment): boolean {
  if (!/^image\/(jpeg|png|webp)$/.test(mime) || bytes > 10 * mb) return false;
  if (width === null || height === null || width === 0 || height === 0) return true;
  return width + height <= 10_000 && Math.max(width, height) / Math.min(width, height) <= 20;
}
