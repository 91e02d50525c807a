import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATORS } from '#embedded-mongodb/aggregate/expression.ts';
import { compileStages } from '#embedded-mongodb/aggregate/pipeline.ts';
import type { StageContext } from '#embedded-mongodb/aggregate/stage.ts';
import { decode } from '#embedded-mongodb/bson/decode.ts';
import { encode } from '#embedded-mongodb/bson/encode.ts';
import { type Doc, doc, isDoc, type Value } from '#embedded-mongodb/bson/values.ts';
import { ServerError } from '#embedded-mongodb/errors.ts';
import { compileFilter } from '#embedded-mongodb/query/match.ts';
import { type RunningServer, runServer } from '#embedded-mongodb/server.ts';
import { EXPRESSIONS, FILTER_OPERATORS, STAGES } from '#embedded-mongodb/subset.ts';
import { newFolder } from './support/database.ts';
import { outside, shapeOf } from './support/shapes.ts';

/** The product's tests that use the database; the long tier runs all of them. */
const SUITE =
  process.env.EMBEDDED_LONG === undefined
    ? [
        'test/store',
        'test/desk',
        'test/access',
        'test/live',
        'test/flow/main-job',
        'test/server/inbox',
        'test/server/outbox',
      ]
    : [
        'test/store',
        'test/desk',
        'test/access',
        'test/live',
        'test/flow',
        'test/server',
        'test/channels/webchat',
        'test/channels/telegram-desk',
      ];

/** Collections that stay small, so that reading the whole of one is no fault; each with the reason. */
const SMALL: Readonly<Record<string, string>> = {
  companies: 'one document a company; one company in most installations',
  channels: 'made by hand in the settings',
  departments: 'made by hand in the settings',
  conclusions: 'made by hand in the settings',
  agents: 'one document a person of the team',
};

/** Nearly every document of an installation is one company's: an index that is bounded by it alone is walked whole. */
const TENANT = 'companyId';

/** Whether a command ends by itself after some documents. */
function isLimited(body: Doc): boolean {
  const stages = body.get('pipeline');
  return body.has('limit') || (Array.isArray(stages) && stages.some((stage) => isDoc(stage) && stage.has('$limit')));
}

interface Scan {
  readonly command: string;
  readonly collection: string;
  readonly shape: string;
}

const dataDir = newFolder();
let server: RunningServer;
let recorded = 0;
const strangers = new Set<string>();
const scans = new Map<string, Scan>();

beforeAll(async () => {
  server = await runServer({
    dataDir,
    log: () => undefined,
    testCommands: false,
    breakLock: false,
    observe: ({ body }, trace) => {
      const [command = ''] = body.keys();
      recorded += 1;
      for (const what of outside(body)) strangers.add(`${what} (${command} ${String(body.get(command))})`);
      for (const { ns, plan, bounded } of trace.used) {
        const walks = bounded.some((paths) => paths.every((path) => path === TENANT));
        if (plan.includes('COLLSCAN') || (walks && !isLimited(body))) {
          const collection = ns.slice(ns.indexOf('.') + 1);
          const scan = { command, collection, shape: shapeOf(body) };
          scans.set(JSON.stringify(scan), scan);
        }
      }
    },
  });
});

afterAll(async () => {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Runs tests of the product against the watched database; what they say of themselves is theirs. */
async function runProduct(files: readonly string[]): Promise<void> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [vitest, 'run', '--project', 'node', ...files], {
    env: { ...env, MONGODB_URI: server.uri },
    stdio: 'ignore',
  });
  await once(child, 'exit');
}

