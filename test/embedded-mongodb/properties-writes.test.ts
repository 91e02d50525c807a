import { rmSync } from 'node:fs';
import fc from 'fast-check';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode } from '#embedded-mongodb/bson/decode.ts';
import { encodeStored } from '#embedded-mongodb/bson/encode.ts';
import { type Doc, doc, type Value } from '#embedded-mongodb/bson/values.ts';
import { Engine } from '#embedded-mongodb/engine.ts';
import { ServerError } from '#embedded-mongodb/errors.ts';
import type { Collection } from '#embedded-mongodb/storage/catalog.ts';
import { indexOf } from '#embedded-mongodb/storage/index.ts';
import type { Statement } from '#embedded-mongodb/storage/statement.ts';
import { recordOf, tableRange } from '#embedded-mongodb/storage/tables.ts';
import { check } from '#embedded-mongodb/upkeep/check.ts';
import { database, newFolder, rejection } from './support/database.ts';

describe('Writes that share a commit', () => {
  const folder = newFolder();
  let engine: Engine;
  let made = 0;
  beforeAll(() => {
    engine = new Engine(folder, () => undefined);
  });
  afterAll(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A collection with a unique index on `u` and a multikey one on `t`. */
  async function collection(): Promise<Collection> {
    made += 1;
    const made_ = await engine.createCollection(`test.c${made}`, new Map());
    const index = (path: string, unique: boolean) =>
      indexOf(engine.catalog.newTable(), doc({ v: 2, key: doc({ [path]: 1 }), name: path, unique }), {
        multikey: false,
        long: false,
      });
    made_.indexes = [...made_.indexes, index('u', true), index('t', false)];
    await engine.groups.submit(() => engine.catalog.store(made_), true);
    return made_;
  }

  /** All that stands in the file of a collection, its tables by their places. */
  function contents(of: Collection): unknown {
    const rows = engine.env
      .entries(tableRange(of.table))
      .map(({ key, value }) => [recordOf(key), value.toString('hex')]);
    const keys = of.indexes.map((index) =>
      engine.env
        .entries(tableRange(index.table))
        .map(({ key, value }) => [key.toString('hex', 4), value.toString('hex')]),
    );
    return { rows, keys, count: of.count, next: of.nextRecord };
  }

  type Act = { kind: 'insert' | 'replace' | 'remove' | 'fail'; record: number; u: number; t: number[] };
  const acts = fc.array(
    fc.record<Act>({
      kind: fc.constantFrom('insert', 'insert', 'replace', 'remove', 'fail'),
      record: fc.integer({ min: 1, max: 8 }),
      u: fc.integer({ min: 0, max: 6 }),
      t: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
    }),
    { minLength: 2, maxLength: 40 },
  );

  function perform(statement: Statement, to: Collection, act: Act, i: number): string {
    const tree = (id: Value): Doc => doc({ _id: id, u: act.u, t: act.t });
    if (act.kind === 'insert' || act.kind === 'fail') {
      const fresh = tree(i);
      statement.insert(to, encodeStored(fresh), fresh);
      if (act.kind === 'fail') throw new ServerError(2, 'on purpose, after it has written');
      return 'inserted';
    }
    const stored = statement.get(to, act.record);
    if (stored === undefined) return 'nothing there';
    const old = decode(stored);
    if (act.kind === 'remove') statement.remove(to, act.record, old);
    else
      statement.replace(to, act.record, encodeStored(tree(old.get('_id') ?? null)), tree(old.get('_id') ?? null), old);
    return act.kind;
  }

  const outcome = (run: Promise<string>): Promise<string> =>
    run.catch((error: unknown) => (error instanceof ServerError ? String(error.code) : String(error)));

  it('leave what they leave one by one', async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (list) => {
        const together = await collection();
        const apart = await collection();
        const before = engine.locks.sequence;
        const shared = await Promise.all(
          list.map((act, i) => outcome(engine.groups.submit((statement) => perform(statement, together, act, i)))),
        );
        expect(engine.locks.sequence - before).toBeLessThan(list.length);
        const single: string[] = [];
        for (const [i, act] of list.entries())
          single.push(await outcome(engine.groups.submit((statement) => perform(statement, apart, act, i))));
        expect(shared).toEqual(single);
        expect(contents(together)).toEqual(contents(apart));
      }),
      { numRuns: 60 },
    );
    expect(check(engine.env).faults).toEqual([]);
  }, 120_000);
});

const base = database();

