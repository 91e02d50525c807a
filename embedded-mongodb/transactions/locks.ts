/** A transaction as the lock table sees it: who waits for it waits for its end. */
export interface LockHolder {
  readonly finished: Promise<void>;
}

/**
 * Documents and unique keys that open transactions have written, and when documents were last committed while a
 * transaction was open.
 */
export class Locks {
  private readonly holders = new Map<string, LockHolder>();
  private readonly recent = new Map<string, number>();
  private readonly open = new Set<LockHolder>();
  /** Number of the last commit. */
  sequence = 0;

  /** Whether a transaction is open, so that written documents have to be noted. */
  get isWatched(): boolean {
    return this.open.size > 0;
  }

  get openTransactions(): ReadonlySet<LockHolder> {
    return this.open;
  }

  recordKey(table: number, record: number): string {
    return `${table}:${record}`;
  }

  uniqueKey(index: number, key: Buffer): string {
    return `${index}=${key.toString('latin1')}`;
  }

  holder(key: string): LockHolder | undefined {
    return this.holders.size === 0 ? undefined : this.holders.get(key);
  }

  begin(holder: LockHolder): void {
    this.open.add(holder);
  }

  take(key: string, holder: LockHolder): void {
    this.holders.set(key, holder);
  }

  /** Frees what a transaction held. */
  end(holder: LockHolder, keys: Iterable<string>): void {
    for (const key of keys) if (this.holders.get(key) === holder) this.holders.delete(key);
    this.open.delete(holder);
    if (this.open.size === 0) this.recent.clear();
  }

  /** Notes a commit and the documents it changed. */
  committed(keys: Iterable<string>): void {
    this.sequence += 1;
    if (this.open.size > 0) for (const key of keys) this.recent.set(key, this.sequence);
  }

  /** Whether a document was changed after a commit. */
  changedAfter(key: string, sequence: number): boolean {
    return (this.recent.get(key) ?? 0) > sequence;
  }
}
