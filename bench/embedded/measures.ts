import { readFileSync } from 'node:fs';
import { type Collection, type Document, type MongoClient, ObjectId } from 'mongodb';
import { tableRange } from '#embedded-mongodb/storage/tables.ts';
import { rate, took } from './rate.ts';
import { indexesOf, putsOf, type Raw } from './raw.ts';

const companyId = new ObjectId();
const pad = 'x'.repeat(600);

/** The indexes of the measured collection beside `_id`. */
export const INDEXES = [
  { key: { key: 1 }, name: 'key', unique: true },
  { key: { status: 1, departmentId: 1, lastAt: 1 }, name: 'inbox' },
  { key: { companyId: 1, lastAt: 1 }, name: 'company' },
  { key: { lastAt: 1 }, name: 'last' },
] as const;

const ALL_INDEXES = [{ key: { _id: 1 }, unique: true }, ...INDEXES];

/** A document of 0.8 kB. */
export function ticket(i: number): Document {
  return {
    _id: new ObjectId(),
    key: i,
    status: i % 4,
    departmentId: i % 5,
    lastAt: new Date(i * 1000),
    companyId,
    n: 0,
    pad,
  };
}

const fresh = (i: number): Document => ({ ...ticket(i), key: new ObjectId() });

type Tickets = Collection<Document>;

/** What many clients do at once, on ours and on the ceiling. */
export const POINTS: readonly {
  readonly name: string;
  readonly goal: string;
  readonly run: (rows: Tickets, i: number) => Promise<unknown>;
}[] = [
  { name: 'findOne by unique key', goal: '0.85', run: (rows, i) => rows.findOne({ key: i % 5000 }) },
  {
    name: 'inbox of 20, sorted',
    goal: '0.7',
    run: (rows) => rows.find({ status: 1, departmentId: 2 }).sort({ lastAt: -1 }).limit(20).toArray(),
  },
  { name: 'insertOne', goal: '0.8', run: (rows, i) => rows.insertOne(fresh(i)) },
  {
    name: 'findOneAndUpdate by key',
    goal: '0.8',
    run: (rows, i) => rows.findOneAndUpdate({ key: i % 5000 }, { $inc: { n: 1 } }),
  },
];

/** What the other measures need. */
export interface Bench {
  readonly ours: MongoClient;
  readonly raw: Raw;
  readonly ms: number;
  /** Numbers the rounds, so that raw keys are new in each. */
  readonly round: number;
}

/** One measure by itself: our figure and its bound, both as they are compared; `unit` says what they are. */
export interface Alone {
  readonly name: string;
  readonly goal: string;
  readonly unit: string;
  readonly run: (bench: Bench) => Promise<readonly [ours: number, bound: number]>;
}

const SCANNED = 20_000;

/** Where lmdb alone keeps what `insertMany` adds to: as many documents under as many keys as ours has. */
const FILLED = { table: 10, documents: 20_000 } as const;
const FILLED_INDEXES = indexesOf(ALL_INDEXES, FILLED.table);
const COUNTED = 40_000;

/** Collections that are read whole, once for all rounds. */
export async function prepare(client: MongoClient, raw: Raw): Promise<void> {
  const tickets = client.db('bench').collection<Document>('tickets');
  await tickets.createIndexes(INDEXES.map((index) => ({ ...index })));
  await tickets.insertMany(Array.from({ length: 20_000 }, (_, i) => ticket(i)));
  const scanned = Array.from({ length: SCANNED }, (_, i) => ticket(i));
  await client.db('bench').collection<Document>('scanned').insertMany(scanned);
  raw.write(putsOf(scanned, [], 0));
  const filled = client.db('bench').collection<Document>('filled');
  await filled.createIndexes(INDEXES.map((index) => ({ ...index })));
  const many = Array.from({ length: FILLED.documents }, (_, i) => ticket(i));
  await filled.insertMany(many);
  raw.write(putsOf(many, FILLED_INDEXES, 0, FILLED.table));
  const counted = client.db('bench').collection<Document>('counted');
  await counted.createIndex({ s: 1 });
  const few = Array.from({ length: COUNTED }, (_, i) => ({ _id: new ObjectId(), s: 1, i }));
  await counted.insertMany(few);
  raw.write(putsOf(few, indexesOf([{ key: { s: 1 } }]), SCANNED));
}

