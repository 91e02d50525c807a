import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { EJSON } from 'bson';
import { type MongoClient, MongoError, MongoServerError } from 'mongodb';
import { Entities, Unsupported } from './entities.ts';
import { mismatch, type Spec } from './match.ts';
import { call, type Operation } from './operations.ts';

/** The server that the tests take us for. */
const VERSION = [7, 0, 0];
const TEST_MS = 15_000;

interface Outcome {
  readonly collectionName: string;
  readonly databaseName: string;
  readonly documents: readonly Spec[];
}

interface TestCase {
  readonly description: string;
  readonly operations: readonly Operation[];
  readonly runOnRequirements?: readonly Spec[];
  readonly skipReason?: string;
  readonly outcome?: readonly Outcome[];
}

interface SpecFile {
  readonly runOnRequirements?: readonly Spec[];
  readonly createEntities?: readonly Spec[];
  readonly initialData?: readonly Outcome[];
  readonly tests: readonly TestCase[];
}

/** How one test ended: `why` is the reason of a failure or of a skip; `refused` is a change stream, code 40573. */
export interface Result {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped' | 'refused';
  readonly why: string;
}

/** Runs every test below a folder, one after the other. */
export async function runFolder(root: string, folder: string, uri: string, internal: MongoClient): Promise<Result[]> {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort();
  const results: Result[] = [];
  for (const name of files) {
    const path = join(root, folder, name);
    const file = EJSON.parse(readFileSync(path, 'utf8'), { relaxed: true }) as SpecFile;
    for (const test of file.tests) {
      const title = `${relative(root, path)}: ${test.description}`;
      results.push({ name: title, ...(await runTest(file, test, uri, internal)) });
    }
  }
  return results;
}

async function runTest(
  file: SpecFile,
  test: TestCase,
  uri: string,
  internal: MongoClient,
): Promise<Pick<Result, 'state' | 'why'>> {
  if (test.skipReason !== undefined) return { state: 'skipped', why: test.skipReason };
  if (!applies(file.runOnRequirements) || !applies(test.runOnRequirements))
    return { state: 'skipped', why: 'not for a replica set of this version' };
  const entities = new Entities(uri);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the test did not end')), TEST_MS);
  });
  try {
    await Promise.race([perform(file, test, entities, internal), late]);
    return { state: 'passed', why: '' };
  } catch (error) {
    if (error instanceof Unsupported) return { state: 'skipped', why: `the driver has no ${error.message}` };
    if (error instanceof MongoServerError && error.code === 40573) return { state: 'refused', why: error.message };
    return { state: 'failed', why: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
    for (const name of ['failCommand', 'onPrimaryTransactionalWrite'])
      await internal.db('admin').command({ configureFailPoint: name, mode: 'off' });
    await entities.close();
    await internal.db('admin').command({ killAllSessions: [] });
  }
}

async function perform(file: SpecFile, test: TestCase, entities: Entities, internal: MongoClient): Promise<void> {
  for (const { databaseName, collectionName, documents } of file.initialData ?? []) {
    const collection = internal.db(databaseName).collection(collectionName);
    await collection.drop();
    if (documents.length > 0) await collection.insertMany([...documents]);
    else await internal.db(databaseName).createCollection(collectionName);
  }
  await entities.create(file.createEntities ?? []);
  await runAll(test.operations, entities, internal);
  for (const { databaseName, collectionName, documents } of test.outcome ?? []) {
    const found = await internal
      .db(databaseName)
      .collection(collectionName)
      .find({}, { sort: { _id: 1 } })
      .toArray();
    const reason = mismatch(documents, found, false, 'outcome');
    if (reason !== null) throw new Error(reason);
  }
}

async function runAll(operations: readonly Operation[], entities: Entities, internal: MongoClient): Promise<void> {
  for (const operation of operations) await runOperation(operation, entities, internal);
}

/** Inside `withTransaction` an expected error goes on to the driver as well. */
async function runCallback(operations: readonly Operation[], entities: Entities, internal: MongoClient): Promise<void> {
  for (const operation of operations) {
    const error = await runOperation(operation, entities, internal);
    if (error !== null) throw error;
  }
}

