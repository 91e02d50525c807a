import { Double, Int32, Long, ObjectId } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { database, rejection } from './support/database.ts';

const base = database();

describe('inserts', () => {
  it('keeps bytes: types, order of fields and names like __proto__', async () => {
    const c = base.db.collection('types');
    const document = {
      _id: new ObjectId(),
      b: 1,
      10: 'ten',
      2: 'two',
      d: new Double(3),
      l: Long.fromString('9007199254740993'),
    };
    await c.insertOne(document);
    const raw = await c.findOne({ _id: document._id }, { promoteValues: false });
    expect(Object.keys(raw ?? {})).toEqual(['2', '10', '_id', 'b', 'd', 'l']);
    expect(raw?.d).toBeInstanceOf(Double);
    expect(raw?.b).toBeInstanceOf(Int32);
    expect(String(raw?.l)).toBe('9007199254740993');
  });

  it('answers a taken unique key with E11000 in the real shape', async () => {
    const c = base.db.collection('unique');
    await c.createIndex({ no: 1, kind: -1 }, { unique: true });
    await c.insertOne({ no: 5, kind: 'a' });
    const error = await rejection(c.insertOne({ no: 5, kind: 'a' }));
    expect(error.message).toContain(
      'E11000 duplicate key error collection: test.unique index: no_1_kind_-1 dup key: { no: 5, kind: "a" }',
    );
    expect(error.code).toBe(11000);
    expect(error.keyPattern).toEqual({ no: 1, kind: -1 });
    expect(error.keyValue).toEqual({ no: 5, kind: 'a' });
    await c.insertOne({ no: 5, kind: 'b' });
    expect(await c.countDocuments({ no: 5 })).toBe(2);
  });

  it('goes on after an error when unordered, stops when ordered', async () => {
    const c = base.db.collection<{ _id: number }>('ordered');
    await c.insertOne({ _id: 2 });
    const ordered = await rejection(c.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]));
    expect((ordered.result as { insertedCount: number }).insertedCount).toBe(1);
    const unordered = await rejection(c.insertMany([{ _id: 4 }, { _id: 2 }, { _id: 5 }], { ordered: false }));
    expect((unordered.result as { insertedCount: number }).insertedCount).toBe(2);
    expect(await c.distinct('_id')).toEqual([1, 2, 4, 5]);
  });

  it('lets a partial unique index bind only what its filter names', async () => {
    const c = base.db.collection('partial');
    await c.createIndex(
      { companyId: 1, channelId: 1, conversationKey: 1 },
      { unique: true, partialFilterExpression: { closedAt: null, channelId: { $type: 'objectId' } } },
    );
    const channelId = new ObjectId();
    const ticket = { companyId: 1, channelId, conversationKey: 'x', closedAt: null };
    await c.insertOne({ ...ticket });
    expect((await rejection(c.insertOne({ ...ticket }))).code).toBe(11000);
    await c.insertMany([
      { ...ticket, closedAt: new Date() },
      { ...ticket, closedAt: new Date() },
      { ...ticket, channelId: null },
      { ...ticket, channelId: null },
    ]);
    await c.updateOne({ ...ticket }, { $set: { closedAt: new Date() } });
    await c.insertOne({ ...ticket });
    expect(await c.countDocuments({ companyId: 1, channelId, closedAt: null })).toBe(1);
  });
});

