import { ServerError } from '../errors.ts';

/** Work is done in slices of this many milliseconds; between them other commands get their turn. */
const SLICE_MS = 2;

/**
 * The time of one command: tells its loops when to pause and ends it when `maxTimeMS` has passed (code 50). `turn`
 * counts the pauses, so that what was read before one is known to be stale.
 */
export class Clock {
  turn = 0;
  private calls = 0;
  private sliceEnd: number;
  private readonly maxTimeMs: number;
  private deadline: number;

  constructor(maxTimeMs: number) {
    const now = performance.now();
    this.sliceEnd = now + SLICE_MS;
    this.maxTimeMs = maxTimeMs;
    this.deadline = maxTimeMs > 0 ? now + maxTimeMs : Number.POSITIVE_INFINITY;
  }

  /** Whether it is time to pause. Looks at the time on every eighth call only. */
  due(): boolean {
    this.calls += 1;
    if (this.calls % 8 !== 0) return false;
    const now = performance.now();
    if (now > this.deadline) throw new ServerError(50, 'operation exceeded time limit');
    return now >= this.sliceEnd;
  }

  /** Lets other work go on and begins the next slice. */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.begin();
  }

  /** Begins the time of a further command that goes on with this work. */
  restart(): void {
    this.begin();
    if (this.maxTimeMs > 0) this.deadline = performance.now() + this.maxTimeMs;
  }

  /** Begins a slice, for work that waited. */
  begin(): void {
    this.turn += 1;
    this.sliceEnd = performance.now() + SLICE_MS;
  }
}

/** Rows that are in memory, with the pauses that a scan would have. */
export function* paced<T>(rows: Iterable<T>, clock: Clock): Generator<T | null> {
  for (const row of rows) {
    yield row;
    if (clock.due()) yield null;
  }
}

/** Takes all rows of a source, pausing where it asks for it. */
export async function drain<T>(rows: Iterable<T | null>, clock: Clock): Promise<T[]> {
  const out: T[] = [];
  for (const row of rows) {
    if (row === null) await clock.pause();
    else out.push(row);
  }
  return out;
}

/** The first row of a source, pausing where it asks for it. */
export async function firstOf<T>(rows: Iterable<T | null>, clock: Clock): Promise<T | undefined> {
  for (const row of rows) {
    if (row !== null) return row;
    await clock.pause();
  }
  return undefined;
}
