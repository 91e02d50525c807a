import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';

/** Longest side of a thumbnail in pixels. */
const thumbnailSide = 480;
/** A bigger picture is not opened at all: a few bytes can unpack to gigabytes. */
const pixelsMost = 50_000_000;

export interface Picture {
  width: number;
  height: number;
  /** WebP without the original's metadata (no place, no camera). */
  thumbnail: Uint8Array;
}

/** Looks at a picture; null when it cannot be read as one or is too big to be opened. */
export async function pictureOf(bytes: AsyncIterable<Uint8Array>): Promise<Picture | null> {
  try {
    const image = sharp({ limitInputPixels: pixelsMost, failOn: 'error' });
    const source = Readable.from(bytes);
    source.on('error', (error) => image.destroy(error));
    source.pipe(image);
    const { width, height, autoOrient } = await image.metadata();
    if (width === undefined || height === undefined) return null;
    const small = image
      .autoOrient()
      .resize({ width: thumbnailSide, height: thumbnailSide, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 78 });
    return { width: autoOrient.width, height: autoOrient.height, thumbnail: await buffer(small) };
  } catch {
    // A broken picture is a file like any other: it is kept and can be saved.
    return null;
  }
}
