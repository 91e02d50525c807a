/** What the server said to a message: taken, or an error's code. */
export type Ack = { taken: true } | { taken: false; code: string };

/** Waits for the server's word on each message that is being sent. */
export class Acks {
  private readonly waiting = new Map<string, (ack: Ack | null) => void>();
  private readonly refused = new Set<string>();

  /** To be called before the message leaves. Resolves with the server's word, with null when there will be none. */
  expect(id: string): Promise<Ack | null> {
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }

  /** The server's word came, as attributes of its `ack`. */
  settle({ id = '', error }: Record<string, string>): void {
    const resolve = this.waiting.get(id);
    this.waiting.delete(id);
    if (resolve === undefined) return;
    if (error !== undefined) this.refused.add(id);
    resolve(error === undefined ? { taken: true } : { taken: false, code: error });
  }

  /** Nobody waits for this one any more. */
  forget(id: string): void {
    this.waiting.get(id)?.(null);
    this.waiting.delete(id);
  }

  /** No word will come any more. */
  abandon(): void {
    for (const id of [...this.waiting.keys()]) this.forget(id);
  }

  /** Whether `send` has told this refusal itself: asked once, by the event that tells it too. */
  toldBySend(id: string): boolean {
    return this.refused.delete(id);
  }
}