describe('reads', () => {
  it('sorts through an index, merged over $in, and without one', async () => {
    const c = base.db.collection('sorted');
    await c.createIndex({ status: 1, at: -1 });
    await c.insertMany(
      Array.from({ length: 500 }, (_, i) => ({
        status: ['a', 'bbb', 'c'][i % 3],
        at: (i * 7919) % 500,
        other: (i * 104729) % 500,
      })),
    );
    const merged = await c
      .find({ status: { $in: ['a', 'bbb'] } })
      .sort({ at: -1 })
      .limit(50)
      .toArray();
    const all = await c.find({}).toArray();
    const wanted = all.filter((each) => each.status !== 'c').sort((a, b) => b.at - a.at);
    expect(merged.map((each) => each.at)).toEqual(wanted.slice(0, 50).map((each) => each.at));
    const unindexed = await c.find({}).sort({ other: 1 }).skip(10).limit(20).toArray();
    expect(unindexed.map((each) => each.other)).toEqual(
      all
        .sort((a, b) => a.other - b.other)
        .slice(10, 30)
        .map((each) => each.other),
    );
  });

  it('counts with and without a limit, by index and by scan', async () => {
    const c = base.db.collection('counted');
    await c.createIndex({ a: 1 });
    await c.insertMany(Array.from({ length: 300 }, (_, i) => ({ a: i % 10, b: i % 3 })));
    expect(await c.countDocuments({ a: 3 })).toBe(30);
    expect(await c.countDocuments({ a: 3 }, { limit: 7 })).toBe(7);
    expect(await c.countDocuments({ a: { $gte: 8 }, b: 1 })).toBe(20);
    expect(await c.countDocuments({}, { limit: 101 })).toBe(101);
    expect(await c.estimatedDocumentCount()).toBe(300);
    expect(await base.db.collection('nothing').countDocuments({ a: 1 })).toBe(0);
  });

  it('hands out a long result in batches and forgets a killed cursor', async () => {
    const c = base.db.collection('batches');
    await c.insertMany(Array.from({ length: 1000 }, (_, i) => ({ i })));
    const seen = await c.find({}).batchSize(37).toArray();
    expect(seen.map((each) => each.i)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    const cursor = c.find({}).batchSize(2);
    await cursor.next();
    await cursor.close();
    expect((await rejection(base.db.command({ getMore: Long.fromNumber(12345), collection: 'batches' }))).code).toBe(
      43,
    );
  });
});

describe('races', () => {
  it('makes one document of 40 parallel upserts', async () => {
    const c = base.db.collection('upserts');
    await c.createIndex({ key: 1 }, { unique: true });
    await Promise.all(
      Array.from({ length: 40 }, () =>
        c.findOneAndUpdate({ key: 'k' }, { $inc: { n: 1 }, $setOnInsert: { born: true } }, { upsert: true }),
      ),
    );
    expect(await c.find({}, { projection: { _id: 0 } }).toArray()).toEqual([{ key: 'k', n: 40, born: true }]);
  });

  it('gives each due document to one of many claimers', async () => {
    const c = base.db.collection('due');
    await c.createIndex({ state: 1, at: 1 });
    await c.insertMany(Array.from({ length: 60 }, (_, i) => ({ state: 'due', at: i })));
    const claimed = await Promise.all(
      Array.from({ length: 80 }, () =>
        c.findOneAndUpdate({ state: 'due' }, { $set: { state: 'taken' } }, { sort: { at: 1 } }),
      ),
    );
    const taken = claimed.filter((each) => each !== null).map((each) => each.at);
    expect(new Set(taken).size).toBe(60);
    expect(claimed.filter((each) => each === null)).toHaveLength(20);
  });

  it('takes a lease by a pipeline update with $$NOW', async () => {
    const c = base.db.collection<{ _id: string; until?: Date; by?: string }>('leases');
    await c.insertOne({ _id: 'poller' });
    const take = (by: string) =>
      c.updateOne(
        {
          _id: 'poller',
          $expr: { $or: [{ $eq: [{ $ifNull: ['$until', null] }, null] }, { $lt: ['$until', '$$NOW'] }] },
        },
        [{ $set: { by, until: { $add: ['$$NOW', 30_000] } } }],
      );
    const results = await Promise.all(['a', 'b', 'c', 'd'].map(take));
    expect(results.reduce((sum, each) => sum + each.modifiedCount, 0)).toBe(1);
  });
});

describe('refusals', () => {
  it('answers what it does not know with the real codes', async () => {
    const c = base.db.collection('refused');
    await c.insertOne({ a: 1 });
    const codes = await Promise.all(
      [
        base.db.command({ nope: 1 }),
        c.aggregate([{ $nope: 1 }]).toArray(),
        c.aggregate([{ $project: { a: { $nope: 1 } } }]).toArray(),
        c.find({ a: { $nope: 1 } }).toArray(),
        c.updateOne({}, { $nope: { a: 1 } } as never),
        c.find({ $text: { $search: 'x' } }).toArray(),
        c.watch().next(),
        base.db.command({ update: 'refused', updates: [{ q: {}, u: {}, sort: { a: 1 } }] }),
        c.createIndex({ a: 'text' }),
      ].map((promise) => rejection(promise)),
    );
    expect(codes.map((error) => error.code)).toEqual([59, 40324, 168, 2, 9, 27, 40573, 40415, 67]);
  });
});
