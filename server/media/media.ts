import type { MediaAbout } from '#channels/channel.ts';
import type { Attachment } from '#shared/message.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { Desk } from '../desk/desk.ts';
import { harmlessName } from './file-name.ts';
import { headBytes, kindOf, typeOf } from './file-type.ts';
import { pictureOf } from './picture.ts';

/** A file that cannot be kept. */
export class FileRefused extends Error {
  readonly code: 'media.too-big' | 'media.empty';
  constructor(code: 'media.too-big' | 'media.empty') {
    super(code);
    this.code = code;
  }
}

/** Files of all companies: rows in the database, bytes in the blob store. */
export interface Media {
  /** Streams a file in. It belongs nowhere until a message names it. Throws FileRefused. */
  save(desk: Desk, bytes: AsyncIterable<Uint8Array>, about: MediaAbout & { agentId?: string }): Promise<Attachment>;
  /** Its bytes, or those of its thumbnail. Throws BlobGone. */
  read(id: string, what: 'whole' | 'thumbnail', range?: { start: number; end: number }): AsyncIterable<Uint8Array>;
  /** Removes files that have belonged nowhere since before `at`; answers how many. */
  sweep(desk: Desk, at: string): Promise<number>;
}

const thumbnailOf = (id: string): string => `${id}.t`;
const sweptMost = 500;

/** Makes the media of one blob store. `most`: bytes of one file. */
export function createMedia(blobs: Blobs, most: number): Media {
  async function save(desk: Desk, bytes: AsyncIterable<Uint8Array>, about: MediaAbout & { agentId?: string }) {
    const id = desk.newId();
    const seen = { head: Buffer.alloc(0), bytes: 0 };
    await blobs.write(id, watched(bytes, seen, most));
    const mime = await typeOf(seen.head, about.mime, about.kind);
    const kind = about.kind ?? kindOf(mime);
    const picture = mime.startsWith('image/') ? await pictureOf(blobs.read(id)) : null;
    if (picture !== null) await blobs.write(thumbnailOf(id), inOne(picture.thumbnail));
    const attachment: Attachment = {
      id,
      kind: kind === 'image' && picture === null ? 'file' : kind,
      name: harmlessName(about.name) || nameless(mime),
      mime,
      bytes: seen.bytes,
      width: picture?.width ?? null,
      height: picture?.height ?? null,
      seconds: about.seconds ?? null,
      thumbnail: picture !== null,
    };
    await desk.store.media.add({
      ...attachment,
      at: desk.now(),
      agentId: about.agentId ?? null,
      ticketId: null,
      page: about.page ?? false,
    });
    return attachment;
  }

  return {
    save,
    read: (id, what, range) => blobs.read(what === 'whole' ? id : thumbnailOf(id), range),
    async sweep(desk, at) {
      const ids = await desk.store.media.unattached(at, sweptMost);
      let swept = 0;
      for (const id of ids) {
        // The row first: a file that a message claims at this moment keeps its bytes.
        if (!(await desk.store.media.removeUnattached(id))) continue;
        await blobs.remove(id);
        await blobs.remove(thumbnailOf(id));
        swept += 1;
      }
      return swept;
    },
  };
}

/** Passes the bytes on, counts them, keeps the first ones, and stops at the limit. */
async function* watched(
  bytes: AsyncIterable<Uint8Array>,
  seen: { head: Buffer; bytes: number },
  most: number,
): AsyncIterable<Uint8Array> {
  for await (const chunk of bytes) {
    seen.bytes += chunk.length;
    if (seen.bytes > most) throw new FileRefused('media.too-big');
    if (seen.head.length < headBytes) seen.head = Buffer.concat([seen.head, chunk]).subarray(0, headBytes);
    yield chunk;
  }
  if (seen.bytes === 0) throw new FileRefused('media.empty');
}

async function* inOne(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

/** A name for what came without one: `imagem.jpeg` would be a language, so it is the type. */
const nameless = (mime: string): string => mime.replace(/^.*\//, 'file.').replace(/[^a-z0-9.]/g, '');
