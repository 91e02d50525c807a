import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { open } from 'lmdb';
import { type Collection, type Document, MongoClient, ObjectId } from 'mongodb';
import { decode } from '#embedded-mongodb/bson/decode.ts';
import { doc, RawDoc, type Value } from '#embedded-mongodb/bson/values.ts';
import { start } from '#embedded-mongodb/start.ts';
import { serveConnection } from '#embedded-mongodb/wire/connection.ts';
import type { Request } from '#embedded-mongodb/wire/message.ts';

// Ours against what bounds it, in the same run: a server of the same wire code that answers canned replies without any
// work, and for writes raw LMDB. On a shared machine only the ratios say anything. `--large` scans a million documents.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    ms: { type: 'string', default: '700' },
    clients: { type: 'string', default: '10' },
    large: { type: 'string', default: '0' },
  },
});
const rounds = Number(values.rounds);
const clients = Number(values.clients);
const pad = 'x'.repeat(600);
const companyId = new ObjectId();

const ticket = (i: number) => ({
  key: i,
  status: i % 4,
  departmentId: i % 5,
  lastAt: new Date(i * 1000),
  companyId,
  pad,
});

/** Operations a second of so many clients at once. */
async function rate(run: (i: number) => Promise<unknown>, lanes: number = clients): Promise<number> {
  const end = performance.now() + Number(values.ms);
  const began = performance.now();
  let done = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < end) {
      await run(done);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return (done / (performance.now() - began)) * 1000;
}

