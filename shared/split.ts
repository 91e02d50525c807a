import { type ChannelKind, carries } from './channel.ts';
import type { Attachment } from './message.ts';

/** What becomes one message of a network. */
export interface Part {
  text: string;
  attachments: Attachment[];
}

/**
 * Pure: a reply as the messages that its network carries, in order. `many`: several files and the text are one message;
 * otherwise one file a message, the first with the text as its caption where that is short enough. Long texts are cut at
 * a line's or a word's end. Without a network (`kind === null`) all stays together.
 */
export function partsOf(kind: ChannelKind | null, many: boolean, text: string, attachments: Attachment[]): Part[] {
  if (kind === null) return [{ text, attachments }];
  const { text: textMost, caption: captionMost } = carries[kind];
  if (attachments.length === 0) return cut(text, textMost).map((piece) => ({ text: piece, attachments: [] }));
  if (many) return [{ text, attachments }];
  const [first, ...rest] = attachments;
  const files = rest.map((attachment) => ({ text: '', attachments: [attachment] }));
  if (first === undefined) return files;
  // Stickers and voice notes show no caption on any of these networks.
  const bears = text.length <= captionMost && first.kind !== 'voice' && first.kind !== 'sticker';
  if (bears) return [{ text, attachments: [first] }, ...files];
  const texts = text === '' ? [] : cut(text, textMost).map((piece) => ({ text: piece, attachments: [] }));
  return [...texts, { text: '', attachments: [first] }, ...files];
}

function cut(text: string, most: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > most) {
    const window = rest.slice(0, most + 1);
    const line = window.lastIndexOf('\n');
    const word = window.lastIndexOf(' ');
    const at = line > most / 2 ? line : word > most / 2 ? word : whole(rest, most);
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at).replace(/^[ \n]/, '');
  }
  return [...pieces, rest];
}

/** Never between the two halves of a character. */
function whole(text: string, at: number): number {
  const code = text.charCodeAt(at - 1);
  return code >= 0xd800 && code <= 0xdbff ? at - 1 : at;
}
