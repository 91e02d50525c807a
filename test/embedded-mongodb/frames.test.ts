import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { serialize, UUID } from 'bson';
import { type Document, MongoClient } from 'mongodb';
import { afterAll, expect, it } from 'vitest';
import { Engine } from '#embedded-mongodb/engine.ts';
import { ServerError } from '#embedded-mongodb/errors.ts';
import { start } from '#embedded-mongodb/start.ts';
import { check } from '#embedded-mongodb/upkeep/check.ts';
import { Dispatcher } from '#embedded-mongodb/wire/dispatch.ts';
import { ProtocolError, parse } from '#embedded-mongodb/wire/message.ts';
import { newFolder } from './support/database.ts';

// `EMBEDDED_LONG=1` runs all of the hundred thousand frames.
const FRAMES = process.env.EMBEDDED_LONG === undefined ? 4000 : 100_000;
const SEED = 20_261_125;

const id = { id: new UUID('0123456789abcdef0123456789abcdef').toBinary() };
const COMMANDS: Document[] = [
  { insert: 'a', documents: [{ _id: 1, x: [1, { y: 'z' }] }], ordered: true },
  { insert: 'a', documents: [{ x: new Date(0) }], lsid: id, txnNumber: 1 },
  { update: 'a', updates: [{ q: { x: 1 }, u: { $set: { 'x.0.y': 1 }, $inc: { n: 1 } }, upsert: true }] },
  { update: 'a', updates: [{ q: {}, u: { $push: { l: { $each: [1, 2], $sort: 1, $slice: 2 } } }, multi: true }] },
  { delete: 'a', deletes: [{ q: { x: { $gt: 1 } }, limit: 1 }] },
  { find: 'a', filter: { $or: [{ x: 1 }, { 'x.y': /z/i }] }, sort: { x: -1 }, projection: { x: 1 }, limit: 5 },
  { findAndModify: 'a', query: { _id: 1 }, update: { $set: { z: 1 } }, new: true },
  { aggregate: 'a', pipeline: [{ $match: { x: 1 } }, { $group: { _id: '$x', n: { $sum: 1 } } }], cursor: {} },
  { aggregate: 'a', pipeline: [{ $project: { d: { $dateTrunc: { date: '$x', unit: 'day' } } } }], cursor: {} },
  { createIndexes: 'a', indexes: [{ key: { x: 1 }, name: 'x' }] },
  { count: 'a', query: { x: { $in: [1, null] } } },
  { distinct: 'a', key: 'x' },
  { hello: 1, client: { application: { name: 'x' } } },
];

function frame(command: Document): Buffer {
  const body = serialize({ ...command, $db: 'fuzz' });
  const head = Buffer.alloc(21);
  head.writeInt32LE(21 + body.length, 0);
  head.writeInt32LE(2013, 12);
  return Buffer.concat([head, body]);
}

/** A generator of whole numbers below a bound, the same for the same seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A frame with some of its bytes changed, left out or doubled; its length mostly tells the truth. */
function mutated(original: Buffer, random: (below: number) => number): Buffer {
  let bytes = Buffer.from(original);
  for (let times = 1 + random(4); times > 0; times--) {
    const at = 16 + random(Math.max(1, bytes.length - 16));
    const kind = random(5);
    if (kind < 3)
      bytes[at] =
        kind === 0
          ? random(256)
          : kind === 1
            ? (bytes[at] ?? 0) ^ (1 << random(8))
            : ([0, 1, 0x7f, 0xff][random(4)] ?? 0);
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(8))]);
    else bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + random(40)), bytes.subarray(at)]);
  }
  if (bytes.length < 16) bytes = Buffer.concat([bytes, Buffer.alloc(16)]);
  if (random(20) !== 0) bytes.writeInt32LE(bytes.length, 0);
  return bytes;
}

const dataDir = newFolder();
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

it(`answers or refuses each of ${FRAMES} mutated frames`, { timeout: 900_000 }, async () => {
  const faults: string[] = [];
  const engine = new Engine(dataDir, (line) => {
    if (line.startsWith('internal error')) faults.push(line);
  });
  const dispatcher = new Dispatcher(engine, false);
  const connection = { id: 1, address: 'fuzz', appName: null, closing: false };
  const random = randomOf(SEED);
  const frames = COMMANDS.map(frame);
  const seen = { answered: 0, refused: 0, closed: 0 };
  for (let i = 0; i < FRAMES; i++) {
    const bytes = mutated(frames[random(frames.length)] as Buffer, random);
    try {
      const reply = await dispatcher.answer(parse(bytes), connection);
      seen[reply.has('errmsg') ? 'refused' : 'answered'] += 1;
    } catch (error) {
      if (error instanceof ServerError) seen.refused += 1;
      else if (error instanceof ProtocolError || error instanceof RangeError) seen.closed += 1;
      else throw error;
    }
    for (const session of engine.sessions.all()) session.abort();
  }
  expect(faults.slice(0, 3)).toEqual([]);
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(FRAMES / 100);
  await engine.sweeper.settled();
  expect(check(engine.env).faults).toEqual([]);
  await engine.close();
});

it('answers or closes a connection that sends mutated frames, and goes on with others', async () => {
  const folder = newFolder();
  const server = await start({ dataDir: folder, host: 'inline' });
  const path = decodeURIComponent(new URL(server.uri).host);
  const random = randomOf(SEED);
  const frames = COMMANDS.map(frame);
  for (let i = 0; i < 150; i++) {
    await new Promise<void>((resolve) => {
      const socket = connect(path);
      socket.on('data', () => socket.destroy());
      socket.on('error', () => socket.destroy());
      socket.on('close', () => resolve());
      // A frame that claims to be longer than it is waits for its rest until the client goes.
      socket.end(mutated(frames[random(frames.length)] as Buffer, random));
    });
  }
  const client = await MongoClient.connect(server.uri);
  expect(await client.db('fuzz').command({ ping: 1 })).toMatchObject({ ok: 1 });
  await client.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
