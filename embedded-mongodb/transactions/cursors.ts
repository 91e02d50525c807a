import { ServerError } from '../errors.ts';
import type { Clock } from '../query/clock.ts';
import type { Session } from './sessions.ts';
import type { Transaction } from './transaction.ts';

/** Cursors die after this time without use. */
const IDLE_MS = 10 * 60_000;

/** Bytes of documents in one reply. */
const MOST_BYTES = 16 * 1024 * 1024;

/** An open query: it holds no snapshot, its scans seek behind the last key again. */
export interface Cursor {
  readonly id: bigint;
  readonly ns: string;
  readonly rows: Iterator<Uint8Array | null>;
  readonly clock: Clock;
  readonly session: Session | null;
  readonly transaction: Transaction | null;
  lastUsed: number;
  /** A document that did not fit into the last batch. */
  pending: Uint8Array | null;
  busy: boolean;
}

/** One batch and whether there is more. */
export interface Batch {
  readonly documents: Uint8Array[];
  readonly more: boolean;
}

/** The open cursors. */
export class Cursors {
  private readonly cursors = new Map<bigint, Cursor>();
  private nextId = (BigInt(Date.now()) << 20n) + BigInt(Math.floor(Math.random() * 1_000_000));

  /** A cursor that is not kept yet. */
  create(
    ns: string,
    rows: Iterable<Uint8Array | null>,
    clock: Clock,
    session: Session | null,
    transaction: Transaction | null,
  ): Cursor {
    this.nextId += 1n;
    const iterator = rows[Symbol.iterator]();
    return {
      id: this.nextId,
      ns,
      rows: iterator,
      clock,
      session,
      transaction,
      lastUsed: Date.now(),
      pending: null,
      busy: false,
    };
  }

  keep(cursor: Cursor): void {
    cursor.lastUsed = Date.now();
    this.cursors.set(cursor.id, cursor);
  }

  /** The cursor of an id. Code 43 when there is none, or when its transaction has ended. */
  get(id: bigint): Cursor {
    const cursor = this.cursors.get(id);
    if (cursor === undefined) throw new ServerError(43, `cursor id ${id} not found`);
    return cursor;
  }

  remove(id: bigint): boolean {
    return this.cursors.delete(id);
  }

  removeOf(transaction: Transaction): void {
    for (const [id, cursor] of this.cursors) if (cursor.transaction === transaction) this.cursors.delete(id);
  }

  expire(now: number): void {
    for (const [id, cursor] of this.cursors)
      if (!cursor.busy && now - cursor.lastUsed > IDLE_MS) this.cursors.delete(id);
  }

  get size(): number {
    return this.cursors.size;
  }
}

/** Takes up to `most` documents and 16 MiB from a cursor. It knows whether there is more, so no empty batch follows. */
export async function nextBatch(cursor: Cursor, most: number): Promise<Batch> {
  const documents: Uint8Array[] = [];
  let bytes = 0;
  cursor.busy = true;
  try {
    for (;;) {
      const next = cursor.pending ?? (await pull(cursor));
      cursor.pending = null;
      if (next === undefined) return { documents, more: false };
      if (documents.length >= most || (documents.length > 0 && bytes + next.length > MOST_BYTES)) {
        cursor.pending = next;
        return { documents, more: true };
      }
      documents.push(next);
      bytes += next.length + 12;
      if (cursor.clock.due()) await cursor.clock.pause();
    }
  } finally {
    cursor.busy = false;
    cursor.lastUsed = Date.now();
  }
}

async function pull(cursor: Cursor): Promise<Uint8Array | undefined> {
  for (;;) {
    const { done, value } = cursor.rows.next();
    if (done === true) return undefined;
    if (value !== null) return value;
    await cursor.clock.pause();
  }
}
