import { decode } from '../bson/decode.ts';
import { type Doc, isContainer } from '../bson/values.ts';
import type { LockHolder, Locks } from '../transactions/locks.ts';
import type { Catalog, Collection } from './catalog.ts';
import { duplicateKey } from './duplicate.ts';
import type { Environment } from './environment.ts';
import { type Index, type KeySet, keysOf } from './index.ts';
import { addEntry, ownerOf, removeEntry } from './index-entries.ts';
import { recordKey } from './tables.ts';

/** Thrown by a statement that met a document or key held by a transaction: it is run again when that has ended. */
export class Locked extends Error {
  readonly holder: LockHolder;
  constructor(holder: LockHolder) {
    super('held by a transaction');
    this.holder = holder;
  }
}

/** What a command writes through: a statement of a group, or a transaction's overlay. */
export interface Writer {
  /** Stores a new document and returns its record. Code 11000 when a unique key is taken. */
  insert(collection: Collection, bytes: Buffer, tree: Doc): number;
  replace(collection: Collection, record: number, bytes: Buffer, tree: Doc, old: Doc): void;
  remove(collection: Collection, record: number, old: Doc): void;
}

/** The changed keys of one index. */
interface Change {
  readonly index: Index;
  readonly removed: readonly Buffer[];
  readonly added: readonly Buffer[];
}

/** What a statement is built on. */
export interface StatementContext {
  readonly env: Environment;
  readonly catalog: Catalog;
  readonly locks: Locks;
}

/** One statement inside a group: its writes stand or fall together. Memory follows in after-commit actions. */
export class Statement implements Writer {
  // Most statements need one of these at most, so each is made when it is needed.
  /** Change of the number of documents, by collection. */
  counts: Map<Collection, number> | null = null;
  /** Records and keys that were written, for the conflicts of open transactions. */
  written: string[] | null = null;
  /** Bytes of documents written. */
  bytes = 0;
  /** The first record that it took, by collection. */
  private taken: Map<Collection, number> | null = null;
  private readonly context: StatementContext;
  private actions: (() => void)[] | null = null;

  constructor(context: StatementContext) {
    this.context = context;
  }

  /** Runs after the group's commit, before the reply. */
  afterCommit(action: () => void): void {
    this.actions ??= [];
    this.actions.push(action);
  }

  /** Called by the group when its commit is on disk. */
  committed(): void {
    for (const action of this.actions ?? []) action();
  }

  /** Called by the group when it was undone and runs again: the same records are taken again. */
  undone(): void {
    for (const [collection, record] of this.taken ?? []) collection.nextRecord = record;
  }

  put(key: Buffer, value: Buffer): void {
    this.context.env.put(key, value);
  }

  removeKey(key: Buffer): void {
    this.context.env.remove(key);
  }

  /** A document as it stands now, with what this group has written before. */
  get(collection: Collection, record: number): Buffer | undefined {
    return this.context.env.get(recordKey(collection.table, record));
  }

  insert(collection: Collection, bytes: Buffer, tree: Doc): number {
    const record = collection.nextRecord++;
    this.taken ??= new Map();
    if (!this.taken.has(collection)) this.taken.set(collection, record);
    const changes = this.changes(collection, null, tree);
    this.assertFree(collection, record, tree, changes);
    this.write(collection, record, bytes, changes);
    this.count(collection, 1);
    return record;
  }

  replace(collection: Collection, record: number, bytes: Buffer, tree: Doc, old: Doc): void {
    this.assertUnlocked(collection, record);
    const changes = this.changes(collection, old, tree);
    this.assertFree(collection, record, tree, changes);
    this.write(collection, record, bytes, changes);
  }

  remove(collection: Collection, record: number, old: Doc): void {
    this.assertUnlocked(collection, record);
    this.write(collection, record, null, this.changes(collection, old, null));
    this.count(collection, -1);
  }

  /**
   * Applies a transaction's changes: removals before puts, so that documents may swap a unique key. The transaction holds
   * every key it adds; code 11000 when an index that came after it and is still being filled shows that two have one.
   */
  apply(collection: Collection, rows: Iterable<readonly [number, { bytes: Buffer; tree: Doc } | null]>): void {
    const puts: (() => void)[] = [];
    for (const [record, row] of rows) {
      const stored = this.get(collection, record);
      if (stored === undefined && row === null) continue;
      const changes = this.changes(collection, stored === undefined ? null : decode(stored), row?.tree ?? null);
      for (const change of changes)
        for (const key of change.removed) removeEntry(this.context.env, change.index, key, record);
      const added = changes.map((change) => ({ ...change, removed: [] }));
      puts.push(() => {
        if (row !== null) this.assertOwned(collection, record, row.tree, added);
        this.write(collection, record, row?.bytes ?? null, added);
      });
      if (stored === undefined) this.count(collection, 1);
      else if (row === null) this.count(collection, -1);
    }
    for (const put of puts) put();
  }