describe('An update', () => {
  type Model = Record<string, unknown>;
  const word = fc.constantFrom('x', 'y', 'zz');
  const small = fc.integer({ min: -3, max: 3 });
  const scalar = fc.oneof(small, word, fc.constant(null));
  const list = fc.array(small, { maxLength: 4 });
  const content = fc.oneof({ arbitrary: scalar, weight: 2 }, list);
  const stored = fc.record(
    { a: content, b: content, c: content, d: fc.record({ x: content, y: content }, { requiredKeys: [] }) },
    { requiredKeys: [] },
  );
  const act = fc.oneof(
    content.map((arg) => ['$set', arg] as const),
    fc.constant(['$unset', ''] as const),
    fc.tuple(fc.constantFrom('$inc', '$mul'), small),
    fc.tuple(fc.constantFrom('$min', '$max'), small),
    fc.tuple(fc.constantFrom('$push', '$addToSet', '$pull'), small),
    fc.constantFrom(['$pop', 1] as const, ['$pop', -1] as const),
  );
  const update = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd.x', 'd.y', 'e'), act), {
    minLength: 1,
    maxLength: 4,
    selector: ([path]) => path,
  });

  /** BSON order of what the model holds: null, numbers, strings, arrays. */
  const rank = (value: unknown): number =>
    value === null || value === undefined ? 0 : typeof value === 'number' ? 1 : typeof value === 'string' ? 2 : 3;
  const isLess = (a: unknown, b: unknown): boolean =>
    rank(a) !== rank(b) ? rank(a) < rank(b) : typeof a === 'number' && a < (b as number);

  /** What an operator makes of a value; undefined is none, a thrown string is a refusal. */
  function model(op: string, old: unknown, arg: unknown): unknown {
    const isList = Array.isArray(old);
    if (op === '$set') return arg;
    if (op === '$unset') return undefined;
    if (op === '$inc' || op === '$mul') {
      if (old === undefined) return op === '$inc' ? arg : 0;
      if (typeof old !== 'number') throw new Error('no number');
      return op === '$inc' ? old + (arg as number) : old * (arg as number);
    }
    if (op === '$min') return old === undefined || isLess(arg, old) ? arg : old;
    if (op === '$max') return old === undefined || isLess(old, arg) ? arg : old;
    if (old === undefined) return op === '$push' || op === '$addToSet' ? [arg] : undefined;
    if (!isList) throw new Error('no array');
    if (op === '$push') return [...old, arg];
    if (op === '$addToSet') return old.includes(arg) ? old : [...old, arg];
    if (op === '$pull') return old.filter((item: unknown) => item !== arg);
    return arg === 1 ? old.slice(0, -1) : old.slice(1);
  }

  /** The document after the update, new fields in the order of their paths. */
  function applied(document: Model, changes: readonly (readonly [string, readonly [string, unknown]])[]): Model {
    const out = structuredClone(document);
    for (const [path, [op, arg]] of [...changes].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const [head, tail] = path.split('.') as [string, string | undefined];
      const inner = tail === undefined ? out : (out[head] as Model | undefined);
      const name = tail ?? head;
      const result = model(op, inner?.[name], arg);
      if (result === undefined) delete inner?.[name];
      else if (inner === undefined) out[head] = { [name]: result };
      else inner[name] = result;
    }
    return out;
  }

  it('reads back as a simple model says, or is refused and leaves all as it was', async () => {
    const rows = base.db.collection<Document>('models');
    await rows.createIndexes([{ key: { a: 1 } }, { key: { 'd.x': 1 } }]);
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(stored, update, async (document, changes) => {
        const { insertedId: _id } = await rows.insertOne({ ...structuredClone(document) });
        const spec: Record<string, Record<string, unknown>> = {};
        for (const [path, [op, arg]] of changes) spec[op] = { ...spec[op], [path]: arg };
        let wanted: Model | null = null;
        try {
          wanted = applied(document, changes);
        } catch {
          refused += 1;
        }
        if (wanted === null) expect([2, 14]).toContain((await rejection(rows.updateOne({ _id }, spec))).code);
        else await rows.updateOne({ _id }, spec);
        const { _id: id, ...found } = (await rows.findOne({ _id })) ?? {};
        expect(JSON.stringify(found)).toBe(JSON.stringify(wanted ?? document));
        for (const index of ['a_1', 'd.x_1']) expect(await rows.countDocuments({ _id: id }, { hint: index })).toBe(1);
      }),
      { numRuns: 400 },
    );
    expect(refused).toBeGreaterThan(20);
    expect(refused).toBeLessThan(380);
  }, 120_000);
});
