import type { Entry, Environment, Range, Snapshot } from '../storage/environment.ts';
import type { Clock } from './clock.ts';

const FIRST_CHUNK = 8;
const LARGEST_CHUNK = 128;

/** What a cursor needs of a view. */
interface Source {
  readonly env: Environment;
  readonly snapshot: Snapshot | null;
  readonly clock: Clock;
}

/** The key of an index entry, of a unique one with its value, or a document's key with its bytes. */
export interface Found {
  readonly key: Buffer;
  readonly value?: Buffer;
}

/**
 * Walks one range in growing chunks. It holds no snapshot of its own: after a pause it drops what it had read ahead and
 * goes on behind the last key that was taken.
 */
export class RangeCursor {
  /** How many first bytes all keys of the range share. */
  readonly prefix: number;
  private readonly source: Source;
  private readonly range: Range;
  private readonly reverse: boolean;
  private readonly withValues: boolean;
  private chunk: readonly Found[] = [];
  private at = 0;
  private size = FIRST_CHUNK;
  private last: Buffer | undefined;
  private ended = false;
  private turn = 0;

  constructor(source: Source, range: Range & { readonly prefix: number }, reverse: boolean, withValues: boolean) {
    this.source = source;
    this.range = range;
    this.prefix = range.prefix;
    this.reverse = reverse;
    this.withValues = withValues;
  }

  /** The next entry without taking it, null at the end. */
  peek(): Found | null {
    const isStale = this.source.snapshot === null && this.turn !== this.source.clock.turn;
    if (this.at >= this.chunk.length || isStale) {
      if (this.ended && !isStale) return null;
      this.fill();
    }
    return this.chunk[this.at] ?? null;
  }

  next(): Found | null {
    const entry = this.peek();
    if (entry === null) return null;
    this.at += 1;
    this.last = entry.key;
    return entry;
  }

  private fill(): void {
    const { env, snapshot, clock } = this.source;
    const walk = { limit: this.size, reverse: this.reverse, after: this.last, snapshot };
    this.chunk = this.withValues
      ? (env.entries(this.range, walk) as Entry[])
      : env.keys(this.range, walk).map((key) => ({ key }));
    this.at = 0;
    this.turn = clock.turn;
    this.ended = this.chunk.length < this.size;
    this.size = Math.min(this.size * 4, LARGEST_CHUNK);
  }
}

/** Several ranges of one index merged by what follows their prefixes. */
export class Merge {
  private readonly cursors: readonly RangeCursor[];
  private readonly reverse: boolean;

  constructor(cursors: readonly RangeCursor[], reverse: boolean) {
    this.cursors = cursors;
    this.reverse = reverse;
  }

  next(): Found | null {
    let best: RangeCursor | null = null;
    let bestKey: Buffer | null = null;
    for (const cursor of this.cursors) {
      const entry = cursor.peek();
      if (entry === null) continue;
      const tail = entry.key.subarray(cursor.prefix);
      const order = bestKey === null ? -1 : Buffer.compare(tail, bestKey) * (this.reverse ? -1 : 1);
      if (order < 0) {
        best = cursor;
        bestKey = tail;
      }
    }
    return best?.next() ?? null;
  }
}
