const side = 72;

/**
 * A tiny JPEG that phones show until the picture is there, as base64; `''` when the bytes are no picture. sharp is
 * loaded with the first picture that is sent.
 */
export async function previewOf(read: () => Promise<Buffer>): Promise<string> {
  const { default: sharp } = await import('sharp');
  try {
    const picture = sharp(await read(), { limitInputPixels: 50_000_000, pages: 1 });
    const small = await picture.rotate().resize(side, side, { fit: 'inside' }).jpeg({ quality: 50 }).toBuffer();
    return small.toString('base64');
  } catch {
    return '';
  }
}
