/** Keys that are sorted at one time. */
const RUN = 2048;

/** Bytes that a key costs beside its own. */
const KEY_BYTES = 32;

/** A sorted run and the place of its next key. */
interface Head {
  readonly run: readonly string[];
  at: number;
}

/**
 * Keys that are gathered in any order and handed out in theirs: sorted in short runs, merged when they are asked for,
 * so that no step takes long. A key is kept as a string of one char per byte, which compares as its bytes do.
 */
export class Runs {
  /** About how much memory they take. */
  bytes = 0;
  private readonly runs: string[][] = [];
  private filling: string[] = [];

  add(key: Buffer): void {
    this.filling.push(key.toString('latin1'));
    this.bytes += key.length + KEY_BYTES;
    if (this.filling.length >= RUN) this.seal();
  }

  *inOrder(): Generator<Buffer> {
    if (this.filling.length > 0) this.seal();
    const heap: Head[] = [];
    for (const run of this.runs) rise(heap, { run, at: 0 });
    for (let head = heap[0]; head !== undefined; head = heap[0]) {
      yield Buffer.from(keyOf(head), 'latin1');
      head.at += 1;
      if (head.at < head.run.length) sink(heap, head);
      else {
        const last = heap.pop();
        if (last !== undefined && last !== head) sink(heap, last);
      }
    }
  }

  private seal(): void {
    this.runs.push(this.filling.sort());
    this.filling = [];
  }
}

function keyOf(head: Head): string {
  return head.run[head.at] as string;
}

/** Puts a new head into the heap, whose first one has the lowest key. */
function rise(heap: Head[], head: Head): void {
  let at = heap.length;
  heap.push(head);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const other = heap[above] as Head;
    if (keyOf(other) <= keyOf(head)) break;
    heap[at] = other;
    at = above;
  }
  heap[at] = head;
}

/** Puts a head into the place of the first one and down to its own. */
function sink(heap: Head[], head: Head): void {
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= heap.length) break;
    const right = heap[below + 1];
    if (right !== undefined && keyOf(right) < keyOf(heap[below] as Head)) below += 1;
    const other = heap[below] as Head;
    if (keyOf(head) <= keyOf(other)) break;
    heap[at] = other;
    at = below;
  }
  heap[at] = head;
}
