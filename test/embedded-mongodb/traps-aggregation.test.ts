import { Decimal128, Double, Long, ObjectId } from 'bson';
import type { Document } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { database, rejection } from './support/database.ts';

// The numbers are those of the traps in docs/embedded-mongodb.md.
const server = database();

/** The value of an expression over a document. */
async function value(expression: unknown, document: Document = {}): Promise<unknown> {
  const [row] = await server.db.aggregate([{ $documents: [document] }, { $project: { v: expression } }]).toArray();
  return row?.v;
}

const at = (text: string) => new Date(text);

describe('Dates', () => {
  const trunc = (date: string, unit: string, more: Document = {}) =>
    value({ $dateTrunc: { date: at(date), unit, timezone: 'America/Sao_Paulo', ...more } });

  it('25 are cut by the day and week of a time zone', async () => {
    expect(await trunc('2026-03-01T02:00:00Z', 'day')).toEqual(at('2026-02-28T03:00:00Z'));
    expect(await trunc('2026-03-01T02:00:00Z', 'month')).toEqual(at('2026-02-01T03:00:00Z'));
    expect(await trunc('2026-03-04T12:00:00Z', 'week', { startOfWeek: 'monday' })).toEqual(at('2026-03-02T03:00:00Z'));
    expect(await trunc('2026-03-04T12:40:00Z', 'minute', { binSize: 15 })).toEqual(at('2026-03-04T12:30:00Z'));
    expect(await value({ $dateTrunc: { date: null, unit: 'day' } })).toBeNull();
  });

  it('25 know the changes of daylight saving', async () => {
    // On 2018-11-04 clocks in Sao Paulo went from 00:00 to 01:00; on 2018-02-18 from 00:00 back to 23:00.
    expect(await trunc('2018-11-04T12:00:00Z', 'day')).toEqual(at('2018-11-04T03:00:00Z'));
    expect(await trunc('2018-02-18T01:30:00Z', 'day')).toEqual(at('2018-02-17T02:00:00Z'));
    const add = (startDate: string, unit: string, amount: number) =>
      value({ $dateAdd: { startDate: at(startDate), unit, amount, timezone: 'America/New_York' } });
    expect(await add('2021-03-13T15:00:00Z', 'day', 1)).toEqual(at('2021-03-14T14:00:00Z'));
    expect(await add('2021-03-13T15:00:00Z', 'hour', 24)).toEqual(at('2021-03-14T15:00:00Z'));
  });

  it('25 end with the month when one is added', async () => {
    const add = { startDate: at('2024-01-31T10:00:00Z'), unit: 'month', amount: 1 };
    expect(await value({ $dateAdd: add })).toEqual(at('2024-02-29T10:00:00Z'));
    expect(await value({ $dateSubtract: { ...add, amount: 11 } })).toEqual(at('2023-02-28T10:00:00Z'));
  });

  it('count the boundaries between two of them', async () => {
    const between = { startDate: at('2025-12-31T23:59:59Z'), endDate: at('2026-01-01T00:00:00Z') };
    for (const unit of ['year', 'quarter', 'month', 'day', 'hour', 'minute', 'second'])
      expect(await value({ $dateDiff: { ...between, unit } })).toBe(1);
    expect(await value({ $dateDiff: { ...between, unit: 'week', startOfWeek: 'thu' } })).toBe(1);
    expect(await value({ $dateDiff: { ...between, unit: 'week' } })).toBe(0);
  });

  it('are taken apart, put together, written and read', async () => {
    const date = at('2026-01-01T02:03:04.005Z');
    expect(await value({ $dateToParts: { date, timezone: '-03:00' } })).toEqual({
      year: 2025,
      month: 12,
      day: 31,
      hour: 23,
      minute: 3,
      second: 4,
      millisecond: 5,
    });
    expect(await value({ $isoWeek: at('2021-01-03T00:00:00Z') })).toBe(53);
    expect(await value({ $isoWeekYear: at('2021-01-03T00:00:00Z') })).toBe(2020);
    expect(await value({ $dayOfWeek: { date, timezone: 'America/Sao_Paulo' } })).toBe(4);
    expect(await value({ $dateFromParts: { year: 2026, month: 14, day: 1 } })).toEqual(at('2027-02-01T00:00:00Z'));
    expect(await value({ $dateFromParts: { isoWeekYear: 2020, isoWeek: 53, isoDayOfWeek: 7 } })).toEqual(
      at('2021-01-03T00:00:00Z'),
    );
    const format = '%d/%m/%Y %H:%M %z';
    expect(await value({ $dateToString: { date, format, timezone: 'America/Sao_Paulo' } })).toBe(
      '31/12/2025 23:03 -0300',
    );
    expect(await value({ $dateToString: { date } })).toBe('2026-01-01T02:03:04.005Z');
    const read = { dateString: '31/12/2025 23:03', format: '%d/%m/%Y %H:%M', timezone: 'America/Sao_Paulo' };
    expect(await value({ $dateFromString: read })).toEqual(at('2026-01-01T02:03:00Z'));
    expect(await value({ $dateFromString: { dateString: 'x', onError: 'bad' } })).toBe('bad');
    expect((await rejection(value({ $dateFromString: { dateString: '2026-02-30' } }))).code).toBe(241);
    expect((await rejection(value({ $year: { date, timezone: 'Nowhere/City' } }))).code).toBe(40485);
  });
});

