import { randomBytes } from 'node:crypto';
import { Binary, type ClientSession, Long, MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { database, rejection } from './support/database.ts';
import { Wire } from './support/wire.ts';

const base = database();

async function inSession<T>(run: (session: ClientSession) => Promise<T>): Promise<T> {
  const session = base.client.startSession();
  try {
    return await run(session);
  } finally {
    await session.endSession();
  }
}

describe('a transaction', () => {
  it('sees its own writes and a snapshot of the rest, others see it when it commits', async () => {
    const c = base.db.collection<{ _id: number; v: number }>('snapshot');
    await c.insertMany([
      { _id: 1, v: 1 },
      { _id: 2, v: 2 },
    ]);
    await inSession(async (session) => {
      session.startTransaction();
      await c.updateOne({ _id: 1 }, { $set: { v: 10 } }, { session });
      await c.insertOne({ _id: 3, v: 3 }, { session });
      await c.updateOne({ _id: 2 }, { $set: { v: 20 } });
      await c.insertOne({ _id: 4, v: 4 });
      expect(await c.find({}, { session }).sort({ _id: 1 }).toArray()).toEqual([
        { _id: 1, v: 10 },
        { _id: 2, v: 2 },
        { _id: 3, v: 3 },
      ]);
      expect(await c.countDocuments({ v: { $gte: 3 } }, { session })).toBe(2);
      expect(await c.find({}).sort({ _id: 1 }).toArray()).toEqual([
        { _id: 1, v: 1 },
        { _id: 2, v: 20 },
        { _id: 4, v: 4 },
      ]);
      await session.commitTransaction();
    });
    expect((await c.find({}).sort({ _id: 1 }).toArray()).map((each) => each.v)).toEqual([10, 20, 3, 4]);
    expect(await c.estimatedDocumentCount()).toBe(4);
  });

  it('leaves nothing behind when it is aborted', async () => {
    const c = base.db.collection('aborted');
    await c.insertOne({ kept: true });
    await inSession(async (session) => {
      session.startTransaction();
      await c.deleteMany({}, { session });
      await c.insertOne({ kept: false }, { session });
      await base.db.collection('made-inside').insertOne({ a: 1 }, { session });
      await session.abortTransaction();
    });
    expect(await c.find({}, { projection: { _id: 0 } }).toArray()).toEqual([{ kept: true }]);
    expect(await base.db.listCollections({ name: 'made-inside' }).toArray()).toEqual([]);
  });

  it('conflicts with one that has written the same document, at once and with the label', async () => {
    const c = base.db.collection<{ _id: number; v: number }>('conflict');
    await c.insertOne({ _id: 1, v: 0 });
    await inSession(async (one) => {
      await inSession(async (two) => {
        one.startTransaction();
        two.startTransaction();
        await c.updateOne({ _id: 1 }, { $inc: { v: 1 } }, { session: one });
        const error = await rejection(c.updateOne({ _id: 1 }, { $inc: { v: 1 } }, { session: two }));
        expect(error.code).toBe(112);
        expect(
          (error as unknown as { hasErrorLabel(label: string): boolean }).hasErrorLabel('TransientTransactionError'),
        ).toBe(true);
        await one.commitTransaction();
        await two.abortTransaction();
      });
    });
    expect((await c.findOne({ _id: 1 }))?.v).toBe(1);
  });

  it('conflicts with a document committed after its snapshot', async () => {
    const c = base.db.collection<{ _id: number; v: number }>('later');
    await c.insertOne({ _id: 1, v: 0 });
    await inSession(async (session) => {
      session.startTransaction();
      await c.findOne({ _id: 1 }, { session });
      await c.updateOne({ _id: 1 }, { $inc: { v: 5 } });
      expect((await rejection(c.updateOne({ _id: 1 }, { $inc: { v: 1 } }, { session }))).code).toBe(112);
      await session.abortTransaction();
    });
  });

  it('makes a plain write wait for it', async () => {
    const c = base.db.collection<{ _id: number; v: number }>('waits');
    await c.insertOne({ _id: 1, v: 1 });
    await inSession(async (session) => {
      session.startTransaction();
      await c.updateOne({ _id: 1 }, { $inc: { v: 1 } }, { session });
      let done = false;
      const plain = c.updateOne({ _id: 1 }, { $mul: { v: 10 } }).then(() => {
        done = true;
      });
      await c.findOne({ _id: 1 });
      expect(done).toBe(false);
      await session.commitTransaction();
      await plain;
    });
    expect((await c.findOne({ _id: 1 }))?.v).toBe(20);
  });

  it('makes an insert of many wait for a key that it holds, and take nothing twice', async () => {
    const c = base.db.collection<{ _id: number }>('waits-many');
    await c.insertOne({ _id: -1 });
    // With connections that are open already the insert meets the key before the transaction ends.
    await Promise.all(Array.from({ length: 4 }, () => c.findOne()));
    await inSession(async (session) => {
      session.startTransaction();
      await c.insertOne({ _id: 7 }, { session });
      let done = false;
      // The key is met when seven documents of the same statement are written.
      const plain = c.insertMany(Array.from({ length: 12 }, (_, _id) => ({ _id }))).then(() => {
        done = true;
      });
      for (let i = 0; i < 20; i++) await c.findOne({ _id: -1 });
      expect(done).toBe(false);
      await session.abortTransaction();
      await plain;
    });
    expect((await c.find().toArray()).map(({ _id }) => _id)).toEqual([-1, ...Array.from({ length: 12 }, (_, i) => i)]);
    expect(await c.countDocuments()).toBe(13);
  });

  it('is ended by a duplicate key, which stands in the reply', async () => {
    const c = base.db.collection('unique');
    await c.createIndex({ key: 1 }, { unique: true });
    await c.insertOne({ key: 'taken' });
    await inSession(async (session) => {
      session.startTransaction();
      await c.insertOne({ key: 'free' }, { session });
      const error = await rejection(c.insertOne({ key: 'taken' }, { session }));
      expect(error.code).toBe(11000);
      expect(error.keyValue).toEqual({ key: 'taken' });
      expect((await rejection(c.insertOne({ key: 'other' }, { session }))).code).toBe(251);
      await session.abortTransaction();
    });
    expect(await c.countDocuments({})).toBe(1);
  });

  it('may swap a unique key between two documents, and give one up for a new one', async () => {
    const c = base.db.collection<{ _id: number; key: string }>('swap');
    await c.createIndex({ key: 1 }, { unique: true });
    await c.insertMany([
      { _id: 1, key: 'a' },
      { _id: 2, key: 'b' },
    ]);
    await inSession((session) =>
      session.withTransaction(async () => {
        await c.updateOne({ _id: 1 }, { $set: { key: 'tmp' } }, { session });
        await c.updateOne({ _id: 2 }, { $set: { key: 'a' } }, { session });
        await c.updateOne({ _id: 1 }, { $set: { key: 'b' } }, { session });
        await c.deleteOne({ _id: 1 }, { session });
        await c.insertOne({ _id: 3, key: 'b' }, { session });
      }),
    );
    expect(await c.find({}).sort({ _id: 1 }).toArray()).toEqual([
      { _id: 2, key: 'a' },
      { _id: 3, key: 'b' },
    ]);
    expect((await rejection(c.insertOne({ _id: 4, key: 'a' }))).code).toBe(11000);
  });

  it('conflicts over a unique key that another open one has taken', async () => {
    const c = base.db.collection('key-lock');
    await c.createIndex({ key: 1 }, { unique: true });
    await inSession(async (one) => {
      await inSession(async (two) => {
        one.startTransaction();
        two.startTransaction();
        await c.insertOne({ key: 'x' }, { session: one });
        expect((await rejection(c.insertOne({ key: 'x' }, { session: two }))).code).toBe(112);
        await one.commitTransaction();
      });
    });
    expect(await c.countDocuments({ key: 'x' })).toBe(1);
  });

  it('loses no increment among many clients that retry', async () => {
    const c = base.db.collection<{ _id: string; n: number }>('counter');
    const log = base.db.collection('counter-log');
    await c.insertOne({ _id: 'n', n: 0 });
    const clients = await Promise.all(Array.from({ length: 8 }, () => MongoClient.connect(base.uri)));
    await Promise.all(
      clients.map(async (client) => {
        for (let i = 0; i < 10; i++)
          await client.withSession((session) =>
            session.withTransaction(async () => {
              const before = await client
                .db('test')
                .collection('counter')
                .findOne({ _id: 'n' as never }, { session });
              await client
                .db('test')
                .collection('counter')
                .updateOne({ _id: 'n' as never }, { $set: { n: before?.n + 1 } }, { session });
              await client
                .db('test')
                .collection('counter-log')
                .insertOne({ n: before?.n + 1 }, { session });
            }),
          );
      }),
    );
    await Promise.all(clients.map((client) => client.close()));
    expect((await c.findOne({ _id: 'n' }))?.n).toBe(80);
    expect((await log.distinct('n')).length).toBe(80);
    expect(await log.countDocuments({})).toBe(80);
  });

  it('lets one of several make a collection, the others run again', async () => {
    const wires = await Promise.all(Array.from({ length: 6 }, () => Wire.connect(base.uri)));
    const heads = wires.map(() => ({
      lsid: { id: new Binary(randomBytes(16), 4) },
      txnNumber: Long.fromNumber(1),
      autocommit: false,
    }));
    for (const [i, wire] of wires.entries()) {
      const insert = {
        insert: 'made-by-one',
        documents: [{ _id: i }],
        ...heads[i],
        startTransaction: true,
        $db: 'test',
      };
      expect(await wire.command(insert)).toMatchObject({ ok: 1 });
    }
    // Sent at once, so that the commits meet in one group.
    const commits = await Promise.all(
      wires.map((wire, i) => wire.command({ commitTransaction: 1, ...heads[i], $db: 'admin' })),
    );
    for (const wire of wires) wire.close();
    const committed = commits.flatMap((each, i) => (each.ok === 1 ? [i] : []));
    expect(committed).toHaveLength(1);
    expect(
      commits.filter((each) => each.code === 112 && each.errorLabels?.includes('TransientTransactionError')),
    ).toHaveLength(5);
    expect(await base.db.collection('made-by-one').distinct('_id')).toEqual(committed);
  });

  it('refuses what no transaction allows, and one that does not exist', async () => {
    await inSession(async (session) => {
      session.startTransaction();
      await base.db.collection('ddl').insertOne({ a: 1 }, { session });
      expect((await rejection(base.db.command({ count: 'ddl' }, { session }))).code).toBe(263);
      await session.abortTransaction();
    });
    const lsid = { id: base.client.startSession().id?.id };
    const find = { find: 'ddl', lsid, txnNumber: 77n, autocommit: false };
    expect((await rejection(base.db.command(find))).code).toBe(251);
  });
});
