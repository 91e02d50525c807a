import { NOISE_WA_HEADER } from '@whiskeysockets/baileys';

const lengthBytes = 3;

/** Cuts what a client sends into frames: an optional routing intro, the 4-byte header, then frames of 3-byte length. */
export class FrameReader {
  private rest = Buffer.alloc(0);
  private begun = false;

  /** Complete frames of what has come so far. `header` is called once, before the first frame. */
  push(bytes: Uint8Array, header: (bytes: Buffer) => void): Buffer[] {
    this.rest = Buffer.concat([this.rest, bytes]);
    if (!this.begun && !this.begin(header)) return [];
    const frames: Buffer[] = [];
    for (;;) {
      if (this.rest.length < lengthBytes) return frames;
      const length = this.rest.readUIntBE(0, lengthBytes);
      if (this.rest.length < length + lengthBytes) return frames;
      frames.push(this.rest.subarray(lengthBytes, length + lengthBytes));
      this.rest = this.rest.subarray(length + lengthBytes);
    }
  }

  private begin(header: (bytes: Buffer) => void): boolean {
    if (this.rest.subarray(0, 2).toString() === 'ED') {
      if (this.rest.length < 7) return false;
      const routing = 7 + this.rest.readUIntBE(4, lengthBytes);
      if (this.rest.length < routing) return false;
      this.rest = this.rest.subarray(routing);
    }
    const expected = Buffer.from(NOISE_WA_HEADER);
    if (this.rest.length < expected.length) return false;
    const got = this.rest.subarray(0, expected.length);
    if (!got.equals(expected)) throw new Error('not the header of WhatsApp');
    header(got);
    this.rest = this.rest.subarray(expected.length);
    this.begun = true;
    return true;
  }
}

/** One frame with its length before it. */
export function framed(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntBE(bytes.length, 0, lengthBytes);
  return Buffer.concat([length, bytes]);
}
