import { rmSync } from 'node:fs';
import { type Document, MongoClient } from 'mongodb';
import { expect, it } from 'vitest';
import { COMMANDS } from '#embedded-mongodb/commands/table.ts';
import { start } from '#embedded-mongodb/start.ts';
import { COMMAND_FIELDS } from '#embedded-mongodb/subset.ts';
import { database, newFolder, rejection } from './support/database.ts';

const server = database();

it('has a command for each name of the subset, and no other', () => {
  expect([...COMMANDS.keys()].sort()).toEqual(Object.keys(COMMAND_FIELDS).sort());
});

it('explains which index a query uses and what it looks at', async () => {
  const rows = server.db.collection<Document>('explained');
  await rows.createIndex({ a: 1, b: -1 });
  await rows.insertMany(Array.from({ length: 50 }, (_, i) => ({ a: i % 5, b: i })));
  const found = await rows.find({ a: 2 }).sort({ b: 1 }).explain();
  expect(found.queryPlanner.winningPlan.inputStage).toMatchObject({
    stage: 'IXSCAN',
    indexName: 'a_1_b_-1',
    direction: 'backward',
  });
  expect(found.executionStats).toMatchObject({ nReturned: 10, totalKeysExamined: 10, totalDocsExamined: 10 });
  const scanned = await rows.find({ b: 3 }).sort({ c: 1 }).explain();
  expect(scanned.queryPlanner.winningPlan).toMatchObject({ stage: 'SORT', inputStage: { stage: 'COLLSCAN' } });
  const grouped = await rows.aggregate([{ $match: { a: 1 } }, { $count: 'n' }]).explain();
  expect(JSON.stringify(grouped)).toContain('a_1_b_-1');
});

it('reads an $or by an index for each branch, in the order of the sort where the indexes give it', async () => {
  const rows = server.db.collection<Document>('either');
  await rows.createIndexes([{ key: { a: 1, at: 1 } }, { key: { b: 1, at: -1 } }, { key: { at: 1 } }]);
  await rows.insertMany(Array.from({ length: 90 }, (_, i) => ({ a: i % 9, b: i % 10, c: i % 2, at: 90 - i })));
  const either = { c: 1, $or: [{ a: 1 }, { b: 1 }] };
  const merged = await rows.find(either).sort({ at: -1 }).explain();
  expect(merged.queryPlanner.winningPlan).toMatchObject({
    stage: 'FETCH',
    inputStage: {
      stage: 'SORT_MERGE',
      inputStages: [
        { indexName: 'a_1_at_1', direction: 'backward' },
        { indexName: 'b_1_at_-1', direction: 'forward' },
      ],
    },
  });
  expect(merged.executionStats).toMatchObject({ totalKeysExamined: 19, totalDocsExamined: 18 });
  const found = await rows.find(either).sort({ at: -1 }).toArray();
  expect(found.map((row) => row.at)).toEqual([...found.map((row) => row.at)].sort((x, y) => y - x));
  expect(found).toHaveLength(await rows.countDocuments(either, { hint: { $natural: 1 } }));
  const sorted = await rows.find(either).sort({ c: 1 }).explain('queryPlanner');
  expect(sorted.queryPlanner.winningPlan).toMatchObject({ stage: 'SORT', inputStage: { inputStage: { stage: 'OR' } } });
  const open = await rows.find({ $or: [{ a: 1 }, { c: 1 }] }).explain('queryPlanner');
  expect(open.queryPlanner.winningPlan.stage).toBe('COLLSCAN');
});

it('renames a collection, over another one when it may', async () => {
  const from = server.db.collection<Document>('from');
  await from.createIndex({ a: 1 }, { unique: true });
  await from.insertMany([{ a: 1 }, { a: 2 }]);
  await server.db.collection('to').insertOne({ z: 1 });
  expect((await rejection(from.rename('to'))).code).toBe(48);
  const to = await from.rename('to', { dropTarget: true });
  expect(await to.countDocuments({ a: 2 })).toBe(1);
  expect(await server.db.listCollections({ name: 'from' }).toArray()).toEqual([]);
  expect((await rejection(to.insertOne({ a: 1 }))).code).toBe(11000);
  await from.insertOne({ a: 1 });
  expect(await to.countDocuments()).toBe(2);
});

it('lets documents expire as often as ttlMonitorSleepSecs says, where tests may say it', async () => {
  expect((await rejection(server.client.db('admin').command({ setParameter: 1, ttlMonitorSleepSecs: 1 }))).code).toBe(
    59,
  );
  const dataDir = newFolder();
  const own = await start({ dataDir, host: 'inline', testCommands: true });
  const client = await MongoClient.connect(own.uri);
  try {
    const rows = client.db('test').collection('gone');
    await rows.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
    await rows.insertMany([{ at: new Date(0) }, { at: new Date() }]);
    expect(await client.db('admin').command({ setParameter: 1, ttlMonitorSleepSecs: 1 })).toMatchObject({ was: 60 });
    expect(await client.db('admin').command({ getParameter: '*' })).toMatchObject({ ttlMonitorSleepSecs: 1 });
    while ((await rows.countDocuments()) > 1) await new Promise<void>((resolve) => setTimeout(resolve, 50));
    expect((await rows.find().toArray()).map((row) => row.at.getTime() > 0)).toEqual([true]);
  } finally {
    await client.close();
    await own.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});

it('says for how long nobody else got a turn, where tests may ask', async () => {
  const dataDir = newFolder();
  const own = await start({ dataDir, host: 'inline', testCommands: true });
  const client = await MongoClient.connect(own.uri);
  const longest = async () => {
    const { longestSliceMs, longestOwnSliceMs = longestSliceMs } = await client.db().command({ serverStatus: 1 });
    return Math.min(longestSliceMs, longestOwnSliceMs);
  };
  try {
    expect(await server.client.db().command({ serverStatus: 1 })).not.toHaveProperty('longestSliceMs');
    expect(await longest()).toBe(0);
    await new Promise<void>((resolve) => setTimeout(resolve, 20));
    const before = process.cpuUsage();
    // The server is in this process: its loop does nothing else until so much work is done.
    for (let spent = process.cpuUsage(before); spent.user + spent.system < 200_000; spent = process.cpuUsage(before))
      Math.random();
    await new Promise<void>((resolve) => setTimeout(resolve, 20));
    expect(await longest()).toBeGreaterThan(50);
  } finally {
    await client.close();
    await own.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});

it('changes the expiry and the hiding of an index', async () => {
  const rows = server.db.collection<Document>('changed');
  await rows.createIndex({ at: 1 }, { expireAfterSeconds: 100, name: 'at' });
  const reply = await server.db.command({ collMod: 'changed', index: { name: 'at', expireAfterSeconds: 5 } });
  expect(reply).toMatchObject({ expireAfterSeconds_old: 100, expireAfterSeconds_new: 5 });
  await server.db.command({ collMod: 'changed', index: { keyPattern: { at: 1 }, hidden: true } });
  expect((await rows.indexes())[1]).toMatchObject({ expireAfterSeconds: 5, hidden: true });
  const plan = await rows.find({ at: new Date() }).explain('queryPlanner');
  expect(plan.queryPlanner.winningPlan.stage).toBe('COLLSCAN');
  expect((await rejection(server.db.command({ collMod: 'changed', validator: {} }))).code).toBe(40415);
});
