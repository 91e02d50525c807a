import { BSON, type Collection, type Db, type Document, MongoClient } from 'mongodb';

// `npm run db:copy -- --to URI`: the embedded database serves the data folder and starts this with its address in
// MONGODB_URI. It moves a desk to a MongoDB of its own, or back.

/** Documents, and bytes of them, that one insert carries. */
const batchDocuments = 1000;
const batchBytes = 8 * 1024 * 1024;

/** Documents between two lines of progress. */
const progressEvery = 10_000;

/** Which types BSON's decoder must not replace by those of JavaScript. */
const keepTypes = { promoteValues: false, promoteBuffers: false, bsonRegExp: true } as const;

/** What was copied. */
export interface Copied {
  collections: number;
  documents: number;
  indexes: number;
}

/** The copy cannot be made or is not what it was made of; the message is one sentence for a person. */
export class CopyRefused extends Error {}

/**
 * Copies every collection with its indexes from the database of one URI into that of another, byte for byte, and
 * compares the number of documents and a hash over all of them, in the order of `_id`. Where `to` names no database it
 * is the one of `from`. Throws CopyRefused when the target holds any collection, or when something differs afterwards.
 */
export async function copyDatabase(from: string, to: string, tell: (line: string) => void): Promise<Copied> {
  const source = await MongoClient.connect(from, { serverSelectionTimeoutMS: 10_000 });
  try {
    const target = await MongoClient.connect(to, { serverSelectionTimeoutMS: 10_000 });
    try {
      const name = source.db().databaseName;
      const isNamed = /^[^/]+\/\/[^/]+\/[^?]/.test(to);
      return await copyAll(source.db(), isNamed ? target.db() : target.db(name), tell);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function copyAll(source: Db, target: Db, tell: (line: string) => void): Promise<Copied> {
  const there = await namesOf(target);
  if (there.length > 0)
    throw new CopyRefused(
      `the target database ${target.databaseName} is not empty (${there.length} collections): name another one or drop it first`,
    );
  const copied: Copied = { collections: 0, documents: 0, indexes: 0 };
  for (const name of await namesOf(source)) {
    await target.createCollection(name);
    const documents = await copyDocuments(source.collection(name), target.collection(name), tell);
    const indexes = await copyIndexes(source.collection(name), target.collection(name));
    copied.collections += 1;
    copied.documents += documents;
    copied.indexes += indexes;
    tell(`${name}: ${documents} documents, ${indexes} indexes`);
  }
  for (const name of await namesOf(source)) await compare(source.collection(name), target.collection(name));
  return copied;
}

async function namesOf(db: Db): Promise<string[]> {
  const found = await db.listCollections({}, { nameOnly: true }).toArray();
  return found
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.'))
    .sort();
}

async function copyDocuments(from: Collection, to: Collection, tell: (line: string) => void): Promise<number> {
  let done = 0;
  let batch: Map<string, unknown>[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await to.db.command({ insert: to.collectionName, documents: batch });
    for (let at = done - (done % progressEvery) + progressEvery; at <= done + batch.length; at += progressEvery)
      tell(`${from.collectionName}: ${at} documents`);
    done += batch.length;
    batch = [];
    bytes = 0;
  };
  for await (const raw of rawDocuments(from)) {
    if (batch.length >= batchDocuments || bytes + raw.length > batchBytes) await flush();
    batch.push(mapOf(raw));
    bytes += raw.length;
  }
  await flush();
  return done;
}

async function* rawDocuments(of: Collection): AsyncGenerator<Uint8Array> {
  const cursor = of.find({}, { raw: true, sort: { _id: 1 }, batchSize: batchDocuments });
  for await (const raw of cursor) yield raw as unknown as Uint8Array;
}

/** A document that keeps the order of its fields, which an object does not for names like numbers. */
function mapOf(bytes: Uint8Array): Map<string, unknown> {
  return new Map(fieldsOf(bytes));
}

function fieldsOf(bytes: Uint8Array): [string, unknown][] {
  return [...BSON.onDemand.parseToElements(bytes)].map(([type, nameOffset, nameLength, offset, length]) => {
    const name = new TextDecoder().decode(bytes.subarray(nameOffset, nameOffset + nameLength));
    const value = bytes.subarray(offset, offset + length);
    if (type === 3) return [name, mapOf(value)];
    if (type === 4) return [name, fieldsOf(value).map(([, item]) => item)];
    return [name, scalarOf(type, value)];
  });
}

/** Any other value, decoded as the only field of a document. */
function scalarOf(type: number, value: Uint8Array): unknown {
  const bytes = new Uint8Array(value.length + 8);
  new DataView(bytes.buffer).setInt32(0, bytes.length, true);
  bytes.set([type, 0x76, 0], 4);
  bytes.set(value, 7);
  return BSON.deserialize(bytes, keepTypes).v;
}

async function copyIndexes(from: Collection, to: Collection): Promise<number> {
  const specs = (await from.indexes()).filter(({ name }) => name !== '_id_');
  const indexes = specs.map(({ v: _version, ns: _namespace, ...spec }) => spec);
  if (indexes.length > 0) await to.db.command({ createIndexes: to.collectionName, indexes });
  return indexes.length;
}

async function compare(from: Collection, to: Collection): Promise<void> {
  const [source, target] = await Promise.all([summary(from), summary(to)]);
  if (source.documents !== target.documents || source.hash !== target.hash || source.indexes !== target.indexes)
    throw new CopyRefused(
      `${from.collectionName} differs after it was copied (${source.documents} and ${target.documents} documents): was it written meanwhile? drop the target and copy again`,
    );
}

async function summary(of: Collection): Promise<{ documents: number; hash: string; indexes: string }> {
  let documents = 0;
  let hash = new Uint8Array(32);
  for await (const raw of rawDocuments(of)) {
    const both = new Uint8Array(hash.length + raw.length);
    both.set(hash);
    both.set(raw, hash.length);
    hash = new Uint8Array(await crypto.subtle.digest('SHA-256', both));
    documents += 1;
  }
  const names = (await of.indexes()).map((index: Document) => String(index.name)).sort();
  return { documents, hash: hash.join(), indexes: names.join() };
}

async function main(): Promise<void> {
  const from = process.env.MONGODB_URI;
  const to = process.argv[process.argv.indexOf('--to') + 1];
  if (from === undefined || !process.argv.includes('--to') || to === undefined)
    throw new CopyRefused('usage: npm run db:copy -- --to mongodb://…');
  const tell = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  const { collections, documents, indexes } = await copyDatabase(from, to, tell);
  tell(`${collections} collections, ${documents} documents, ${indexes} indexes copied; counts and hashes are equal`);
}

if (process.argv[1] === import.meta.filename)
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
