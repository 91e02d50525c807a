/** A transaction as the lock table sees it: who waits for it waits for its end. */
export interface LockHolder {
  readonly finished: Promise<void>;
  /** Number of the last commit that its snapshot shows. */
  readonly sequence: number;
}

/** Remembered changes up to this number are not worth the work of forgetting. */
const PRUNE_ABOVE = 10_000;

/**
 * Documents and unique keys that open transactions have written, and when documents were last committed while a
 * transaction was open.
 */
export class Locks {
  private readonly holders = new Map<string, LockHolder>();
  private readonly recent = new Map<string, number>();
  private readonly open = new Set<LockHolder>();
  private pruneAt = PRUNE_ABOVE;
  /** Number of the last commit. */
  sequence = 0;

  /** Whether a transaction is open, so that written documents have to be noted. */
  get isWatched(): boolean {
    return this.open.size > 0;
  }

  /** Whether anything is locked, so that it is worth asking. */
  get isHeld(): boolean {
    return this.holders.size > 0;
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
    return this.holders.get(key);
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
    if (this.open.size === 0) return;
    for (const key of keys) this.recent.set(key, this.sequence);
    if (this.recent.size > this.pruneAt) this.prune();
  }

  /** How many changed documents are remembered. */
  get remembered(): number {
    return this.recent.size;
  }

  // Under load some transaction is always open: what none of them can ask for any more is forgotten.
  private prune(): void {
    let oldest = this.sequence;
    for (const holder of this.open) oldest = Math.min(oldest, holder.sequence);
    for (const [key, sequence] of this.recent) if (sequence <= oldest) this.recent.delete(key);
    this.pruneAt = Math.max(PRUNE_ABOVE, 2 * this.recent.size);
  }

  /** Whether a document was changed after a commit. */
  changedAfter(key: string, sequence: number): boolean {
    return (this.recent.get(key) ?? 0) > sequence;
  }
}
