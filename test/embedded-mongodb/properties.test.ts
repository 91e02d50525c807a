import fc from 'fast-check';
import { Decimal128, Double, ObjectId as DriverId, Long, type MongoServerError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { compare } from '#embedded-mongodb/bson/compare.ts';
import { decode } from '#embedded-mongodb/bson/decode.ts';
import { encode } from '#embedded-mongodb/bson/encode.ts';
import { keyOf } from '#embedded-mongodb/bson/key.ts';
import { asDecimal } from '#embedded-mongodb/bson/numbers.ts';
import {
  Bin,
  MAX_KEY,
  MIN_KEY,
  Double as OwnDouble,
  Timestamp,
  UtcDate,
  type Value,
} from '#embedded-mongodb/bson/values.ts';
import { Runs } from '#embedded-mongodb/storage/runs.ts';
import { database } from './support/database.ts';

const base = database();

const number = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.integer(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
  fc.double().map((value) => new OwnDouble(value)),
  fc
    .constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1, -0, 0.5)
    .map((value) => new OwnDouble(value)),
  fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }).map((value) => asDecimal(value)),
);
const name = fc.oneof(
  fc.constantFrom('a', 'b', '__proto__', '10'),
  fc.string({ unit: 'grapheme', maxLength: 70 }).filter((text) => !text.includes('\0')),
);
const { value: anyValue } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    number,
    fc.string({ unit: 'binary', maxLength: 4 }).filter((text) => text.isWellFormed()),
    fc.constantFrom<Value>(null, true, false, MIN_KEY, MAX_KEY, new Bin(0, Buffer.from([1])), new Timestamp(5n)),
    fc.integer({ min: -10, max: 10 }).map((ms) => new UtcDate(ms)),
    fc
      .oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1025n }), fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }))
      .map((ms) => new UtcDate(Number(ms))),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 3 }).map((pairs) => new Map(pairs)),
  ),
}));

describe('keys', () => {
  it('are in the order of compare', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (a, b) => {
        expect(Math.sign(Buffer.compare(keyOf(a), keyOf(b)))).toBe(Math.sign(compare(a, b)));
      }),
      { numRuns: 20_000 },
    );
  });

  it('leave a document as it was when it is written and read', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const bytes = encode(new Map([['v', value]]));
        expect(decode(bytes).get('v')).toEqual(value);
        expect(encode(decode(bytes))).toEqual(bytes);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('Runs', () => {
  it('hand out what they were given, in the order of bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 3 }), { maxLength: 300 }),
        fc.integer({ min: 1, max: 40 }),
        (some, times) => {
          // So many that several runs are merged.
          const keys = Array.from({ length: times }, (_, i) => some.map((key) => Buffer.from([...key, i]))).flat();
          const runs = new Runs();
          for (const key of keys) runs.add(key);
          expect([...runs.inOrder()]).toEqual(keys.sort(Buffer.compare));
        },
      ),
      { numRuns: 60 },
    );
  });
});

const id = new DriverId();
const scalar = fc.constantFrom<unknown>(
  null,
  0,
  1,
  2,
  new Double(1),
  Long.fromNumber(2),
  Decimal128.fromString('1.5'),
  'a',
  'b',
  'ab',
  true,
  id,
  new Date(5),
);
const field = fc.constantFrom('a', 'b', 'c.d');
const condition = fc.oneof(
  scalar,
  scalar.map((value) => ({ $eq: value })),
  fc.array(scalar, { maxLength: 3 }).map((values) => ({ $in: values })),
  fc.tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte'), scalar).map(([op, value]) => ({ [op]: value })),
  fc.tuple(scalar, scalar).map(([low, high]) => ({ $gte: low, $lt: high })),
  fc.boolean().map((value) => ({ $exists: value })),
  fc.constantFrom({ $type: 'string' }, { $type: 'number' }, { $type: 'objectId' }, { $regex: '^a' }, { $ne: 1 }),
);
const all = fc
  .array(fc.tuple(field, condition), { minLength: 1, maxLength: 3 })
  .map((pairs) => ({ $and: pairs.map(([name, value]) => ({ [name]: value })) }));
