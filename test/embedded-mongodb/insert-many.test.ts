import { type Collection, MongoBulkWriteError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { database } from './support/database.ts';

interface Numbered {
  _id: number;
  u: number;
}

const base = database();
let made = 0;

/** A collection that nobody has used. */
function collection(): Collection<Numbered> {
  made += 1;
  return base.db.collection<Numbered>(`rows${made}`);
}

const numbered = (count: number): Numbered[] => Array.from({ length: count }, (_, i) => ({ _id: i, u: i }));

/** No `_id` may be an array (53). */
const unstorable = [1] as unknown as number;

/** What went wrong, by the places of the documents. */
async function errorsOf(run: Promise<unknown>): Promise<Record<number, number | undefined>> {
  const error = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error === null) return {};
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const all = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
  return Object.fromEntries(all.map((each) => [each.index, Number(each.code)]));
}

describe('insertMany', () => {
  // A thousand documents are on their way in several statements at once.
  it('ends at the first error, with all that is in front of it and nothing behind it', async () => {
    const rows = collection();
    await rows.insertOne({ _id: 300, u: -1 });
    expect(await errorsOf(rows.insertMany(numbered(1000)))).toEqual({ 300: 11000 });
    expect(await rows.countDocuments({ u: { $gte: 0 } })).toBe(300);
    expect(await rows.countDocuments({ u: { $gte: 300 } })).toBe(0);
  });

  it('says the first error only, though a later one is seen earlier', async () => {
    const rows = collection();
    await rows.insertOne({ _id: 200, u: -1 });
    const documents = numbered(1000);
    documents[400] = { _id: unstorable, u: 400 };
    expect(await errorsOf(rows.insertMany(documents))).toEqual({ 200: 11000 });
    expect(await rows.countDocuments({ u: { $gte: 0 } })).toBe(200);
  });

  it('goes on behind errors when it is unordered', async () => {
    const rows = collection();
    await rows.insertMany([
      { _id: 5, u: -1 },
      { _id: 300, u: -1 },
      { _id: 999, u: -1 },
    ]);
    const documents = numbered(1000);
    documents[640] = { _id: unstorable, u: 640 };
    expect(await errorsOf(rows.insertMany(documents, { ordered: false }))).toEqual({
      5: 11000,
      300: 11000,
      640: 53,
      999: 11000,
    });
    expect(await rows.countDocuments({ u: { $gte: 0 } })).toBe(996);
  });

  it('stores documents in their order', async () => {
    const rows = collection();
    await rows.insertMany(numbered(1500).reverse());
    const found = await rows.find({}, { projection: { u: 1 } }).toArray();
    expect(found.map(({ u }) => u)).toEqual(numbered(1500).map((_, i) => 1499 - i));
  });

  for (const ending of ['commits', 'aborts'] as const)
    it(`waits for a transaction that holds one of its keys and ${ending}, and keeps the order`, async () => {
      const rows = collection();
      await rows.createIndex({ u: 1 }, { unique: true });
      const session = base.client.startSession();
      session.startTransaction();
      await rows.insertOne({ _id: -1, u: 200 }, { session });
      const inserting = errorsOf(rows.insertMany(numbered(1000)));
      // It has come as far as it can when the first statement is written.
      await expect.poll(() => rows.countDocuments({ u: { $lt: 128 } })).toBe(128);
      if (ending === 'commits') await session.commitTransaction();
      else await session.abortTransaction();
      await session.endSession();
      expect(await inserting).toEqual(ending === 'commits' ? { 200: 11000 } : {});
      expect(await rows.countDocuments({ _id: { $gte: 0 } })).toBe(ending === 'commits' ? 200 : 1000);
      const found = await rows.find({ _id: { $gte: 0 } }).toArray();
      expect(found.map(({ u }) => u)).toEqual(found.map((_, i) => i));
    });
});
