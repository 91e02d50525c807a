import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { open } from 'lmdb';
import { ServerError } from '../errors.ts';
import { Slabs } from './slabs.ts';

/** Bytes of one page of the file. */
const PAGE = 4096;

/** Pages that one change may touch: its leaf, the other half when it splits, and a branch above. */
const PAGES_OF_A_CHANGE = 3;

/** Bytes of the disk that a commit leaves free. */
const RESERVE = 4 * 1024 * 1024;

/** What a commit may need is rounded up to this, so that on a full disk no small write slips through between others. */
const STEP = 1024 * 1024;

/** While so much is free, it is looked at once a second only. */
const PLENTY = 1024 * 1024 * 1024;

/** A read transaction that keeps seeing the state in which it was taken. At most 126 can be open. */
export interface Snapshot {
  done(): void;
}

/** One key and its value as they stand in the file. */
export interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** Bounds of a range: `start` inclusive unless `after`, `end` exclusive; both are key order whatever the direction. */
export interface Range {
  readonly start: Buffer;
  readonly end: Buffer;
}

/** How to walk a range. `after` continues behind a key that was already seen. */
export interface Walk {
  readonly limit?: number;
  readonly reverse?: boolean;
  readonly after?: Buffer | undefined;
  readonly snapshot?: Snapshot | null | undefined;
}

// What we use of lmdb, written by hand: its own types are wrong in places (`asArray`, the options of `get`).
interface Lmdb {
  get(key: Buffer, options?: { transaction: Snapshot }): Buffer | undefined;
  putSync(key: Buffer, value: Buffer): void;
  removeSync(key: Buffer): boolean;
  getRange(options: object): { readonly asArray: Entry[] };
  getKeys(options: object): { readonly asArray: Buffer[] };
  getKeysCount(options: object): number;
  transactionSync(action: () => void): void;
  useReadTransaction(): Snapshot;
  backup(path: string, compact: boolean): Promise<void>;
  resetReadTxn(): void;
  close(): Promise<void>;
}

/**
 * The one door to lmdb. Reads inside `write` see what it has written and must not name a snapshot: lmdb would silently
 * read the write transaction instead.
 */
export class Environment {
  private readonly lmdb: Lmdb;
  private readonly folder: string;
  private writing = false;
  /** Pages that the open write transaction may add to the file. */
  private pages = 0;
  /** How many puts and removals there have been; what a failed statement has left is seen by it. */
  changes = 0;
  private free = 0;
  private lookedAt = Number.NEGATIVE_INFINITY;

  constructor(path: string) {
    this.folder = dirname(path);
    // No `noSync` and no `useWritemap`: the first loses what was acknowledged, the second makes child transactions fail
    // without a word. `overlappingSync: false`: the commit returns when the data is on disk.
    this.lmdb = open({
      path,
      ...codec(),
      maxDbs: 1,
      compression: false,
      cache: false,
      overlappingSync: false,
      mapSize: 64 * 1024 * 1024,
    }) as unknown as Lmdb;
  }

  get(key: Buffer, snapshot?: Snapshot | null): Buffer | undefined {
    return snapshot ? this.lmdb.get(key, { transaction: snapshot }) : this.lmdb.get(key);
  }

  entries(range: Range, walk: Walk = {}): Entry[] {
    const options = lmdbOptions(range, walk);
    return options === null ? [] : this.lmdb.getRange(options).asArray;
  }

  keys(range: Range, walk: Walk = {}): Buffer[] {
    const options = lmdbOptions(range, walk);
    return options === null ? [] : this.lmdb.getKeys(options).asArray;
  }

  /** The n-th key behind `after` (or of the range), skipped to without looking at those in between. */
  nth(range: Range, n: number, walk: Pick<Walk, 'after' | 'snapshot'>): Buffer | undefined {
    const options = lmdbOptions(range, { ...walk, limit: 1 });
    return options === null ? undefined : this.lmdb.getKeys({ ...options, offset: n - 1 }).asArray[0];
  }

  count(range: Range, walk: Pick<Walk, 'after' | 'snapshot'> = {}): number {
    const options = lmdbOptions(range, walk);
    return options === null ? 0 : this.lmdb.getKeysCount(options);
  }

  put(key: Buffer, value: Buffer): void {
    this.changes += 1;
    this.pages += PAGES_OF_A_CHANGE + Math.ceil(value.length / PAGE);
    this.lmdb.putSync(key, value);
  }

  remove(key: Buffer): void {
    this.changes += 1;
    this.pages += PAGES_OF_A_CHANGE;
    this.lmdb.removeSync(key);
  }

  /**
   * Runs a write transaction; when it returns, its changes are on disk. An error undoes all of it; code 14031 when the
   * disk may have no room for it.
   */
  write(action: () => void): void {
    const outer = !this.writing;
    this.writing = true;
    if (outer) this.pages = 0;
    try {
      // A callback that returns a promise would leave the write transaction open, hence the braces.
      this.lmdb.transactionSync(() => {
        action();
        if (outer) this.assertRoom();
      });
    } finally {
      if (outer) this.writing = false;
    }
  }

  // lmdb must not meet a full disk itself: it writes the sentence of a failed write behind its buffer (`sprintf` into 100
  // bytes in `mdb_page_flush`), so after one the process is no longer to be trusted.
  private assertRoom(): void {
    const now = performance.now();
    if (this.free < PLENTY || now - this.lookedAt > 1000) {
      const { bavail, bsize, blocks } = statfsSync(this.folder);
      this.free = blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize;
      this.lookedAt = now;
    }
    const needed = Math.ceil((this.pages * PAGE) / STEP) * STEP + RESERVE;
    if (this.free < needed)
      throw new ServerError(14031, `No space left on device: ${this.free} bytes are free, ${needed} are needed`);
  }

  /** A snapshot of the last commit. To be ended by `done`: an open one makes the file grow. */
  snapshot(): Snapshot {
    this.lmdb.resetReadTxn();
    return this.lmdb.useReadTransaction();
  }

  /** Makes the next plain read see the last commit. */
  refresh(): void {
    this.lmdb.resetReadTxn();
  }

  backup(path: string): Promise<void> {
    return this.lmdb.backup(path, false);
  }

  close(): Promise<void> {
    return this.lmdb.close();
  }
}

/** How lmdb hands out keys and values: as copies of the buffer that it reads into, whose `length` it sets itself. */
function codec() {
  const slabs = new Slabs();
  return {
    encoding: 'binary',
    encoder: {
      encode: (value: Buffer) => value,
      decode: (bytes: Buffer) => slabs.copy(bytes, 0, bytes.length),
    },
    keyEncoder: {
      writeKey: (key: Buffer, target: Buffer, at: number) => {
        target.set(key, at);
        return at + key.length;
      },
      readKey: (source: Buffer, start: number, end: number) => slabs.copy(source, start, end),
    },
  } as const;
}

function lmdbOptions(range: Range, walk: Walk): object | null {
  const { limit, reverse = false, after, snapshot } = walk;
  const transaction = snapshot ?? undefined;
  if (!reverse) {
    const start = after ?? range.start;
    if (Buffer.compare(start, range.end) >= 0) return null;
    return { limit, transaction, start, end: range.end, exclusiveStart: after !== undefined };
  }
  // Backwards lmdb starts at the last key <= start, so an exclusive upper bound is an exclusive start; its end is
  // exclusive too and our lower bound is not.
  const start = after ?? range.end;
  if (Buffer.compare(start, range.start) <= 0) return null;
  return { limit, transaction, start, end: range.start, reverse, exclusiveStart: true, inclusiveEnd: true };
}
