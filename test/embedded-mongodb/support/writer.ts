import { MongoClient } from 'mongodb';
import { start } from '#embedded-mongodb/start.ts';

// A process that writes until it is killed, and says after each answer what has been acknowledged.

const dataDir = process.argv[2] as string;
const round = process.argv[3] as string;
const INSERTERS = 6;
const TRANSACTIONS = 3;

function acknowledge(message: { insert?: string; transfer?: string }): void {
  process.send?.(message);
}

async function insertForever(client: MongoClient, who: number): Promise<never> {
  const c = client.db('kill').collection<{ _id: string; who: number; pad: string }>('inserts');
  for (let i = 0; ; i++) {
    const _id = `${round}-${who}-${i}`;
    await c.insertOne({ _id, who, pad: 'x'.repeat(i % 700) });
    acknowledge({ insert: _id });
  }
}

async function transferForever(client: MongoClient, who: number): Promise<never> {
  const db = client.db('kill');
  for (let i = 0; ; i++) {
    const _id = `${round}-${who}-${i}`;
    await client.withSession((session) =>
      session.withTransaction(async () => {
        await db.collection<{ _id: string }>('left').insertOne({ _id }, { session });
        await db.collection<{ _id: string }>('right').insertOne({ _id }, { session });
        await db
          .collection<{ _id: number; n: number }>('sums')
          .updateOne({ _id: who }, { $inc: { n: 1 } }, { session, upsert: true });
      }),
    );
    acknowledge({ transfer: _id });
  }
}

const database = await start({ dataDir });
const client = await MongoClient.connect(database.uri);
await client.db('kill').collection('inserts').createIndex({ who: 1, pad: 1 });
process.send?.({ ready: true });
await Promise.all([
  ...Array.from({ length: INSERTERS }, (_, who) => insertForever(client, who)),
  ...Array.from({ length: TRANSACTIONS }, (_, who) => transferForever(client, who)),
]);
