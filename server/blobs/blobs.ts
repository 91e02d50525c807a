/** Where the bytes of files lie, by names that the desk draws itself (hex digits, `.t` for a thumbnail). */
export interface Blobs {
  /** Keeps a stream under a fresh name: whole or not at all. Rejects with what the stream throws. */
  write(name: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** Reads it, or its bytes from `start` to `end` (both included). Throws BlobGone. */
  read(name: string, range?: { start: number; end: number }): AsyncIterable<Uint8Array>;
  /** What is not there is no fault. */
  remove(name: string): Promise<void>;
}

/** There is no such blob. */
export class BlobGone extends Error {}
