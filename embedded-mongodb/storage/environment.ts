import { open } from 'lmdb';

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
  private writing = false;

  constructor(path: string) {
    // No `noSync` and no `useWritemap`: the first loses what was acknowledged, the second makes child transactions fail
    // without a word. `overlappingSync: false`: the commit returns when the data is on disk.
    const options = { path, keyEncoding: 'binary', encoding: 'binary', maxDbs: 1, compression: false } as const;
    this.lmdb = open({
      ...options,
      cache: false,
      overlappingSync: false,
      mapSize: 64 * 1024 * 1024,
    }) as unknown as Lmdb;
  }

  /** Whether a write transaction is open, so that a read would see it. */
  get isWriting(): boolean {
    return this.writing;
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
    this.lmdb.putSync(key, value);
  }

  remove(key: Buffer): void {
    this.lmdb.removeSync(key);
  }

  /** Runs a write transaction; when it returns, its changes are on disk. An error undoes all of it. */
  write(action: () => void): void {
    const outer = !this.writing;
    this.writing = true;
    try {
      // A callback that returns a promise would leave the write transaction open, hence the braces.
      this.lmdb.transactionSync(() => {
        action();
      });
    } finally {
      if (outer) this.writing = false;
    }
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
