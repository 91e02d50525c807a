import { openSync, readSync } from 'node:fs';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Double } from '../bson/values.ts';

/** The scheduler's words on this very thread: nanoseconds on a processor, and waiting for one. */
const SCHEDULER = '/proc/thread-self/schedstat';

/** How a slice looks from within. */
interface Slices {
  readonly longestSliceMs: Double;
  /** The same without the time in which the thread waited for a processor; not there where the system does not say. */
  readonly longestOwnSliceMs: Double | undefined;
}

let loop: IntervalHistogram | null = null;
let own: OwnSlices | null = null;

/** For tests: the longest time for which nobody else got a turn since it was last asked; the first question begins it. */
export function longestSlice(): Slices {
  if (loop === null) {
    loop = monitorEventLoopDelay({ resolution: 1 });
    loop.enable();
    own = OwnSlices.watched();
    return { longestSliceMs: new Double(0), longestOwnSliceMs: own === null ? undefined : new Double(0) };
  }
  const longest = loop.max / 1e6;
  loop.reset();
  return { longestSliceMs: new Double(longest), longestOwnSliceMs: own === null ? undefined : new Double(own.taken()) };
}

/** Measures turns of the loop as the histogram does, less the waits for a processor: neighbours do not count. */
class OwnSlices {
  private readonly file: number;
  private readonly bytes = Buffer.alloc(128);
  private longest = 0;
  private began: number;
  private waited: number;

  private constructor(file: number) {
    this.file = file;
    this.began = performance.now();
    this.waited = this.wait();
    setInterval(() => this.tick(), 1).unref();
  }

  static watched(): OwnSlices | null {
    try {
      return new OwnSlices(openSync(SCHEDULER, 'r'));
    } catch {
      return null;
    }
  }

  /** The longest one since it was last asked, in milliseconds. */
  taken(): number {
    const { longest } = this;
    this.longest = 0;
    return longest;
  }

  private tick(): void {
    const now = performance.now();
    const waited = this.wait();
    this.longest = Math.max(this.longest, now - this.began - (waited - this.waited));
    this.began = now;
    this.waited = waited;
  }

  private wait(): number {
    const length = readSync(this.file, this.bytes, 0, this.bytes.length, 0);
    return Number(this.bytes.toString('latin1', 0, length).split(' ')[1]) / 1e6;
  }
}
