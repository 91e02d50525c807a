/** What getUpdates carries. */
export type Update = { update_id: number } & Record<string, unknown>;

interface Poll {
  limit: number;
  allowed: string[] | null;
  answer(updates: Update[]): void;
  conflict(): void;
}

interface Outcome {
  resolve(): void;
  reject(error: Error): void;
}

/**
 * The updates of one bot: kept until an offset confirms them, handed to one long poll at a time. A newer poll ends the
 * older one with a conflict, as telegram-bot-api does (`abort_long_poll` in its Client.cpp).
 */
export class UpdateQueue {
  readonly confirmed = new Set<number>();
  /** How often each update was handed out. */
  readonly handed = new Map<number, number>();
  private waiting: Update[] = [];
  /** Number of the next update: after a quiet week the real one goes on anywhere. */
  next = 1_000;
  private poll: Poll | null = null;
  private timer: NodeJS.Timeout | null = null;
  private readonly outcomes = new Map<number, Outcome[]>();

  get pending(): number {
    return this.waiting.length;
  }

  /** Whether a long poll is being held now. */
  get polled(): boolean {
    return this.poll !== null;
  }

  add(content: Record<string, unknown>): number {
    const update = { update_id: this.next, ...content };
    this.next += 1;
    this.waiting.push(update);
    this.serve();
    return update.update_id;
  }

  /** Resolves when the update was confirmed by an offset, rejects when it is handed out a second time instead. */
  outcome(updateId: number): Promise<void> {
    if (this.confirmed.has(updateId)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.outcomes.set(updateId, [...(this.outcomes.get(updateId) ?? []), { resolve, reject }]);
    });
  }

  /** Begins a poll; `offset` confirms all before it, a negative one all but the last ones. */
  begin(offset: number, seconds: number, poll: Poll): void {
    // An offset from the future counts as none (TQueue.cpp, `get`; Client.cpp, `do_get_updates`).
    const future = offset > this.next + 9;
    this.confirm(offset < 0 ? (this.waiting.at(offset)?.update_id ?? 0) : future ? 0 : offset);
    this.poll?.conflict();
    this.end();
    this.poll = poll;
    this.timer = setTimeout(() => this.answer([]), seconds * 1_000);
    if (!this.serve() && seconds === 0) this.answer([]);
  }

  /** The poller went away. */
  leave(poll: Poll): void {
    if (this.poll === poll) this.end();
  }

  /** Ends the poll with a conflict, as setting a webhook does. */
  abort(): void {
    this.poll?.conflict();
    this.end();
  }

  private confirm(offset: number): void {
    for (const { update_id } of this.waiting.filter((update) => update.update_id < offset)) {
      this.confirmed.add(update_id);
      for (const { resolve } of this.outcomes.get(update_id) ?? []) resolve();
      this.outcomes.delete(update_id);
    }
    this.waiting = this.waiting.filter((update) => update.update_id >= offset);
  }

  private serve(): boolean {
    if (this.poll === null || this.waiting.length === 0) return false;
    const { allowed, limit } = this.poll;
    // Kinds that the bot did not ask for are never kept for it.
    this.waiting = this.waiting.filter((update) => allowed === null || allowed.some((kind) => kind in update));
    if (this.waiting.length === 0) return false;
    const updates = this.waiting.slice(0, limit);
    for (const { update_id } of updates) this.hand(update_id);
    this.answer(updates);
    return true;
  }

  private hand(updateId: number): void {
    const times = (this.handed.get(updateId) ?? 0) + 1;
    this.handed.set(updateId, times);
    if (times < 2) return;
    for (const { reject } of this.outcomes.get(updateId) ?? []) reject(new Error(`update ${updateId} was not taken`));
    this.outcomes.delete(updateId);
  }

  private answer(updates: Update[]): void {
    const poll = this.poll;
    this.end();
    poll?.answer(updates);
  }

  private end(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.poll = null;
  }
}
