import type { Document, MongoClient } from 'mongodb';

/** The longest time for which the server's loop did one thing only, since it was last asked. */
async function longestSlice(client: MongoClient): Promise<number> {
  return Number((await client.db('admin').command({ serverStatus: 1 })).longestSliceMs);
}

/** Concurrent point reads while a scan of everything runs: their p99 and longest, in milliseconds. */
export async function stalls(client: MongoClient, documents: number): Promise<void> {
  const rows = client.db('bench').collection<Document>('large');
  for (let i = 0; i < documents; i += 10_000)
    await rows.insertMany(
      Array.from({ length: 10_000 }, (_, k) => ({ _id: i + k, v: (i + k) % 977, pad: 'x'.repeat(100) })) as Document[],
    );
  const acts: [string, () => Promise<unknown>][] = [
    ['scan', () => rows.countDocuments({ pad: 'none' })],
    ['sort', () => rows.find().sort({ v: -1 }).limit(10).toArray()],
    ['group', () => rows.aggregate([{ $group: { _id: '$v', n: { $sum: 1 } } }]).toArray()],
    ['index build', () => rows.createIndex({ v: 1 })],
    ['drop', () => rows.drop()],
  ];
  for (const [name, act] of acts) {
    const took: number[] = [];
    await longestSlice(client);
    let running = true;
    const began = performance.now();
    const acting = act().finally(() => {
      running = false;
    });
    while (running) {
      const from = performance.now();
      await client.db('bench').collection('tickets').findOne({ key: 7 });
      took.push(performance.now() - from);
    }
    await acting;
    took.sort((a, b) => a - b);
    const slice = await longestSlice(client);
    const p99 = took[Math.floor(took.length * 0.99)] ?? 0;
    process.stdout.write(
      `${name.padEnd(12)} of ${documents}: ${(performance.now() - began).toFixed(0)} ms; findOne beside it: ${took.length}, p99 ${p99.toFixed(1)} ms, longest ${(took.at(-1) ?? 0).toFixed(1)} ms; longest slice of the server ${slice.toFixed(1)} ms\n`,
    );
  }
}
