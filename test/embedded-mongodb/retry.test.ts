import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Binary, Long } from 'mongodb';
import { afterAll, expect, it } from 'vitest';
import { start } from '#embedded-mongodb/start.ts';
import { newFolder } from './support/database.ts';
import { Wire } from './support/wire.ts';

const dataDir = newFolder();
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** Runs commands on a database that is opened for them and closed again. */
async function opened(run: (wire: Wire) => Promise<void>): Promise<void> {
  const database = await start({ dataDir, host: 'inline' });
  const wire = await Wire.connect(database.uri);
  try {
    await run(wire);
  } finally {
    wire.close();
    await database.close();
  }
}

const lsid = { id: new Binary(randomBytes(16), 4) };
const numbered = (command: object, txnNumber: number) => ({
  ...command,
  lsid,
  txnNumber: Long.fromNumber(txnNumber),
  $db: 't',
});

it('applies nothing twice when a write is repeated, also after a restart', async () => {
  const update = {
    update: 'c',
    updates: [1, 2].map((_id) => ({ q: { _id }, u: { $inc: { n: 1 } }, upsert: true })),
  };
  const insert = { insert: 'c', documents: [{ _id: 10 }, { _id: 11 }, { _id: 12 }] };
  const modify = { findAndModify: 'c', query: { _id: 1 }, update: { $inc: { n: 10 } }, new: true };
  let answer: object = {};
  await opened(async (wire) => {
    expect(await wire.command(numbered(update, 1))).toMatchObject({ ok: 1, n: 2, nModified: 0 });
    expect(await wire.command(numbered(update, 1))).toMatchObject({ n: 2, upserted: [{ index: 0 }, { index: 1 }] });
    expect(await wire.command(numbered(insert, 2))).toMatchObject({ ok: 1, n: 3 });
    expect(await wire.command(numbered(insert, 2))).toEqual({ ok: 1, n: 3 });
    answer = await wire.command(numbered(modify, 3));
    expect(answer).toMatchObject({ value: { _id: 1, n: 11 } });
  });
  await opened(async (wire) => {
    expect(await wire.command(numbered(insert, 2))).toMatchObject({ ok: 0, code: 225 });
    expect(await wire.command(numbered(modify, 3))).toEqual(answer);
    expect(await wire.command(numbered(update, 4))).toMatchObject({ n: 2, nModified: 2 });
    expect(await wire.command(numbered(update, 4))).toMatchObject({ n: 2, nModified: 2 });
    const all = await wire.command({ find: 'c', sort: { _id: 1 }, $db: 't' });
    expect(all).toMatchObject({
      cursor: { firstBatch: [{ _id: 1, n: 12 }, { _id: 2, n: 2 }, { _id: 10 }, { _id: 11 }, { _id: 12 }] },
    });
  });
});

it('answers a repeated commit, also after a restart', async () => {
  const head = { lsid: { id: new Binary(randomBytes(16), 4) }, txnNumber: Long.fromNumber(1), autocommit: false };
  const commit = { commitTransaction: 1, ...head, $db: 'admin' };
  await opened(async (wire) => {
    const insert = { insert: 'txn', documents: [{ _id: 1 }], ...head, startTransaction: true, $db: 't' };
    expect(await wire.command(insert)).toMatchObject({ ok: 1, n: 1 });
    expect(await wire.command(commit)).toEqual({ ok: 1 });
    expect(await wire.command(commit)).toEqual({ ok: 1 });
  });
  await opened(async (wire) => {
    expect(await wire.command(commit)).toEqual({ ok: 1 });
    expect(await wire.command({ count: 'txn', $db: 't' })).toMatchObject({ n: 1 });
    expect(await wire.command({ ...commit, txnNumber: Long.fromNumber(9) })).toMatchObject({ code: 251 });
  });
});
