import { Decimal128, Double, Int32, Long } from 'bson';
import { describe, expect, it } from 'vitest';
import { database, rejection } from './support/database.ts';

// Edges of expressions, by what the manual says of each operator.
const server = database();

/** The value of an expression, its number type kept. */
async function value(expression: unknown): Promise<unknown> {
  const stages = [{ $documents: [{}] }, { $project: { v: expression } }];
  const [row] = await server.db.aggregate(stages, { promoteValues: false }).toArray();
  return row?.v;
}

const code = async (expression: unknown) => Number((await rejection(value(expression))).code);
const decimal = (text: string) => Decimal128.fromString(text);
const at = (text: string) => new Date(text);

describe('Arithmetic', () => {
  it('13 widens the least int to a long also from zero', async () => {
    const least = new Int32(-2147483648);
    expect(await value({ $subtract: [0, least] })).toEqual(Long.fromNumber(2147483648));
    expect(await value({ $abs: least })).toEqual(Long.fromNumber(2147483648));
    expect(await code({ $abs: Long.MIN_VALUE })).toBe(28680);
  });

  it('keeps decimals exact and refuses what it would only come near to', async () => {
    expect(String(await value({ $mod: [decimal('10.1'), decimal('2')] }))).toBe('0.1');
    expect(String(await value({ $mod: [decimal('-7'), 4] }))).toBe('-3');
    expect(String(await value({ $floor: decimal('1234567890123456789.5') }))).toBe('1234567890123456789');
    expect(String(await value({ $floor: decimal('-0.5') }))).toBe('-1');
    expect(String(await value({ $ceil: decimal('1234567890123456789.5') }))).toBe('1234567890123456790');
    for (const operator of ['$sqrt', '$exp', '$ln', '$log10'])
      expect(await code({ [operator]: decimal('4') })).toBe(238);
    expect(await code({ $pow: [decimal('2'), 2] })).toBe(238);
  });

  it('refuses what has no value', async () => {
    expect(await code({ $sqrt: -1 })).toBe(28714);
    expect(await code({ $ln: 0 })).toBe(28766);
    expect(await code({ $log10: -1 })).toBe(28761);
    expect(await code({ $pow: [0, -1] })).toBe(28764);
    expect(await code({ $round: [new Double(1.5), 101] })).toBe(51083);
    expect(await value({ $sqrt: 25 })).toEqual(new Double(5));
  });

  it('raises whole numbers to whole numbers as long as they fit', async () => {
    expect(await value({ $pow: [{ $toLong: 2 }, 62] })).toEqual(Long.fromString('4611686018427387904'));
    expect(await value({ $pow: [5, 3] })).toEqual(new Int32(125));
    expect(await value({ $pow: [-1, 1001] })).toEqual(new Int32(-1));
    expect(await value({ $pow: [2, -1] })).toEqual(new Double(0.5));
    expect(await value({ $pow: [10, 19] })).toEqual(new Double(1e19));
  });

  it('sums without the faults of adding doubles one after another', async () => {
    expect(await value({ $sum: Array(10).fill(new Double(0.1)) })).toEqual(new Double(1));
    expect(await value({ $sum: [Long.MAX_VALUE, 1, -1] })).toEqual(Long.MAX_VALUE);
    expect(await value({ $sum: [Long.MAX_VALUE, 1] })).toEqual(new Double(2 ** 63));
    expect(await value({ $sum: [1, 2147483647] })).toEqual(Long.fromNumber(2147483648));
    expect(await value({ $sum: [1, 2] })).toEqual(new Int32(3));
    expect(String(await value({ $sum: [decimal('0.1'), 1] }))).toBe('1.1');
    expect(await value({ $sum: [new Double(Infinity), new Double(1)] })).toEqual(new Double(Infinity));
    expect(await value({ $avg: Array(10).fill(new Double(0.1)) })).toEqual(new Double(0.1));
  });
});

describe('Conversions', () => {
  it('round digits of decimals and refuse what no double or date can hold', async () => {
    const long = '1.23456789012345678901234567890123456789';
    expect(String(await value({ $toDecimal: long }))).toBe('1.234567890123456789012345678901235');
    expect(await code({ $toDouble: '1e400' })).toBe(241);
    expect(await value({ $toDouble: '-inf' })).toEqual(new Double(-Infinity));
    expect(await code({ $toDate: { $literal: new Double(Number.NaN) } })).toBe(241);
    expect(await value({ $toDate: { $literal: new Double(1.9) } })).toEqual(new Date(1));
  });
});

