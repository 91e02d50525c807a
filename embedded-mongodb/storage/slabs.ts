/** Bytes of one slab. */
const SLAB = 16 * 1024;

/** What is longer than this gets memory of its own. */
const LARGE = SLAB / 4;

/** Up to so many bytes a loop is quicker than a view. */
const SHORT = 48;

/**
 * Copies byte strings behind one another into slabs. With memory of its own for each of a million keys and documents,
 * the collector's pauses that free it are longer than any slice of the work. Who keeps a few of many copies keeps whole
 * slabs by them, so what waits is to be copied once more.
 */
export class Slabs {
  private slab = Buffer.allocUnsafeSlow(SLAB);
  private used = 0;

  /** A copy of the bytes from `start` to before `end`. The source's own `length` is not looked at. */
  copy(source: Uint8Array, start: number, end: number): Buffer {
    const length = end - start;
    if (length > LARGE) {
      const out = Buffer.allocUnsafeSlow(length);
      out.set(part(source, start, length));
      return out;
    }
    if (this.used + length > SLAB) {
      this.slab = Buffer.allocUnsafeSlow(SLAB);
      this.used = 0;
    }
    const { slab, used } = this;
    if (length > SHORT) slab.set(part(source, start, length), used);
    else for (let i = 0; i < length; i++) slab[used + i] = source[start + i] as number;
    this.used += length;
    return slab.subarray(used, used + length);
  }
}

function part(source: Uint8Array, start: number, length: number): Uint8Array {
  return new Uint8Array(source.buffer, source.byteOffset + start, length);
}
