import { Decimal128, Double, Long, MaxKey, MinKey } from 'bson';
import type { Document, Filter } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { database, rejection } from './support/database.ts';

// The numbers are those of the traps in docs/embedded-mongodb.md.
const server = database();
let next = 0;

/** Stores values under `a`, each with its place as `_id`, and returns which of them a filter finds. */
async function found(values: readonly unknown[], filter: Filter<Document>): Promise<unknown[]> {
  next += 1;
  const rows = server.db.collection<Document>(`filters${next}`);
  await rows.insertMany(values.map((a, i) => (a === undefined ? { _id: i } : { _id: i, a })) as Document[]);
  const plain = await rows.find(filter).sort({ _id: 1 }).toArray();
  await rows.createIndex({ a: 1 });
  const indexed = await rows.find(filter).sort({ _id: 1 }).toArray();
  expect(indexed).toEqual(plain);
  return plain.map((row) => row._id);
}

describe('Filters', () => {
  it('1 compare embedded documents with the order of their fields, numbers over their types', async () => {
    const ordered = [
      { x: 1, y: 2 },
      { y: 2, x: 1 },
    ];
    expect(await found(ordered, { a: { x: 1, y: 2 } })).toEqual([0]);
    const ones = [1, new Double(1), Long.fromNumber(1), Decimal128.fromString('1.0'), '1', true];
    expect(await found(ones, { a: 1 })).toEqual([0, 1, 2, 3]);
    const large = [Long.fromString('9007199254740993'), new Double(9007199254740992)];
    expect(await found(large, { a: Long.fromString('9007199254740993') })).toEqual([0]);
  });

  it('1 name the fields of a DBRef, inside $elemMatch too', async () => {
    const refs = [[{ $ref: 'x', $id: 1 }], [{ $ref: 'x', $id: 2 }], [{ $ref: 'y', $id: 1, $db: 'z' }]];
    expect(await found(refs, { a: { $elemMatch: { $id: 1 } } })).toEqual([0, 2]);
    expect(await found(refs, { a: { $elemMatch: { $ref: 'x', $id: { $in: [1, 2] } } } })).toEqual([0, 1]);
    expect(await found(refs, { 'a.$id': 2 })).toEqual([1]);
    expect((await rejection(found(refs, { a: { $elemMatch: { $other: 1 } } }))).code).toBe(2);
  });

  it('2 find what is missing by null, not by $exists', async () => {
    const values = [null, undefined, 0, [null], []];
    expect(await found(values, { a: null })).toEqual([0, 1, 3]);
    expect(await found(values, { a: { $in: [null, 5] } })).toEqual([0, 1, 3]);
    expect(await found(values, { a: { $nin: [null] } })).toEqual([2, 4]);
    expect(await found(values, { a: { $gte: null } })).toEqual([0, 1, 3]);
    expect(await found(values, { a: { $exists: true } })).toEqual([0, 2, 3, 4]);
    const rows = server.db.collection('sparse');
    await rows.createIndex({ a: 1 }, { sparse: true });
    await rows.insertMany([{ b: 1 }, { a: null, b: 2 }, { a: 1, b: 3 }]);
    expect(await rows.countDocuments({ a: null })).toBe(2);
  });

  it('3 match an array by an element or as a whole, one level deep', async () => {
    const values = [[1, 2], [[1, 2]], 1, [3, 9], [2]];
    expect(await found(values, { a: 1 })).toEqual([0, 2]);
    expect(await found(values, { a: [1, 2] })).toEqual([0, 1]);
    expect(await found([[0, 9], [3], [0, 9, 3]], { a: { $gt: 1, $lt: 5 } })).toEqual([0, 1, 2]);
    expect(await found([[0, 9], [3], [0, 9, 3]], { a: { $elemMatch: { $gt: 1, $lt: 5 } } })).toEqual([1, 2]);
    expect(await found([1, [1], [1, 2]], { a: { $all: [1] } })).toEqual([0, 1, 2]);
  });

  it('4 compare within the class of the type, NaN with NaN', async () => {
    const values = ['b', 1, new Date(0), Number.NaN, new MinKey(), new MaxKey()];
    expect(await found(values, { a: { $gt: 0 } })).toEqual([1]);
    expect(await found(values, { a: { $gte: 'a' } })).toEqual([0]);
    expect(await found(values, { a: Number.NaN })).toEqual([3]);
    expect(await found(values, { a: { $lt: 5 } })).toEqual([1]);
    expect(await found(values, { a: { $lt: new MaxKey() } })).toEqual([0, 1, 2, 3, 4]);
  });

  it('5 know types by number, alias and `number`, in arrays too', async () => {
    const values = [1, new Double(1.5), Long.fromNumber(2), 'x', ['y', 1], null];
    expect(await found(values, { a: { $type: 'number' } })).toEqual([0, 1, 2, 4]);
    expect(await found(values, { a: { $type: ['string', 16] } })).toEqual([0, 3, 4]);
    expect(await found(values, { a: { $type: 'array' } })).toEqual([4]);
  });

  it('6 take digits in a path as an index and as a name', async () => {
    const values = [['x', 'y'], { 1: 'y' }, [{ 1: 'y' }], ['y']];
    expect(await found(values, { 'a.1': 'y' })).toEqual([0, 1, 2]);
  });

  it('7 take a regex inside $in', async () => {
    expect(await found(['ana', 'bia', 'carlos', null], { a: { $in: [/^b/, 'carlos', null] } })).toEqual([1, 2, 3]);
  });

  it('8 match strings only by a regex and refuse one that may not end', async () => {
    expect(await found(['Ana', 'ANA', 1, ['ana'], 'b\nana'], { a: { $regex: '^an', $options: 'i' } })).toEqual([
      0, 1, 3,
    ]);
    expect(await found(['b\nana'], { a: { $regex: '^an', $options: 'm' } })).toEqual([0]);
    const rows = server.db.collection('regex');
    await rows.insertOne({ a: 'aaaa' });
    for (const pattern of ['(a+)+$', '(?=a)a', '(a)\\1']) {
      const error = await rejection(rows.findOne({ a: { $regex: pattern } }));
      expect(error.code).toBe(2);
    }
  });
});

