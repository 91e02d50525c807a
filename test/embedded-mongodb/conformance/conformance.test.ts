import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { database } from '../support/database.ts';
import { type Result, runFolder } from './run.ts';

const root = process.env.MONGODB_SPEC_DIR;
const expected = JSON.parse(readFileSync(new URL('./expected.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;

/** The suites and the share of the tests that apply which must pass. */
const SUITES = [
  ['crud', 0.97],
  ['transactions', 0.95],
  ['transactions-convenient-api', 0.95],
  ['retryable-writes', 0.95],
  ['retryable-reads', 0.95],
] as const;

if (root === undefined)
  process.stdout.write('conformance: MONGODB_SPEC_DIR is not set, the specification tests are skipped\n');

describe.skipIf(root === undefined)('The specification tests', () => {
  const server = database({ testCommands: true });
  let internal: MongoClient;
  beforeAll(async () => {
    internal = await MongoClient.connect(server.uri);
  });
  afterAll(async () => await internal.close());

  for (const [suite, share] of SUITES)
    it(`of ${suite} end as expected`, { timeout: 900_000 }, async () => {
      const folder = String(root);
      expect(existsSync(join(folder, suite))).toBe(true);
      const results = await runFolder(folder, suite, server.uri, internal);
      const of = (state: Result['state']) => results.filter((result) => result.state === state);
      const passed = of('passed').length;
      const failed = of('failed');
      process.stdout.write(
        `conformance: ${suite}: ${passed} passed, ${failed.length} failed, ${of('skipped').length} skipped, ${of('refused').length} refused as change streams\n`,
      );
      const unlisted = failed
        .filter(({ name }) => expected[name] === undefined)
        .map(({ name, why }) => `${name}\n    ${why}`);
      expect(unlisted, 'failures that expected.json does not list').toEqual([]);
      const mended = of('passed').filter(({ name }) => expected[name] !== undefined);
      expect(mended, 'passes that expected.json lists as failures').toEqual([]);
      expect(passed / (passed + failed.length)).toBeGreaterThanOrEqual(share);
    });
});