  private changes(collection: Collection, old: Doc | null, tree: Doc | null): Change[] {
    const changes: Change[] = [];
    for (const index of collection.indexes) {
      if (old !== null && tree !== null && !index.building && keepsKeys(index, old, tree)) continue;
      const before = old === null ? [] : keysOf(index, old).keys;
      const after = tree === null ? null : keysOf(index, tree);
      if (after !== null) this.noteFlags(collection, index, after);
      const keys = after?.keys ?? [];
      // Who fills an index passes over the documents that are written meanwhile: none of their keys may be missing.
      changes.push({ index, removed: without(before, keys), added: index.building ? keys : without(keys, before) });
    }
    return changes;
  }

  // The flags turn true in memory at once: true too early costs speed only. On disk they come with this statement.
  private noteFlags(collection: Collection, index: Index, keys: KeySet): void {
    const { stored } = index;
    if (!(keys.multi && !stored.multikey) && !(keys.long && !stored.long)) return;
    index.multikey ||= keys.multi;
    index.long ||= keys.long;
    const flags = { multikey: index.multikey, long: index.long };
    this.context.catalog.store(collection);
    this.afterCommit(() => {
      index.stored = { multikey: index.stored.multikey || flags.multikey, long: index.stored.long || flags.long };
    });
  }

  private assertUnlocked(collection: Collection, record: number): void {
    const { locks } = this.context;
    if (locks.isHeld) assertFreeOf(locks.holder(locks.recordKey(collection.table, record)));
  }

  private assertFree(collection: Collection, record: number, tree: Doc, changes: readonly Change[]): void {
    const { env, locks } = this.context;
    for (const { index, added } of changes) {
      if (!index.unique) continue;
      for (const key of added) {
        if (locks.isHeld) assertFreeOf(locks.holder(locks.uniqueKey(index.table, key)));
        const owner = ownerOf(env, index, key);
        if (owner === null || owner === record) continue;
        this.assertUnlocked(collection, owner);
        throw duplicateKey(collection.ns, index, tree);
      }
    }
  }

  /** Code 11000 when a unique index that is being filled has one of the keys for another document. */
  private assertOwned(collection: Collection, record: number, tree: Doc, changes: readonly Change[]): void {
    for (const { index, added } of changes) {
      if (!index.unique || !index.building) continue;
      const owners = added.map((key) => ownerOf(this.context.env, index, key));
      if (owners.some((owner) => owner !== null && owner !== record)) throw duplicateKey(collection.ns, index, tree);
    }
  }

  private write(collection: Collection, record: number, bytes: Buffer | null, changes: readonly Change[]): void {
    const { env, locks } = this.context;
    for (const { index, removed, added } of changes) {
      for (const key of removed) removeEntry(env, index, key, record);
      for (const key of added) addEntry(env, index, key, record);
      if (index.building) this.afterCommit(() => index.touched?.add(record));
    }
    const key = recordKey(collection.table, record);
    if (bytes === null) env.remove(key);
    else env.put(key, bytes);
    this.bytes += bytes?.length ?? 0;
    if (!locks.isWatched) return;
    this.written ??= [];
    this.written.push(locks.recordKey(collection.table, record));
  }

  private count(collection: Collection, change: number): void {
    this.counts ??= new Map();
    this.counts.set(collection, (this.counts.get(collection) ?? 0) + change);
  }
}

function assertFreeOf(holder: LockHolder | undefined): void {
  if (holder !== undefined) throw new Locked(holder);
}

/** Whether two versions of a document surely have the same keys: they share the values of all indexed fields. */
function keepsKeys(index: Index, old: Doc, tree: Doc): boolean {
  if (index.partial !== null) return false;
  for (const { parts } of index.fields) {
    const value = old.get(parts[0] as string);
    if (value !== tree.get(parts[0] as string)) return false;
    if (typeof value === 'object' && isContainer(value)) return false;
  }
  return true;
}

function without(keys: readonly Buffer[], others: readonly Buffer[]): readonly Buffer[] {
  if (keys.length === 0 || others.length === 0) return keys;
  if (keys.length === 1 && others.length === 1) return (keys[0] as Buffer).equals(others[0] as Buffer) ? [] : keys;
  const drop = new Set(others.map((key) => key.toString('latin1')));
  return keys.filter((key) => !drop.has(key.toString('latin1')));
}
