import { unattended } from '#shared/unattended.ts';
import type { OpenRow } from './journal.ts';

const lanesMost = 8;
/** Above this many rows that wait for the desk, no more are decrypted: the server keeps them. */
const waitingMost = 200;

/** Brings journal rows to the desk: in order within a conversation, several conversations at once. */
export class Pump {
  private readonly deliver: (row: OpenRow) => Promise<void>;
  private readonly idle: () => Promise<void>;
  private readonly lanes = new Map<string, OpenRow[]>();
  /** Lanes that nobody works at, in the order in which they became ready. */
  private readonly ready: string[] = [];
  private readonly holding: (() => void)[] = [];
  private readonly draining: (() => void)[] = [];
  private busy = 0;
  private waiting = 0;
  private stopped = false;

  /** `deliver` rejects only when the desk takes nothing more; `idle` is called when nothing waits. */
  constructor(deliver: (row: OpenRow) => Promise<void>, idle: () => Promise<void>) {
    this.deliver = deliver;
    this.idle = idle;
  }

  add(row: OpenRow): void {
    if (this.stopped) return;
    const name = laneOf(row.attrs);
    const lane = this.lanes.get(name);
    this.waiting += 1;
    if (lane !== undefined) lane.push(row);
    else {
      this.lanes.set(name, [row]);
      this.ready.push(name);
    }
    this.start();
  }

  /** Resolves when there is room for one more row. */
  async room(): Promise<void> {
    while (this.waiting >= waitingMost && !this.stopped) {
      await new Promise<void>((resolve) => this.holding.push(resolve));
    }
  }

  /** Resolves when the desk has all rows that were added, or when the pump was stopped. */
  async drained(): Promise<void> {
    while (this.waiting > 0 && !this.stopped) {
      await new Promise<void>((resolve) => this.draining.push(resolve));
    }
  }

  /** Brings no more rows; what stays is brought when the channel is connected again. */
  stop(): void {
    this.stopped = true;
    this.release();
    for (const resolve of this.draining.splice(0)) resolve();
  }

  private start(): void {
    while (this.busy < lanesMost && !this.stopped) {
      const name = this.ready.shift();
      if (name === undefined) return;
      this.busy += 1;
      unattended(this.work(name), 'messages of WhatsApp on their way to the desk');
    }
  }

  private async work(name: string): Promise<void> {
    const lane = this.lanes.get(name) ?? [];
    try {
      for (let row = lane[0]; row !== undefined && !this.stopped; row = lane[0]) {
        await this.deliver(row);
        lane.shift();
        this.waiting -= 1;
        this.release();
      }
      this.lanes.delete(name);
      this.busy -= 1;
    } catch {
      // The lease is lost.
      this.stop();
      return;
    }
    if (this.waiting === 0) await this.finish();
    this.start();
  }

  private release(): void {
    for (const resolve of this.holding.splice(0)) resolve();
  }

  private async finish(): Promise<void> {
    // Marks that cannot be written now only mean that a message is brought again, and is known then.
    await this.idle().catch(() => undefined);
    for (const resolve of this.draining.splice(0)) resolve();
  }
}

/** The person at the other end, by the LID where the stanza names it, else by number. */
function laneOf(attrs: Record<string, string>): string {
  const { from = '', recipient, recipient_lid, sender_lid } = attrs;
  return (recipient_lid ?? recipient ?? sender_lid ?? from).replace(/:\d+@/, '@');
}
