import { type Document, Long } from 'mongodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { database, rejection } from './support/database.ts';

const log: string[] = [];
const server = database({ log: (line) => log.push(line) });
const rows = () => server.db.collection<Document>('rows');
/** Rows of about 2 MB in memory each: one document of a megabyte, unwound. */
const many = (n: number): Document[] => [{ $unwind: '$each' }, { $limit: n }];
const codeOf = async (pipeline: Document[]) => (await rejection(rows().aggregate(pipeline).toArray())).code;

beforeAll(async () => {
  await rows().insertOne({ text: 'x'.repeat(1024 * 1024), each: Array.from({ length: 200 }, (_, i) => i) });
});

describe('The memory of one command', () => {
  it('ends a sort with 292, but not one that keeps the best only', async () => {
    expect(await codeOf([...many(100), { $sort: { each: -1 } }])).toBe(292);
    expect(
      await rows()
        .aggregate([...many(200), { $project: { each: 1 } }, { $sort: { each: -1 } }])
        .toArray(),
    ).toHaveLength(200);
    await server.db
      .collection('sorted')
      .insertMany(Array.from({ length: 120 }, (_, n) => ({ n, text: 'x'.repeat(1024 * 1024) })));
    const sorted = server.db.collection('sorted').find().sort({ n: -1 });
    expect((await rejection(sorted.toArray())).code).toBe(292);
    expect(
      (await server.db.collection('sorted').find().sort({ n: -1 }).limit(2).toArray()).map((row) => row.n),
    ).toEqual([119, 118]);
  });

  it('ends a group with 292 for its keys and 146 for what $push and $addToSet gather', async () => {
    const keyed = { $concat: ['$text', { $toString: '$each' }] };
    expect(await codeOf([...many(100), { $group: { _id: keyed } }])).toBe(292);
    expect(await codeOf([...many(100), { $group: { _id: 1, all: { $push: '$text' } } }])).toBe(146);
    expect(await codeOf([...many(100), { $group: { _id: 1, all: { $addToSet: keyed } } }])).toBe(146);
    const same = [...many(200), { $group: { _id: 1, all: { $addToSet: '$text' }, first: { $first: '$text' } } }];
    expect(
      await rows()
        .aggregate([...same, { $project: { n: { $size: '$all' } } }])
        .toArray(),
    ).toEqual([{ _id: 1, n: 1 }]);
  });

  it('ends a facet with 4031700 and a join with 4568', async () => {
    expect(await codeOf([...many(100), { $facet: { n: [{ $count: 'n' }] } }])).toBe(4_031_700);
    const join = (n: number) => ({ $lookup: { from: 'rows', let: {}, pipeline: many(n), as: 'joined' } });
    expect(await codeOf([join(100)])).toBe(4568);
    expect(
      await rows()
        .aggregate([join(10), { $project: { n: { $size: '$joined' } } }])
        .toArray(),
    ).toMatchObject([{ n: 10 }]);
  });

  it('is one for all its stages', async () => {
    const sort = { $sort: { each: -1 } };
    const facet = { $facet: { n: [{ $count: 'n' }] } };
    const half = many(35);
    expect(
      await rows()
        .aggregate([...half, facet])
        .toArray(),
    ).toMatchObject([{ n: [{ n: 35 }] }]);
    expect(
      await rows()
        .aggregate([...half, sort, { $count: 'n' }])
        .toArray(),
    ).toEqual([{ n: 35 }]);
    expect(await codeOf([...half, { $facet: { a: [sort, { $count: 'n' }] } }])).toBe(292);
  });

  it('is given back by a sort whose reader has enough', async () => {
    const best = [...many(35), { $sort: { each: -1 } }, { $limit: 1 }, { $project: { each: 1 } }];
    const found = await rows()
      .aggregate([...best, { $unionWith: { coll: 'rows', pipeline: best } }])
      .toArray();
    expect(found.map((row) => row.each)).toEqual([34, 34]);
  });

  it('ends a distinct that is no document any more with 17217', async () => {
    await server.db
      .collection('wide')
      .insertMany(Array.from({ length: 12 }, (_, n) => ({ text: `${n}${'x'.repeat(1024 * 1024)}` })));
    expect((await rejection(server.db.collection('wide').distinct('text'))).code).toBe(17_217);
    expect(await server.db.collection('wide').distinct('text', { text: /^1x/ })).toHaveLength(1);
  });
});

describe('More rows than are sorted at one time', () => {
  const DOCUMENTS = 5000;
  const collection = () => server.db.collection<Document>('long');
  const ids = async (sort: Record<string, 1 | -1>, limit = 0) =>
    (await collection().find().sort(sort).limit(limit).toArray()).map((row) => row._id);
  const expected = (order: (a: number, b: number) => number) =>
    Array.from({ length: DOCUMENTS }, (_, i) => i).sort(order);

  beforeAll(async () => {
    await collection().insertMany(
      expected(() => 0).map((i) => ({ _id: i, few: i % 7, text: `${(i * 7919) % 1000}\u00e9` })) as Document[],
    );
  });

  it('are sorted with equal ones in their order, up and down and by several fields', async () => {
    expect(await ids({ few: 1 })).toEqual(expected((a, b) => (a % 7) - (b % 7)));
    expect(await ids({ few: -1 })).toEqual(expected((a, b) => (b % 7) - (a % 7)));
    const text = (i: number) => `${(i * 7919) % 1000}\u00e9`;
    const byBoth = expected((a, b) => (b % 7) - (a % 7) || (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
    expect(await ids({ few: -1, text: 1 })).toEqual(byBoth);
    expect(await ids({ few: -1, text: 1 }, 3000)).toEqual(byBoth.slice(0, 3000));
    expect(await ids({ few: -1, text: 1 }, 10)).toEqual(byBoth.slice(0, 10));
  });

  it('are grouped in the order in which the groups were first seen, however many they are', async () => {
    const groups = await collection()
      .aggregate([{ $sort: { _id: -1 } }, { $group: { _id: { $mod: ['$_id', 3000] }, n: { $sum: 1 } } }])
      .toArray();
    const seen = [...new Set(expected((a, b) => b - a).map((i) => i % 3000))];
    expect(groups).toEqual(seen.map((_id) => ({ _id, n: _id < 2000 ? 2 : 1 })));
  });
});

describe('The log of slow commands', () => {
  it('says how a command read what', async () => {
    const c = server.db.collection<Document>('slow');
    await c.createIndexes([{ key: { a: 1 } }, { key: { b: 1 } }]);
    await c.insertMany(
      Array.from({ length: 600 }, (_, i) => ({ a: i % 3, b: Long.fromNumber(i), pad: 'x'.repeat(500) })),
    );
    const slow = {
      $expr: {
        $gt: [{ $reduce: { input: { $range: [0, 5000] }, initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, 0],
      },
    };
    await c
      .find({ $or: [{ a: 1 }, { b: { $lt: 10 } }], ...slow })
      .batchSize(1000)
      .toArray();
    await c
      .find({ ...slow, pad: 'y' })
      .sort({ pad: 1 })
      .toArray();
    const lines = log.filter((line) => line.startsWith('slow command: find slow'));
    expect(lines[0]).toMatch(/test\.slow by OR\(IXSCAN a_1 IXSCAN b_1\): 210 keys, 207 documents$/);
    expect(lines[1]).toMatch(/test\.slow by COLLSCAN and a sort: 0 keys, 600 documents$/);
  });
});
