import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode } from '#embedded-mongodb/bson/encode.ts';
import { doc } from '#embedded-mongodb/bson/values.ts';
import { Engine } from '#embedded-mongodb/engine.ts';
import { Budget } from '#embedded-mongodb/query/budget.ts';
import { Clock } from '#embedded-mongodb/query/clock.ts';
import { type Row, rowsOf } from '#embedded-mongodb/query/execute.ts';
import { compileFilter } from '#embedded-mongodb/query/match.ts';
import { Trace } from '#embedded-mongodb/query/trace.ts';
import { sortFields } from '#embedded-mongodb/shape/sort.ts';
import type { Collection } from '#embedded-mongodb/storage/catalog.ts';
import { recordKey, tableRange } from '#embedded-mongodb/storage/tables.ts';
import { newFolder } from './support/database.ts';

const folder = newFolder();
const engine = new Engine(join(folder, 'db'), () => undefined);
const DOCUMENTS = 6000;
let rows: Collection;

beforeAll(async () => {
  rows = await engine.createCollection('test.rows', new Map());
  await engine.groups.submit((statement) => {
    for (let n = 0; n < DOCUMENTS; n++) {
      const tree = doc({ _id: n, mod: n % 200, mixed: (n * 2654435761) % 1_000_003, pad: 'x'.repeat(100) });
      statement.insert(rows, Buffer.from(encode(tree)), tree);
    }
  });
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

function found(filter: Record<string, number>, sort: Record<string, number>, limit: number): Row[] {
  const view = {
    env: engine.env,
    snapshot: null,
    clock: new Clock(0),
    trace: new Trace(),
    budget: new Budget(),
    overlay: () => undefined,
  };
  const query = { filter: compileFilter(doc(filter)), sort: sortFields(doc(sort)), skip: 0, limit };
  return [...rowsOf(view, rows, query)].filter((row) => row !== null);
}

/** Bytes of all the memory that rows keep alive. */
function keptBy(kept: readonly Row[]): number {
  const buffers = new Set(kept.map((row) => row.bytes.buffer));
  return [...buffers].reduce((sum, buffer) => sum + buffer.byteLength, 0);
}

describe('What is read from the file', () => {
  it('stays as it was, whatever is read after it, for values of any length', () => {
    const table = 999;
    const lengths = [0, 1, 47, 48, 49, 4096, 4097, 16_384, 32_768, 32_769, 70_000, 5_000_000, 30];
    const values = lengths.map((length, i) => Buffer.alloc(length, i + 1));
    engine.env.write(() => {
      for (const [i, value] of values.entries()) engine.env.put(recordKey(table, i), value);
    });
    const one = values.map((_, i) => engine.env.get(recordKey(table, i)));
    const entries = engine.env.entries(tableRange(table));
    const keys = engine.env.keys(tableRange(table));
    engine.env.entries(tableRange(rows.table));
    expect(one.map((value, i) => value?.equals(values[i] as Buffer))).toEqual(lengths.map(() => true));
    expect(entries.map(({ value }, i) => value.equals(values[i] as Buffer))).toEqual(lengths.map(() => true));
    expect(entries.map(({ key }) => key)).toEqual(lengths.map((_, i) => recordKey(table, i)));
    expect(keys).toEqual(entries.map(({ key }) => key));
  });

  it('keeps no more memory than it needs, when a few of many are kept', () => {
    const matched = found({ mod: 7 }, {}, 0);
    expect(matched.map((row) => row.tree.get('_id'))).toEqual(Array.from({ length: 30 }, (_, i) => i * 200 + 7));
    expect(keptBy(matched)).toBeLessThan(50_000);
    const best = found({}, { mixed: 1 }, 20);
    expect(best).toHaveLength(20);
    expect(keptBy(best)).toBeLessThan(50_000);
  });
});