describe('Strings', () => {
  it('take numbers and dates for text and fold ASCII letters only', async () => {
    expect(await value({ $substrCP: [1234, 0, 2] })).toBe('12');
    expect(await value({ $toLower: at('2026-01-02T03:04:05Z') })).toBe('2026-01-02t03:04:05.000z');
    expect(await value({ $strcasecmp: [{ $literal: 1 }, '1'] })).toEqual(new Int32(0));
    expect(await value({ $strcasecmp: ['aB', 'Ab'] })).toEqual(new Int32(0));
    expect(await value({ $strcasecmp: ['ç', 'Ç'] })).toEqual(new Int32(1));
    expect(await code({ $substrCP: ['abc', 1, -1] })).toBe(34454);
  });
});

describe('Dates', () => {
  it('are not read in two time zones', async () => {
    const timezone = 'America/New_York';
    expect(await code({ $dateFromString: { dateString: '2017-02-08T12:10:40.787Z', timezone } })).toBe(241);
    expect(await value({ $dateFromString: { dateString: '2017-02-08T12:10:40.787', timezone } })).toEqual(
      at('2017-02-08T17:10:40.787Z'),
    );
    const format = '%Y-%m-%d %z';
    expect(await code({ $dateFromString: { dateString: '2017-02-08 +0300', format, timezone } })).toBe(241);
    expect(await value({ $dateFromString: { dateString: '2017-02-08 +0300', format } })).toEqual(
      at('2017-02-07T21:00:00Z'),
    );
    expect(await value({ $dateFromString: { dateString: '2017-02-08', timezone: null } })).toBeNull();
  });

  it('end where their text or their number ends', async () => {
    const far = new Date(Date.UTC(12026, 0, 1));
    expect(await code({ $dateToString: { date: far } })).toBe(18537);
    expect(await code({ $toString: far })).toBe(18537);
    expect(await value({ $dateToString: { date: far, format: '%m' } })).toBe('01');
    expect(await code({ $dateAdd: { startDate: far, unit: 'year', amount: 999_999_999 } })).toBe(5166406);
    expect(await code({ $dateAdd: { startDate: far, unit: 'hour', amount: Long.fromNumber(2 ** 52) } })).toBe(5166406);
  });

  it('are put together of one calendar, with a year', async () => {
    expect(await code({ $dateFromParts: { month: 1 } })).toBe(40516);
    expect(await code({ $dateFromParts: { year: 2020, isoWeek: 3 } })).toBe(40489);
    expect(await code({ $dateFromParts: { isoWeekYear: 2020, month: 3 } })).toBe(40525);
    for (const year of [0, 10_000]) expect(await code({ $dateFromParts: { year } })).toBe(40523);
  });
});

describe('Arrays', () => {
  it('are bounded and counted from zero', async () => {
    expect(await code({ $range: [0, 20_000_000] })).toBe(146);
    expect(await value({ $range: [10, 0, -3] })).toEqual([10, 7, 4, 1].map((each) => new Int32(each)));
    expect(await code({ $range: [0, Long.fromNumber(2 ** 40)] })).toBe(34445);
    expect(await code({ $indexOfArray: [[1, 2], 2, -1] })).toBe(40097);
    expect(await code({ $filter: { input: [1, 2], cond: true, limit: 0 } })).toBe(327392);
    expect(await code({ $sortArray: { input: [1, 2], sortBy: 2 } })).toBe(2942507);
    expect(await code({ $sortArray: { input: [1, 2], sortBy: { a: 2 } } })).toBe(15975);
  });

  it('22 sort documents by the least or greatest element of a field', async () => {
    const input = [{ a: 3 }, { a: [5, 1] }, 7, { a: 4 }];
    const sorted = (direction: number) =>
      server.db
        .aggregate([{ $documents: [{}] }, { $project: { v: { $sortArray: { input, sortBy: { a: direction } } } } }])
        .toArray();
    expect(await sorted(1)).toEqual([{ v: [7, { a: [5, 1] }, { a: 3 }, { a: 4 }] }]);
    expect(await sorted(-1)).toEqual([{ v: [{ a: [5, 1] }, { a: 4 }, { a: 3 }, 7] }]);
  });

  it('make no answer of more than 16 MiB', async () => {
    expect(await code({ $range: [0, 3_000_000] })).toBe(10334);
    expect(await value({ $size: { $range: [0, 3_000_000] } })).toEqual(new Int32(3_000_000));
    const rows = server.db.collection('large');
    await rows.insertOne({});
    const projection = { v: { $range: [0, 3_000_000] } };
    expect((await rejection(rows.find({}, { projection }).toArray())).code).toBe(10334);
  });
});