describe('Projections and sorts', () => {
  it('18 keep the sibling fields with $slice', async () => {
    const rows = server.db.collection('projected');
    await rows.insertOne({ _id: 1 as never, a: [1, 2, 3], b: { c: 1, d: [{ e: 1, f: 2 }, 5] }, z: 1 });
    expect(await rows.findOne({}, { projection: { a: { $slice: 1 } } })).toEqual({
      _id: 1,
      a: [1],
      b: { c: 1, d: [{ e: 1, f: 2 }, 5] },
      z: 1,
    });
    // 19 bare operators, 20 mixed kinds, 21 scalars inside an array of documents
    expect(await rows.findOne({}, { projection: { a: { $elemMatch: { $in: [2, 3] } }, _id: 0 } })).toEqual({ a: [2] });
    expect((await rejection(rows.findOne({}, { projection: { a: 1, b: 0 } }))).code).toBe(31254);
    expect((await rejection(rows.findOne({}, { projection: { a: 0, b: 1 } }))).code).toBe(31253);
    expect(await rows.findOne({}, { projection: { 'b.d.e': 1, _id: 0 } })).toEqual({ b: { d: [{ e: 1 }] } });
    const keys = Object.keys((await rows.findOne({}, { projection: { z: 1, a: 1 } })) ?? {});
    expect(keys).toEqual(['_id', 'a', 'z']);
  });

  it('22 sort arrays by their least or greatest element, an empty one before null', async () => {
    const rows = server.db.collection<Document>('sorted');
    const values = [[3, 1], 2, [], null, [0, 9]];
    await rows.insertMany(values.map((a, _id) => ({ _id, a })) as Document[]);
    const order = async (direction: 1 | -1) =>
      (await rows.find().sort({ a: direction }).toArray()).map((row) => row._id);
    expect(await order(1)).toEqual([2, 3, 4, 0, 1]);
    expect(await order(-1)).toEqual([4, 0, 1, 3, 2]);
  });

  it('23 order strings by their UTF-8 bytes', async () => {
    const rows = server.db.collection<Document>('utf8');
    await rows.insertMany(['\u{1F600}', '\uFF5E', 'z'].map((a, _id) => ({ _id, a })) as Document[]);
    expect((await rows.find().sort({ a: 1 }).toArray()).map((row) => row._id)).toEqual([2, 1, 0]);
    await rows.createIndex({ a: 1 });
    expect((await rows.find().sort({ a: 1 }).toArray()).map((row) => row._id)).toEqual([2, 1, 0]);
  });

  it('24 obey a collation in filter, sort and distinct', async () => {
    const rows = server.db.collection<Document>('collated');
    await rows.insertMany(['Ação', 'acao', 'B', 'açao'].map((a, _id) => ({ _id, a })) as Document[]);
    const collation = { locale: 'pt', strength: 1 };
    expect(await rows.find({ a: 'acao' }, { collation }).count()).toBe(3);
    expect((await rows.find({}, { collation }).sort({ a: 1, _id: 1 }).toArray()).map((row) => row._id)).toEqual([
      0, 1, 3, 2,
    ]);
    expect(await rows.distinct('a', {}, { collation })).toHaveLength(2);
  });
});
