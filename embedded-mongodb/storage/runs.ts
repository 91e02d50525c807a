import { Heap } from '../query/heap.ts';

/** Keys that are sorted at one time. */
const RUN = 2048;

/** Bytes of a key's length, which stands before it. */
const LENGTH_BYTES = 2;

/** A sorted run and its next key. */
interface Head {
  readonly run: Buffer;
  /** Where the key after the next one stands. */
  at: number;
  key: string;
}

/**
 * Keys that are gathered in any order and handed out in theirs: sorted in short runs, merged when they are asked for,
 * so that no step takes long. A sorted run is one piece of memory, so that a million waiting keys are nothing that the
 * collector has to look at. A key that is compared is a string of one char per byte, which compares as its bytes do.
 */
export class Runs {
  /** How much memory they take. */
  bytes = 0;
  private readonly runs: Buffer[] = [];
  private filling: string[] = [];

  add(key: Buffer): void {
    this.filling.push(key.toString('latin1'));
    this.bytes += key.length + LENGTH_BYTES;
    if (this.filling.length >= RUN) this.seal();
  }

  /** To be asked for once: what has been handed out is let go. */
  *inOrder(): Generator<Buffer> {
    if (this.filling.length > 0) this.seal();
    const heads = new Heap<Head>((a, b) => a.key < b.key);
    for (const run of this.runs.splice(0)) {
      const head = { run, at: 0, key: '' };
      if (advance(head)) heads.push(head);
    }
    for (let head = heads.first; head !== undefined; head = heads.first) {
      yield Buffer.from(head.key, 'latin1');
      if (advance(head)) heads.settle();
      else heads.shift();
    }
  }

  private seal(): void {
    const keys = this.filling.sort();
    const run = Buffer.allocUnsafeSlow(keys.reduce((sum, key) => sum + key.length + LENGTH_BYTES, 0));
    let at = 0;
    for (const key of keys) {
      at = run.writeUInt16BE(key.length, at);
      at += run.write(key, at, 'latin1');
    }
    this.runs.push(run);
    this.filling = [];
  }
}

/** Goes on to the next key of a run; false at its end. */
function advance(head: Head): boolean {
  if (head.at >= head.run.length) return false;
  const start = head.at + LENGTH_BYTES;
  head.at = start + head.run.readUInt16BE(head.at);
  head.key = head.run.toString('latin1', start, head.at);
  return true;
}