/** Measures with bounds of their own. */
export const ALONE: readonly Alone[] = [
  {
    name: 'insertMany of 1,000 to raw LMDB, same keys, one transaction',
    goal: '>= 0.5',
    unit: 'documents/s',
    run: async ({ ours, raw, round }) => {
      const many = Array.from({ length: 1000 }, (_, i) => fresh(i));
      const puts = putsOf(many, FILLED_INDEXES, 1_000_000 * (round + 1), FILLED.table);
      const filled = ours.db('bench').collection<Document>('filled');
      const rows = await took(() => filled.insertMany(many));
      return [1e6 / rows, 1e6 / (await took(() => raw.write(puts)))];
    },
  },
  {
    name: `unindexed scan of ${SCANNED} to lmdb's own read`,
    goal: '<= 2.5x as long',
    unit: 'documents/s',
    run: async ({ ours, raw }) => {
      const scanned = ours.db('bench').collection<Document>('scanned');
      const rows = await took(() => scanned.find({ n: 1 }).toArray());
      const { start, end } = tableRange(1);
      return [SCANNED / rows, SCANNED / (await took(() => raw.read(start, end)))];
    },
  },
  {
    name: `count of ${COUNTED} by an index to getKeysCount`,
    goal: '<= 10x as long',
    unit: 'counts/s',
    run: async ({ ours, raw }) => {
      const counted = ours.db('bench').collection<Document>('counted');
      const { start, end } = tableRange(2);
      return [
        1000 / (await took(() => counted.countDocuments({ s: 1 }))),
        1000 / (await took(() => raw.count(start, end))),
      ];
    },
  },
  {
    name: 'inbound events in groups of 64 to ping',
    goal: '>= 0.25',
    unit: 'a second',
    run: async ({ ours, ms }) => {
      const events = 64 * (await rate((i) => inbound(ours, i), 1, ms));
      return [events, await rate(() => ours.db('bench').command({ ping: 1 }), 1, ms / 2)];
    },
  },
];

/** Processor time of the server for one inbound event, in milliseconds. */
export async function inboundCpu(client: MongoClient, ms: number): Promise<number> {
  const { pid } = await client.db('admin').command({ serverStatus: 1 });
  const before = cpuMs(Number(pid));
  let groups = 0;
  const group = async (i: number): Promise<void> => {
    groups += 1;
    await inbound(client, i + 1_000_000);
  };
  await rate(group, 1, ms);
  return (cpuMs(Number(pid)) - before) / (64 * groups);
}

/** User and system time of a process; the kernel counts in hundredths of a second. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** What 64 incoming messages write together: themselves, their tickets and a line of history each. */
async function inbound(client: MongoClient, i: number): Promise<void> {
  const db = client.db('bench');
  const each = Array.from({ length: 64 }, (_, n) => n);
  const at = new Date();
  await client.withSession((session) =>
    session.withTransaction(async () => {
      await db.collection<Document>('messages').insertMany(
        each.map((n) => ({ ticket: n, seq: i * 64 + n, from: '+5541999990000', text: pad.slice(0, 300), at })),
        { session },
      );
      await db.collection<Document>('tickets').bulkWrite(
        each.map((n) => ({
          updateOne: { filter: { key: (i * 64 + n) % 20_000 }, update: { $set: { lastAt: at }, $inc: { n: 1 } } },
        })),
        { session },
      );
      await db.collection<Document>('history').insertMany(
        each.map((n) => ({ ticket: n, seq: i, kind: 'message', at })),
        { session },
      );
    }),
  );
}
