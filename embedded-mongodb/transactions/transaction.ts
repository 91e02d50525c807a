import type { Doc } from '../bson/values.ts';
import { ServerError, TRANSIENT, writeConflict } from '../errors.ts';
import { type Overlay, Row } from '../query/execute.ts';
import type { Catalog, Collection } from '../storage/catalog.ts';
import { duplicateKey } from '../storage/duplicate.ts';
import type { Environment, Snapshot } from '../storage/environment.ts';
import { type Index, keysOf } from '../storage/index.ts';
import { ownerOf } from '../storage/index-entries.ts';
import type { Writer } from '../storage/statement.ts';
import type { Locks } from './locks.ts';

/** Bytes of changed documents that one transaction may hold. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Open transactions at one time: lmdb has 126 readers, and each open snapshot makes the file grow. */
const MOST_OPEN = 64;

/** What a transaction is built on. */
export interface TransactionContext {
  readonly env: Environment;
  readonly catalog: Catalog;
  readonly locks: Locks;
}

/**
 * A multi-document transaction: a snapshot and an overlay of its own changes. What it writes it locks; a lock held by
 * another one, or a document committed after the snapshot, is a conflict (112) at once.
 */
export class Transaction implements Writer {
  readonly snapshot: Snapshot;
  /** Resolves when it has been committed or aborted. */
  readonly finished: Promise<void>;
  readonly startedAt = Date.now();
  private readonly context: TransactionContext;
  readonly sequence: number;
  private readonly overlays = new Map<Collection, Map<number, Row | null>>();
  private readonly tables = new Map<number, Map<number, Row | null>>();
  private readonly drafts = new Map<string, Collection>();
  private readonly held = new Set<string>();
  private readonly uniqueOwners = new Map<string, number>();
  private resolveFinished: () => void = () => undefined;
  private bytes = 0;
  private ended = false;

  constructor(context: TransactionContext) {
    if (context.locks.openTransactions.size >= MOST_OPEN)
      throw new ServerError(1, `too many open transactions (${MOST_OPEN})`, [TRANSIENT]);
    this.context = context;
    this.snapshot = context.env.snapshot();
    this.sequence = context.locks.sequence;
    this.finished = new Promise((resolve) => {
      this.resolveFinished = resolve;
    });
    context.locks.begin(this);
  }

  overlay(table: number): Overlay | undefined {
    return this.tables.get(table);
  }

  /** The collections it has changed or made. */
  get touched(): readonly Collection[] {
    return [...new Set([...this.overlays.keys(), ...this.drafts.values()])];
  }

  /** A collection as this transaction sees it: one that it made itself comes first. */
  collection(ns: string): Collection | undefined {
    return this.drafts.get(ns) ?? this.context.catalog.get(ns);
  }

  /** Makes a collection that others see when the transaction commits. */
  create(ns: string, options: Doc): Collection {
    const draft = this.context.catalog.draft(ns, options);
    this.drafts.set(ns, draft);
    return draft;
  }

  insert(collection: Collection, bytes: Buffer, tree: Doc): number {
    const record = collection.nextRecord++;
    this.hold(this.context.locks.recordKey(collection.table, record));
    this.claim(collection, record, tree, null);
    this.change(collection, record, new Row(record, bytes, tree));
    return record;
  }

  replace(collection: Collection, record: number, bytes: Buffer, tree: Doc, old: Doc): void {
    this.lockRecord(collection, record);
    this.claim(collection, record, tree, old);
    this.change(collection, record, new Row(record, bytes, tree));
  }

  remove(collection: Collection, record: number, old: Doc): void {
    this.lockRecord(collection, record);
    this.disown(collection, old);
    this.change(collection, record, null);
  }

  /** Its changes, for the statement that commits it. Code 112 when a collection it made has been made by another. */
  changes(): { created: readonly Collection[]; rows: ReadonlyMap<Collection, ReadonlyMap<number, Row | null>> } {
    for (const ns of this.drafts.keys()) if (this.context.catalog.get(ns) !== undefined) throw writeConflict(true);
    for (const collection of this.overlays.keys())
      if (this.collection(collection.ns) !== collection) throw writeConflict(true);
    return { created: [...this.drafts.values()], rows: this.overlays };
  }

  /** Frees its locks and its snapshot, whether it was committed or not. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.context.locks.end(this, this.held);
    this.snapshot.done();
    this.resolveFinished();
  }

  private lockRecord(collection: Collection, record: number): void {
    const key = this.context.locks.recordKey(collection.table, record);
    this.hold(key);
    if (this.context.locks.changedAfter(key, this.sequence)) throw writeConflict(true);
  }

  private hold(key: string): void {
    const holder = this.context.locks.holder(key);
    if (holder === this) return;
    if (holder !== undefined) throw writeConflict(true);
    this.context.locks.take(key, this);
    this.held.add(key);
  }

  /** Locks every unique key that the new document adds and makes sure that no other has it. */
  private claim(collection: Collection, record: number, tree: Doc, old: Doc | null): void {
    if (old !== null) this.disown(collection, old);
    for (const index of collection.indexes) {
      if (!index.unique) continue;
      const before = new Set(old === null ? [] : keysOf(index, old).keys.map((key) => key.toString('latin1')));
      for (const key of keysOf(index, tree).keys) {
        const name = this.context.locks.uniqueKey(index.table, key);
        if (this.uniqueOwners.has(name)) throw duplicateKey(collection.ns, index, tree);
        if (!before.has(key.toString('latin1')) || this.held.has(name))
          this.claimKey(collection, index, key, record, tree);
        this.uniqueOwners.set(name, record);
      }
    }
  }

  // Uniqueness is checked against the last commit, not the snapshot: a key that came later is a conflict, an older one
  // is a duplicate.
  private claimKey(collection: Collection, index: Index, key: Buffer, record: number, tree: Doc): void {
    const { env, locks } = this.context;
    this.hold(locks.uniqueKey(index.table, key));
    env.refresh();
    const owner = ownerOf(env, index, key);
    if (owner === null || owner === record || this.overlays.get(collection)?.has(owner) === true) return;
    const ownerKey = locks.recordKey(collection.table, owner);
    const holder = locks.holder(ownerKey);
    if ((holder !== undefined && holder !== this) || locks.changedAfter(ownerKey, this.sequence))
      throw writeConflict(true);
    throw duplicateKey(collection.ns, index, tree);
  }

  private disown(collection: Collection, old: Doc): void {
    for (const index of collection.indexes)
      if (index.unique)
        for (const key of keysOf(index, old).keys)
          this.uniqueOwners.delete(this.context.locks.uniqueKey(index.table, key));
  }

  private change(collection: Collection, record: number, row: Row | null): void {
    let rows = this.overlays.get(collection);
    if (rows === undefined) {
      rows = new Map();
      this.overlays.set(collection, rows);
      this.tables.set(collection.table, rows);
    }
    rows.set(record, row);
    this.bytes += row?.bytes.length ?? 0;
    if (this.bytes > MOST_BYTES)
      throw new ServerError(257, 'Total size of all transaction operations must be less than 64 MB');
  }
}
