import type { Clock, Pace } from './tuning.ts';

/** Lets as many through as a bucket holds, then one each time a token has come. One bucket a number. */
export class Bucket {
  private readonly pace: Pace;
  private readonly clock: Clock;
  private tokens: number;
  private filled: number;
  private queue: Promise<void> = Promise.resolve();

  constructor(pace: Pace, clock: Clock) {
    this.pace = pace;
    this.clock = clock;
    this.tokens = pace.burst;
    this.filled = clock.now();
  }

  /** Resolves when the caller may write; in the order of the calls. At once when `signal` aborts. */
  async take(signal: AbortSignal): Promise<void> {
    const turn = this.queue.then(() => this.next(signal));
    this.queue = turn;
    await turn;
  }

  private async next(signal: AbortSignal): Promise<void> {
    this.fill();
    while (this.tokens < 1 && !signal.aborted) {
      await this.clock.sleep(Math.ceil(((1 - this.tokens) / this.pace.perSecond) * 1_000), signal);
      this.fill();
    }
    this.tokens -= 1;
  }

  private fill(): void {
    const now = this.clock.now();
    const came = (Math.max(0, now - this.filled) / 1_000) * this.pace.perSecond;
    this.tokens = Math.min(this.pace.burst, this.tokens + came);
    this.filled = now;
  }
}

/** Length of one pause with "typing…", in ms. `random` is between 0 and 1. */
export function composingMs({ composing: [least, most] }: Pace, random: number): number {
  return Math.round(least + (most - least) * random);
}
