/** A heap whose first item comes before all others; `before` says which of two does. */
export class Heap<T> {
  private readonly items: T[] = [];
  private readonly before: (a: T, b: T) => boolean;

  constructor(before: (a: T, b: T) => boolean) {
    this.before = before;
  }

  get first(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    const { items } = this;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = items[above] as T;
      if (!this.before(item, other)) break;
      items[at] = other;
      at = above;
    }
    items[at] = item;
  }

  /** Takes the first item away. */
  shift(): void {
    const last = this.items.pop();
    if (last !== undefined && this.items.length > 0) this.sink(last);
  }

  /** Puts the first item to its place after it has changed. */
  settle(): void {
    if (this.items.length > 0) this.sink(this.items[0] as T);
  }

  private sink(item: T): void {
    const { items } = this;
    let at = 0;
    for (let below = 1; below < items.length; below = 2 * at + 1) {
      const right = below + 1;
      if (right < items.length && this.before(items[right] as T, items[below] as T)) below = right;
      const other = items[below] as T;
      if (!this.before(other, item)) break;
      items[at] = other;
      at = below;
    }
    items[at] = item;
  }
}
