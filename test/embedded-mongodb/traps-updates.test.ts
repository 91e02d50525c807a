import { Double, Int32, Long } from 'bson';
import type { Document, UpdateFilter, UpdateOptions } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { database, rejection } from './support/database.ts';

// The numbers are those of the traps in docs/embedded-mongodb.md.
const server = database();
const rows = () => server.db.collection<Document>('updates');

/** What an update makes of a document. */
async function updated(
  document: Document,
  update: UpdateFilter<Document> | Document[],
  filter: Document = {},
  options: UpdateOptions = {},
): Promise<Document | null> {
  await rows().deleteMany({});
  await rows().insertOne({ _id: 1 as never, ...document });
  await rows().updateOne({ _id: 1 as never, ...filter }, update, options);
  return await rows().findOne({}, { projection: { _id: 0 } });
}

async function code(document: Document, update: object, options: UpdateOptions = {}): Promise<unknown> {
  return (await rejection(updated(document, update as UpdateFilter<Document>, {}, options))).code;
}

describe('Updates', () => {
  it('9 change several fields of one matched element without conflict', async () => {
    const update = { $set: { 'a.$.x': 1 }, $inc: { 'a.$.y': 1 } };
    expect(await updated({ a: [{ k: 1 }, { k: 2, y: 1 }] }, update, { 'a.k': 2 })).toEqual({
      a: [{ k: 1 }, { k: 2, y: 2, x: 1 }],
    });
    const each = { $set: { 'a.$[e].x': 1, 'a.$[e].y': 2 } };
    const options = { arrayFilters: [{ 'e.k': 1 }] };
    expect(await updated({ a: [{ k: 1 }, { k: 2 }] }, each, {}, options)).toEqual({
      a: [{ k: 1, x: 1, y: 2 }, { k: 2 }],
    });
  });

  it('10 take `$` from the match, inside $and and $elemMatch too', async () => {
    const set = { $set: { 'a.$': 0 } };
    expect(await updated({ a: [1, 2, 3] }, set, { $and: [{ a: 2 }] })).toEqual({ a: [1, 0, 3] });
    expect(await updated({ a: [1, 5, 9] }, set, { a: { $elemMatch: { $gt: 4, $lt: 6 } } })).toEqual({ a: [1, 0, 9] });
    expect(await code({ a: [1] }, set)).toBe(2);
  });

  it('11 refuse array filters that are not used or not there', async () => {
    expect(await code({ a: [1] }, { $set: { b: 1 } }, { arrayFilters: [{ e: 1 }] })).toBe(9);
    expect(await code({ a: [1] }, { $set: { 'a.$[e]': 1 } })).toBe(2);
  });

  it('12 answer with the true code what cannot be done', async () => {
    expect(await code({}, { $set: { a: 1, 'a.b': 2 } })).toBe(40);
    expect(await code({ a: 1 }, { $set: { 'a.b': 2 } })).toBe(28);
    expect(await code({ a: 'x' }, { $inc: { a: 1 } })).toBe(14);
    expect(await code({ a: 'x' }, { $push: { a: 1 } })).toBe(2);
    expect(await code({}, { $set: { _id: 2 } })).toBe(66);
    expect((await rejection(rows().insertOne({ _id: [1] as never }))).code).toBe(53);
    expect((await rejection(rows().insertOne({ _id: { $x: 1 } as never }))).code).toBe(52);
    const large = 'x'.repeat(9 * 1024 * 1024);
    expect(await code({ a: large }, { $set: { b: large } })).toBe(10334);
  });

  it('13 widen an int, refuse the overflow of a long', async () => {
    const raw = async (document: Document, update: UpdateFilter<Document>) => {
      await updated(document, update);
      return (await rows().findOne({}, { promoteValues: false }))?.a as unknown;
    };
    expect(await raw({ a: new Int32(2147483647) }, { $inc: { a: 1 } })).toEqual(Long.fromNumber(2147483648));
    expect(await raw({ a: new Int32(1) }, { $inc: { a: new Double(1) } })).toEqual(new Double(2));
    expect(await code({ a: Long.MAX_VALUE }, { $inc: { a: 1 } })).toBe(2);
  });

  it('14 add new fields in the order of their names', async () => {
    const after = await updated({ z: 1 }, { $set: { b: 1, a: 1, c10: 1, 'n.10': 1, 'n.2': 1 } });
    expect(Object.keys(after ?? {})).toEqual(['z', 'a', 'b', 'c10', 'n']);
    const raw = await rows().findOne({}, { projection: { n: 1 }, raw: true });
    const bytes = Buffer.from(raw as unknown as Uint8Array).toString('latin1');
    expect(bytes.indexOf('\x102\0')).toBeLessThan(bytes.indexOf('\x1010\0'));
  });

  it('15 push, then sort, then slice; compare sets with the order of the fields', async () => {
    const push = { $push: { a: { $each: [5, 1], $position: 0, $sort: 1, $slice: 3 } } };
    expect(await updated({ a: [4, 2] }, push as never)).toEqual({ a: [1, 2, 4] });
    expect(await updated({ a: [{ x: 1, y: 2 }] }, { $addToSet: { a: { y: 2, x: 1 } } })).toEqual({
      a: [
        { x: 1, y: 2 },
        { y: 2, x: 1 },
      ],
    });
    expect(await updated({ a: [1, 2, 3] }, { $unset: { 'a.1': '' } })).toEqual({ a: [1, null, 3] });
  });

  it('16 write nothing when nothing changes', async () => {
    await updated({ a: 1 }, { $set: { b: 1 } });
    const again = await rows().updateOne({}, { $set: { b: 1 } });
    expect([again.matchedCount, again.modifiedCount]).toEqual([1, 0]);
  });

  it('17 build no upsert from a path and one inside it, in either order', async () => {
    await rows().deleteMany({});
    for (const filter of [
      { a: 1, 'a.b': 1 },
      { 'a.b': 1, a: 1 },
    ] as Document[])
      expect((await rejection(rows().updateOne(filter, { $set: { s: 1 } }, { upsert: true }))).code).toBe(54);
    expect(await rows().countDocuments({})).toBe(0);
  });

  it('17 build an upsert from the equalities of its filter', async () => {
    const upsert = async (filter: Document) => {
      await rows().deleteMany({});
      await rows().updateOne(filter, { $set: { s: 1 } }, { upsert: true });
      return await rows().findOne({}, { projection: { _id: 0 } });
    };
    expect(
      await upsert({ $and: [{ a: 1 }, { b: { $eq: 2 } }], c: { $in: [3] }, d: { $all: [4] }, e: { $gt: 5 } }),
    ).toEqual({
      a: 1,
      b: 2,
      c: 3,
      d: 4,
      s: 1,
    });
    expect(await upsert({ $or: [{ a: 1 }] })).toEqual({ a: 1, s: 1 });
    expect(await upsert({ $or: [{ a: 1 }, { a: 2 }] })).toEqual({ s: 1 });
  });

  it('leaves no trace outside the document, whatever a field is called', async () => {
    const canary = Object.keys(Object.prototype).length;
    await updated({}, { $set: { 'constructor.prototype.x': 1, '__proto__.y': 1 } });
    expect(Object.keys(Object.prototype)).toHaveLength(canary);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});

describe('What is outside the subset', () => {
  const refused: [string, Document, number][] = [
    ['an unknown field of a command', { find: 'updates', filtre: {} }, 40415],
    ['an unknown command', { mapReduce: 'updates' }, 59],
    ['an unknown stage', { aggregate: 'updates', pipeline: [{ $graphLookup: {} }], cursor: {} }, 40324],
    ['a change stream', { aggregate: 'updates', pipeline: [{ $changeStream: {} }], cursor: {} }, 40573],
    ['an unknown expression', { aggregate: 'updates', pipeline: [{ $project: { a: { $nope: 1 } } }], cursor: {} }, 168],
    ['an unknown filter operator', { find: 'updates', filter: { a: { $nope: 1 } } }, 2],
    ['$text', { find: 'updates', filter: { $text: { $search: 'x' } } }, 27],
    ['$where', { find: 'updates', filter: { $where: '1' } }, 6108304],
    ['$near', { find: 'updates', filter: { a: { $near: [0, 0] } } }, 291],
    ['a text index', { createIndexes: 'updates', indexes: [{ key: { a: 'text' }, name: 'a' }] }, 67],
    ['a capped collection', { create: 'capped', capped: true, size: 1000 }, 238],
    ['snapshot reads outside a transaction', { find: 'updates', readConcern: { level: 'snapshot' } }, 72],
    ['an unknown read concern', { find: 'updates', readConcern: { level: 'nope' } }, 9],
    ['a write concern on a read', { find: 'updates', writeConcern: { w: 1 } }, 72],
    [
      '$out with linearizable reads',
      { aggregate: 'updates', pipeline: [{ $out: 'o' }], cursor: {}, readConcern: { level: 'linearizable' } },
      72,
    ],
    ['a fail point of a server that is no test server', { configureFailPoint: 'failCommand', mode: 'off' }, 59],
  ];
  it.each(refused)('is refused with the true code: %s', async (_, command, expected) => {
    await rows().insertOne({ a: 1 });
    expect((await rejection(server.db.command(command))).code).toBe(expected);
  });

  it('a write concern that one node cannot keep is answered beside the write', async () => {
    const reply = await server.db
      .command({ insert: 'concerns', documents: [{ a: 1 }], writeConcern: { w: 2 } })
      .catch((error: Document) => error.result as Document);
    expect(reply.writeConcernError).toMatchObject({ code: 100 });
    expect(await server.db.collection('concerns').countDocuments()).toBe(1);
  });
});
