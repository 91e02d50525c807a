import type { Document, MongoClient } from 'mongodb';

/** Documents of one insert. */
const BATCH = 10_000;

/** How long is watched what a dropped collection leaves to be removed. */
const SWEEP_MS = 3000;

/** The longest times for which the server's loop did one thing only since it was last asked, in milliseconds. */
interface Slices {
  /** By the clock: collections of memory, flushes and the turns of other processes included. */
  readonly wall: number;
  /** Less what the thread waited for a processor; NaN where the system does not say. */
  readonly own: number;
}

async function longestSlices(client: MongoClient): Promise<Slices> {
  const status = await client.db('admin').command({ serverStatus: 1 });
  return { wall: Number(status.longestSliceMs), own: Number(status.longestOwnSliceMs) };
}

/** Point reads of one client while `act` runs: how long the act and each read took, in milliseconds. */
async function beside(client: MongoClient, act: () => Promise<unknown>): Promise<{ took: number; reads: number[] }> {
  const tickets = client.db('bench').collection('tickets');
  const reads: number[] = [];
  let running = true;
  const began = performance.now();
  const acting = act().finally(() => {
    running = false;
  });
  while (running) {
    const from = performance.now();
    await tickets.findOne({ key: 7 });
    reads.push(performance.now() - from);
  }
  await acting;
  return { took: performance.now() - began, reads: reads.sort((a, b) => a - b) };
}

/** Work on many documents with point reads beside it: p99 and longest of these, and the server's longest slices. */
export async function stalls(client: MongoClient, documents: number): Promise<void> {
  const rows = client.db('bench').collection<Document>('large');
  for (let i = 0; i < documents; i += BATCH)
    await rows.insertMany(
      Array.from({ length: BATCH }, (_, k) => ({ _id: i + k, v: (i + k) % 977, pad: 'x'.repeat(100) })) as Document[],
    );
  const acts: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['scan', () => rows.countDocuments({ pad: 'none' })],
    ['sort, first 10', () => rows.find().sort({ v: -1 }).limit(10).toArray()],
    [
      'sort, all of a fifth',
      () =>
        rows
          .find({ v: { $lt: 195 } })
          .sort({ v: -1 })
          .hasNext(),
    ],
    ['group', () => rows.aggregate([{ $group: { _id: '$v', n: { $sum: 1 } } }]).toArray()],
    ['index build', () => rows.createIndex({ v: 1 })],
    ['drop', () => rows.drop()],
    ['sweep after it', () => new Promise<void>((resolve) => setTimeout(resolve, SWEEP_MS))],
  ];
  for (const [name, act] of acts) {
    await longestSlices(client);
    const { took, reads } = await beside(client, act);
    const { wall, own } = await longestSlices(client);
    const p99 = reads[Math.floor(reads.length * 0.99)] ?? 0;
    process.stdout.write(
      `${name.padEnd(21)} of ${documents}: ${took.toFixed(0).padStart(5)} ms; findOne beside it: ${reads.length}, p99 ${p99.toFixed(1)} ms, longest ${(reads.at(-1) ?? 0).toFixed(1)} ms; longest slice of the server ${wall.toFixed(1)} ms, without waits for a processor ${own.toFixed(1)} ms\n`,
    );
  }
}