describe('Conversions', () => {
  it('keep to what the types can hold', async () => {
    expect(await value({ $toInt: 2.9 })).toBe(2);
    expect(await value({ $toString: { $literal: new Double(1) } })).toBe('1');
    expect(await value({ $toLong: '42' })).toBe(42);
    expect(await value({ $toDouble: '1e3' })).toBe(1000);
    expect(await value({ $toBool: '' })).toBe(true);
    expect(await value({ $toDate: new Double(0) })).toEqual(new Date(0));
    expect(await value({ $toObjectId: '5ab9cbfa31c2ab715d42129e' })).toEqual(new ObjectId('5ab9cbfa31c2ab715d42129e'));
    expect(String(await value({ $toDecimal: '1.10' }))).toBe('1.10');
    expect(await value({ $convert: { input: 'x', to: 'int', onError: -1 } })).toBe(-1);
    expect(await value({ $convert: { input: null, to: 'int', onNull: 0 } })).toBe(0);
    for (const wrong of [{ $toInt: '1.5' }, { $toInt: Long.fromNumber(2 ** 40) }, { $toDate: { $literal: 5 } }])
      expect((await rejection(value(wrong))).code).toBe(241);
  });
});

describe('Aggregation', () => {
  const rows = () => server.db.collection<Document>('aggregated');

  it('26 compares and unites with types and the order of fields', async () => {
    expect(await value({ $eq: [{ $literal: { x: 1, y: 2 } }, { $literal: { y: 2, x: 1 } }] })).toBe(false);
    expect(await value({ $gt: ['a', 5] })).toBe(true);
    expect(
      await value({
        $setUnion: [
          [1, 2],
          [new Double(2), 'x'],
        ],
      }),
    ).toHaveLength(3);
    expect(await value({ $sum: [1, 2, 'x'] })).toBe(3);
    expect(await value({ $avg: '$a' }, { a: [1, 2] })).toBe(1.5);
    expect(await value({ $max: ['$a', 5] }, { a: [9] })).toEqual([9]);
  });

  it('27 counts, also nothing', async () => {
    await rows().deleteMany({});
    expect(await rows().countDocuments({})).toBe(0);
    await rows().insertMany([{ a: 1 }, { a: 1 }, { a: [1, 2] }] as Document[]);
    await rows().createIndex({ a: 1 });
    expect(await rows().countDocuments({ a: 1 })).toBe(3);
    expect(await rows().countDocuments({ a: 1 }, { skip: 1, limit: 1 })).toBe(1);
    expect(
      await rows()
        .aggregate([{ $match: { a: 7 } }, { $count: 'n' }])
        .toArray(),
    ).toEqual([]);
  });

  it('28 groups missing with null, sums numbers only, averages none to null', async () => {
    await rows().deleteMany({});
    await rows().insertMany([{ k: null, v: 1 }, { v: 'x' }, { k: 1, v: 'y' }] as Document[]);
    const groups = await rows()
      .aggregate([
        { $group: { _id: '$k', sum: { $sum: '$v' }, avg: { $avg: '$v' }, n: { $sum: 1 } } },
        { $sort: { _id: 1 } },
      ])
      .toArray();
    expect(groups).toEqual([
      { _id: null, sum: 1, avg: 1, n: 2 },
      { _id: 1, sum: 0, avg: null, n: 1 },
    ]);
  });

  it('29 joins a missing field with null and missing', async () => {
    await rows().deleteMany({});
    const others = server.db.collection<Document>('others');
    await others.insertMany([{ _id: 1, r: null }, { _id: 2 }, { _id: 3, r: 5 }] as never);
    await rows().insertMany([{ _id: 1 }, { _id: 2, l: 5 }] as never);
    const joined = await rows()
      .aggregate([{ $lookup: { from: 'others', localField: 'l', foreignField: 'r', as: 'o' } }, { $sort: { _id: 1 } }])
      .toArray();
    expect(joined.map((row) => (row.o as Document[]).map((other) => other._id))).toEqual([[1, 2], [3]]);
  });

  it('30 keeps a literal and one NOW for a whole command', async () => {
    await rows().deleteMany({});
    await rows().insertMany([{ a: 1 }, { a: 2 }] as Document[]);
    const found = await rows()
      .aggregate([{ $project: { now: '$$NOW', x: '$$x' } }], { let: { x: { $literal: '$a' } } })
      .toArray();
    expect(found[0]?.now).toEqual(found[1]?.now);
    expect(found[0]?.x).toBe('$a');
  });

  it('writes its documents with $out and $merge', async () => {
    await rows().deleteMany({});
    await rows().insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ] as never);
    await rows()
      .aggregate([{ $match: { a: 2 } }, { $out: 'written' }])
      .toArray();
    const written = server.db.collection<Document>('written');
    expect(await written.find().toArray()).toEqual([{ _id: 2, a: 2 }]);
    await rows()
      .aggregate([{ $set: { b: 1 } }, { $merge: { into: 'written' } }])
      .toArray();
    expect(await written.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, a: 1, b: 1 },
      { _id: 2, a: 2, b: 1 },
    ]);
    const merge = {
      into: 'written',
      whenMatched: [{ $set: { a: { $add: ['$a', '$$new.a'] } } }],
      whenNotMatched: 'discard',
    };
    await rows()
      .aggregate([{ $merge: merge }])
      .toArray();
    expect((await written.findOne({ _id: 2 as never }))?.a).toBe(4);
    const failing = rows()
      .aggregate([{ $merge: { into: 'written', whenMatched: 'fail' } }])
      .toArray();
    expect((await rejection(failing)).code).toBe(11000);
  });

  it('keeps the type of decimals', async () => {
    expect(String(await value({ $add: [Decimal128.fromString('0.1'), Decimal128.fromString('0.2')] }))).toBe('0.3');
  });
});