const any = fc.array(all, { minLength: 1, maxLength: 3 }).map(($or) => ({ $or }));
const filters = fc.oneof(
  { arbitrary: all, weight: 2 },
  { arbitrary: any, weight: 2 },
  fc.tuple(all, any).map(($and) => ({ $and })),
);
const sorts = fc
  .array(fc.tuple(field, fc.constantFrom(1, -1)), { maxLength: 2 })
  .map((pairs): Record<string, 1 | -1> => Object.fromEntries<1 | -1>([...pairs, ['_id', 1]] as [string, 1 | -1][]));
const content = fc.oneof(
  { arbitrary: scalar, weight: 4 },
  fc.array(scalar, { maxLength: 3 }),
  fc.record({ x: scalar }),
);
const documents = fc.array(
  fc.record(
    { a: content, b: scalar, c: fc.oneof(fc.record({ d: content }, { requiredKeys: [] }), scalar) },
    { requiredKeys: [] },
  ),
  { maxLength: 25 },
);
const INDEXES: [Record<string, 1 | -1>, object][] = [
  [{ a: 1 }, {}],
  [{ b: -1, 'c.d': 1 }, {}],
  [{ 'c.d': -1, b: 1 }, { sparse: true }],
  [{ b: 1, _id: 1 }, { partialFilterExpression: { b: { $type: 'string' } } }],
  [{ b: 1, a: -1 }, { partialFilterExpression: { b: { $exists: true } } }],
  [{ a: -1, b: 1 }, { partialFilterExpression: { 'c.d': null } }],
];

const UNIQUE: [Record<string, 1 | -1>, object][] = [
  [{ a: 1 }, { unique: true }],
  [{ a: -1, b: 1 }, { unique: true }],
  [
    { 'c.d': 1, b: -1 },
    { unique: true, sparse: true },
  ],
  [{ b: 1 }, { unique: true, partialFilterExpression: { b: { $type: 'string' } } }],
];

describe('an index', () => {
  let round = 0;

  it.each([
    ['an index', INDEXES],
    ['a unique index', UNIQUE],
  ])(
    'gives the answers of a scan, in the same order, and counts them: %s',
    async (_name, choice) => {
      await fc.assert(
        fc.asyncProperty(
          documents,
          fc.shuffledSubarray(choice, { minLength: 1, maxLength: choice === UNIQUE ? 2 : choice.length }),
          fc.array(fc.tuple(filters, sorts, fc.integer({ min: 0, max: 4 })), { minLength: 8, maxLength: 8 }),
          async (docs, indexes, queries) => {
            round += 1;
            const plain = base.db.collection(`plain${round}`);
            const indexed = base.db.collection(`indexed${round}`);
            for (const [key, options] of indexes) await indexed.createIndex(key, options);
            if (docs.length > 0) {
              const numbered = docs.map((each, _id) => ({ _id: _id as never, ...each }));
              // A unique index takes the first ones of their keys only.
              await indexed.insertMany(numbered, { ordered: false }).catch((error: unknown) => {
                if ((error as MongoServerError).code !== 11000) throw error;
              });
              await plain.insertMany(await indexed.find().toArray());
            }
            for (const [filter, sort, limit] of queries) {
              const query = filter as never;
              const wanted = await plain.find(query).sort(sort).limit(limit).toArray();
              expect(await indexed.find(query).sort(sort).limit(limit).toArray()).toEqual(wanted);
              expect(await indexed.countDocuments(query)).toBe(await plain.countDocuments(query));
            }
            await plain.drop();
            await indexed.drop();
          },
        ),
        { numRuns: 80 },
      );
    },
    120_000,
  );
});