/** The canned server: `hello` as ours says it, one stored document or twenty as every find's answer. */
async function canned(hello: Document, stored: Buffer): Promise<{ uri: string; server: Server }> {
  const plain = (value: unknown): Value =>
    value instanceof Date || value instanceof ObjectId ? null : typeof value === 'object' ? null : (value as Value);
  const answerOf = (request: Request): Map<string, Value> => {
    const [name = ''] = request.body.keys();
    const ok = { ok: 1 };
    if (name === 'hello' || name === 'ismaster')
      return doc({
        ...Object.fromEntries(Object.entries(hello).map(([key, value]) => [key, plain(value)])),
        hosts: [],
        ok: 1,
      });
    if (name !== 'find') return doc({ n: 1, ...ok });
    const limit = Number(request.body.get('limit') ?? 1);
    const firstBatch = Array.from({ length: Math.abs(limit) }, () => new RawDoc(stored));
    return doc({ cursor: doc({ firstBatch, id: 0n, ns: 'bench.tickets' }), ...ok });
  };
  const server = createServer((socket) =>
    serveConnection(socket, {
      answer: async (request) => answerOf(request),
      refuse: () => doc({ ok: 0 }),
      log: () => undefined,
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { uri: `mongodb://127.0.0.1:${port}/?directConnection=true`, server };
}

/** Seconds that raw LMDB needs for the keys of so many inserts in one transaction. */
function rawInserts(folder: string, count: number, keysEach: number): number {
  const raw = open({ path: join(folder, `raw-${Math.random()}`), keyEncoding: 'binary', encoding: 'binary' });
  const bytes = Buffer.alloc(750, 1);
  const one = Buffer.from([1]);
  const began = performance.now();
  raw.transactionSync(() => {
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < keysEach; k++) {
        const key = Buffer.alloc(24, k);
        key.writeUInt32BE(k + 1, 0);
        key.writeUInt32BE((i * 2_654_435_761) >>> 0, 4);
        raw.putSync(key, k === 0 ? bytes : one);
      }
    }
  });
  return (performance.now() - began) / 1000;
}

interface Row {
  readonly name: string;
  readonly ours: number[];
  readonly ceiling: number[];
}

const table = new Map<string, Row>();

function note(name: string, ours: number, ceiling: number): void {
  const row = table.get(name) ?? { name, ours: [], ceiling: [] };
  row.ours.push(ours);
  row.ceiling.push(ceiling);
  table.set(name, row);
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;

async function round(ours: MongoClient, bound: MongoClient, folder: string, n: number): Promise<void> {
  const mine = ours.db('bench').collection<Document>('tickets');
  const theirs = bound.db('bench').collection<Document>('tickets');
  const pair = async (
    name: string,
    run: (rows: Collection<Document>, i: number) => Promise<unknown>,
  ): Promise<void> => {
    const first = n % 2 === 0 ? mine : theirs;
    const a = await rate((i) => run(first, i));
    const b = await rate((i) => run(first === mine ? theirs : mine, i));
    note(name, first === mine ? a : b, first === mine ? b : a);
  };
  await pair('findOne by unique key / canned', (rows, i) => rows.findOne({ key: i % 5000 }));
  const inbox = { status: 1, departmentId: 2 };
  await pair('inbox of 20 / canned', (rows) => rows.find(inbox).sort({ lastAt: -1 }).limit(20).toArray());
  await pair('insertOne / canned (no disk)', (rows, i) => rows.insertOne({ ...ticket(i), key: new ObjectId() }));
  await pair('updateOne by key / canned (no disk)', (rows, i) => rows.updateOne({ key: i % 5000 }, { $inc: { n: 1 } }));
  const many = Array.from({ length: 1000 }, (_, i) => ({ ...ticket(i), key: new ObjectId() }));
  const began = performance.now();
  await mine.insertMany(many);
  note(
    'insertMany of 1000, documents/s / raw LMDB',
    1e6 / (performance.now() - began),
    1000 / rawInserts(folder, 1000, 6),
  );
  const counted = await rate(() => mine.countDocuments({ status: 1, departmentId: 2 }), 1);
  note(
    'count of 1000 by index, one client / ping',
    counted,
    await rate(() => ours.db('bench').command({ ping: 1 }), 1),
  );
}

/** The longest time for which the server's loop did one thing only, since it was last asked. */
async function longestSlice(client: MongoClient): Promise<number> {
  return Number((await client.db('admin').command({ serverStatus: 1 })).longestSliceMs);
}

/** Concurrent point reads while a scan of everything runs: their p99 and longest, in milliseconds. */
async function stalls(client: MongoClient, documents: number): Promise<void> {
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

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'embedded-bench-'));
  const database = await start({ dataDir: folder, host: 'fork', testCommands: true });
  const ours = await MongoClient.connect(database.uri, { maxPoolSize: 64 });
  const tickets = ours.db('bench').collection<Document>('tickets');
  await tickets.createIndexes([
    { key: { key: 1 }, name: 'key', unique: true },
    { key: { status: 1, departmentId: 1, lastAt: 1 }, name: 'inbox' },
    { key: { companyId: 1, lastAt: 1 }, name: 'company' },
    { key: { lastAt: 1 }, name: 'last' },
  ]);
  await tickets.insertMany(Array.from({ length: 20_000 }, (_, i) => ticket(i)));
  const stored = Buffer.from((await tickets.findOne({ key: 1 }, { raw: true })) as unknown as Uint8Array);
  decode(stored);
  const { uri, server } = await canned(await ours.db().command({ hello: 1 }), stored);
  const bound = await MongoClient.connect(uri, { maxPoolSize: 64 });
  for (let n = 0; n < rounds; n++) await round(ours, bound, folder, n);
  process.stdout.write(`${clients} clients, ${rounds} rounds, medians a second\n`);
  for (const row of table.values()) {
    const ratios = row.ours.map((value, i) => value / (row.ceiling[i] ?? Number.NaN));
    process.stdout.write(
      `${row.name.padEnd(44)} ${median(row.ours).toFixed(0).padStart(8)} to ${median(row.ceiling).toFixed(0).padStart(8)}  = ${median(ratios).toFixed(3)}\n`,
    );
  }
  if (Number(values.large) > 0) await stalls(ours, Number(values.large));
  await bound.close();
  server.close();
  await ours.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}

await main();