describe('The guard', () => {
  it('names what is outside the subset, at any depth', () => {
    const found = (body: object) => outside(deep(body));
    expect(
      found({
        find: 'a',
        filter: { $or: [{ a: { $not: { $near: 1 } } }, { b: { $elemMatch: { c: { $bits: 1 } } } }] },
      }),
    ).toEqual(['filter operator $near', 'filter operator $bits']);
    expect(found({ find: 'a', filter: { $expr: { $gt: ['$a', { $sin: 1 }] } }, tailable: true })).toEqual([
      'field tailable of find',
      'expression $sin',
    ]);
    expect(
      found({ update: 'a', updates: [{ q: {}, u: { $push: { x: { $each: [], $top: 1 } }, $frob: {} } }] }),
    ).toEqual(['$top of $push', 'update operator $frob']);
    expect(
      found({
        aggregate: 'a',
        pipeline: [
          { $facet: { x: [{ $bucket: {} }] } },
          { $group: { _id: 1, n: { $median: '$a' } } },
          { $lookup: { from: 'b', pipeline: [{ $sample: 1 }] } },
        ],
        cursor: {},
      }),
    ).toEqual(['stage $bucket', 'accumulator $median', 'stage $sample']);
    expect(found({ createIndexes: 'a', indexes: [{ key: { a: 'text' }, name: 'a', weights: 1 }] })).toEqual([
      'index option weights',
      'index kind a: text',
    ]);
    expect(found({ mapReduce: 'a' })).toEqual(['command mapReduce']);
  });

  it('compares with lists that say what the server does', () => {
    expect([...OPERATORS.keys()].sort()).toEqual([...EXPRESSIONS].sort());
    const context = { variables: null, collation: null, view: { budget: null } } as unknown as StageContext;
    const codeOf = (run: () => unknown): unknown => {
      try {
        run();
        return null;
      } catch (error) {
        return error instanceof ServerError ? error.code : error;
      }
    };
    for (const name of [...STAGES, '$frob'])
      expect(codeOf(() => compileStages([doc({ [name]: 1 })], context)) === 40_324, name).toBe(name === '$frob');
    const isUnknown = (filter: object) => codeOf(() => compileFilter(deep(filter)));
    for (const name of [...FILTER_OPERATORS, '$frob']) {
      const codes = [
        isUnknown({ [name]: [{ a: 1 }] }),
        isUnknown({ a: { [name]: 1 } }),
        isUnknown({ a: { $regex: 'a', [name]: 'i' } }),
      ];
      const messages = [{ [name]: [{ a: 1 }] }, { a: { [name]: [] } }].map((filter) =>
        messageOf(() => compileFilter(deep(filter))),
      );
      expect(
        messages.every((message) => /unknown (top level )?operator/.test(message)) && codes.every((code) => code === 2),
        name,
      ).toBe(name === '$frob');
    }
  });

  it('finds nothing outside the subset and no scan of what grows in what the product sends', {
    timeout: 900_000,
  }, async () => {
    // Without a scan that must be found, finding none would say nothing.
    const client = await MongoClient.connect(server.uri);
    await client.db('planted').collection('grows').insertOne({ a: 1 });
    await client.db('planted').collection('grows').findOne({ a: 1 });
    await client.db('planted').collection('grows').find().sort({ _id: 1 }).toArray();
    await client.close();
    expect([...scans.values()].map(({ shape }) => shape)).toEqual(['filter {a: int}', 'filter {} sort {_id: int}']);
    scans.clear();
    await runProduct(SUITE);
    const listed = [...scans.values()].map((scan) => `\n  ${scan.command} ${scan.collection} ${scan.shape}`);
    process.stdout.write(
      `guard: ${recorded} commands of the product; what reads a whole collection:${listed.join('')}\n`,
    );
    expect(recorded).toBeGreaterThan(2000);
    expect([...strangers]).toEqual([]);
    expect([...scans.values()].filter(({ collection }) => SMALL[collection] === undefined)).toEqual([]);
  });
});

function messageOf(run: () => unknown): string {
  try {
    run();
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Plain objects as the trees that the server reads. */
function deep(value: object): Map<string, Value> {
  const convert = (item: unknown): Value =>
    Array.isArray(item)
      ? item.map(convert)
      : typeof item === 'object' && item !== null
        ? new Map(Object.entries(item).map(([name, inner]) => [name, convert(inner)]))
        : (item as Value);
  return decode(encode(convert(value) as Map<string, Value>));
}