/** Runs one step; returns the error that it was expected to end with, null without one. */
async function runOperation(operation: Operation, entities: Entities, internal: MongoClient): Promise<Error | null> {
  if (operation.object === 'testRunner') {
    await onRunner(operation, entities, internal);
    return null;
  }
  let result: unknown;
  try {
    result = await call(entities, operation, async (inner) => await runCallback(inner, entities, internal));
  } catch (error) {
    if (error instanceof Unsupported || operation.expectError === undefined) {
      if (operation.ignoreResultAndError === true && !(error instanceof Unsupported)) return null;
      throw error;
    }
    assertError(operation, error);
    return error as Error;
  }
  if (operation.expectError !== undefined) throw new Error(`${operation.name} should have failed`);
  if (operation.expectResult === undefined) return null;
  const reason = mismatch(operation.expectResult, result, true, operation.name);
  if (reason !== null) throw new Error(reason);
  return null;
}

async function onRunner(operation: Operation, entities: Entities, internal: MongoClient): Promise<void> {
  const given = operation.arguments ?? {};
  const database = () => internal.db(String(given.databaseName));
  switch (operation.name) {
    case 'failPoint':
    case 'targetedFailPoint':
      await internal.db('admin').command(given.failPoint as object);
      return;
    case 'createEntities':
      await entities.create(given.entities as Spec[]);
      return;
    case 'assertCollectionExists':
    case 'assertCollectionNotExists': {
      const found = await database().listCollections({ name: given.collectionName }).toArray();
      if (found.length > 0 !== (operation.name === 'assertCollectionExists')) throw new Error(operation.name);
      return;
    }
    case 'assertIndexExists':
    case 'assertIndexNotExists': {
      const collection = database().collection(String(given.collectionName));
      const exists = await collection.indexExists(String(given.indexName)).catch(() => false);
      if (exists !== (operation.name === 'assertIndexExists')) throw new Error(operation.name);
      return;
    }
    case 'assertSessionTransactionState': {
      const session = entities.session(given.session);
      if (session.inTransaction() !== ['starting', 'in_progress'].includes(String(given.state)))
        throw new Error(`the session is not ${given.state}`);
      return;
    }
    default:
      throw new Unsupported(operation.name);
  }
}

function assertError(operation: Operation, error: unknown): void {
  const expected = operation.expectError ?? {};
  const known = error as MongoServerError & { result?: unknown };
  const fail = (why: string): never => {
    throw new Error(`${operation.name}: ${why}: ${known.message} (code ${String(known.code)})`);
  };
  if (!(error instanceof MongoError) && expected.isClientError !== true && expected.isError !== true) throw error;
  if (expected.isClientError !== undefined && error instanceof MongoServerError === expected.isClientError)
    fail(`isClientError is not ${expected.isClientError}`);
  if (
    expected.errorContains !== undefined &&
    !known.message.toLowerCase().includes(String(expected.errorContains).toLowerCase())
  )
    fail(`the message has no ${expected.errorContains}`);
  if (expected.errorCode !== undefined && known.code !== expected.errorCode)
    fail(`expected code ${expected.errorCode}`);
  if (expected.errorCodeName !== undefined && known.codeName !== expected.errorCodeName)
    fail(`expected ${expected.errorCodeName}`);
  for (const label of (expected.errorLabelsContain ?? []) as string[])
    if (!known.hasErrorLabel(label)) fail(`has no label ${label}`);
  for (const label of (expected.errorLabelsOmit ?? []) as string[])
    if (known.hasErrorLabel(label)) fail(`has label ${label}`);
  const pairs = [
    [expected.expectResult, known.result],
    [expected.errorResponse, known.errorResponse],
  ];
  for (const [wanted, got] of pairs) {
    const reason = wanted === undefined ? null : mismatch(wanted, got, true, 'error');
    if (reason !== null) fail(reason);
  }
}

/** Whether one of the requirements is met by a replica set of our version without authentication. */
function applies(requirements: readonly Spec[] | undefined): boolean {
  if (requirements === undefined) return true;
  return requirements.some(
    (each) =>
      (each.minServerVersion === undefined || compareVersion(String(each.minServerVersion)) >= 0) &&
      (each.maxServerVersion === undefined || compareVersion(String(each.maxServerVersion)) <= 0) &&
      (each.topologies === undefined || (each.topologies as string[]).includes('replicaset')) &&
      each.serverless !== 'require' &&
      each.auth !== true &&
      each.csfle !== true,
  );
}

/** Our version against another one; parts that the other does not name count as equal. */
function compareVersion(other: string): number {
  for (const [i, part] of other.split('.').entries()) {
    const difference = (VERSION[i] ?? 0) - Number(part);
    if (difference !== 0) return difference;
  }
  return 0;
}
