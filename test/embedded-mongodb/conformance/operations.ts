import {
  type AnyBulkWriteOperation,
  type ClientSession,
  type Collection,
  type Db,
  type GridFSBucket,
  type MongoClient,
  ReadPreference,
} from 'mongodb';
import { type Entities, kindOf, Unsupported } from './entities.ts';
import { isPlain, type Spec } from './match.ts';

/** One step of a test. */
export interface Operation {
  readonly name: string;
  readonly object: string;
  readonly arguments?: Spec;
  readonly expectResult?: unknown;
  readonly expectError?: Spec;
  readonly ignoreResultAndError?: boolean;
  readonly saveResultAsEntity?: string;
}

/** Runs the steps inside a `withTransaction`. */
export type RunAll = (operations: readonly Operation[]) => Promise<void>;

/** Calls the driver as an operation says and returns what it answers. */
export async function call(entities: Entities, operation: Operation, runAll: RunAll): Promise<unknown> {
  const entity = entities.get(operation.object);
  const { session, readPreference, ...given } = operation.arguments ?? {};
  const options: Spec = { ...given };
  if (session !== undefined) options.session = entities.session(session);
  if (isPlain(readPreference)) options.readPreference = ReadPreference.fromOptions({ readPreference } as object);
  switch (kindOf(entity)) {
    case 'collection':
      return await onCollection(entity as Collection, operation.name, options);
    case 'database':
      return await onDatabase(entity as Db, operation.name, options);
    case 'client':
      return await onClient(entity as MongoClient, operation.name, options);
    case 'session':
      return await onSession(entity as ClientSession, operation.name, options, runAll);
    default:
      return await onBucket(entity as GridFSBucket, operation.name, options);
  }
}

async function onCollection(collection: Collection, name: string, all: Spec): Promise<unknown> {
  const { filter, document, documents, update, replacement, pipeline, requests, fieldName, keys, ...options } = all;
  const query = (filter ?? {}) as object;
  switch (name) {
    case 'aggregate':
      return await collection.aggregate(pipeline as object[], options).toArray();
    case 'bulkWrite':
      return await collection.bulkWrite((requests as Spec[]).map(bulkRequest), options);
    case 'find':
      return await collection.find(query, options).toArray();
    case 'findOne':
      return await collection.findOne(query, options);
    case 'findOneAndDelete':
      return await collection.findOneAndDelete(query, returning(options));
    case 'findOneAndReplace':
      return await collection.findOneAndReplace(query, replacement as object, returning(options));
    case 'findOneAndUpdate':
      return await collection.findOneAndUpdate(query, update as object, returning(options));
    case 'insertOne':
      return await collection.insertOne(document as object, options);
    case 'insertMany':
      return await collection.insertMany(documents as object[], options);
    case 'replaceOne':
      return await collection.replaceOne(query, replacement as object, options);
    case 'updateOne':
      return await collection.updateOne(query, update as object, options);
    case 'updateMany':
      return await collection.updateMany(query, update as object, options);
    case 'deleteOne':
      return await collection.deleteOne(query, options);
    case 'deleteMany':
      return await collection.deleteMany(query, options);
    default:
      return await otherOnCollection(collection, name, query, fieldName, keys, options);
  }
}

async function otherOnCollection(
  collection: Collection,
  name: string,
  query: object,
  fieldName: unknown,
  keys: unknown,
  options: Spec,
): Promise<unknown> {
  switch (name) {
    case 'countDocuments':
      return await collection.countDocuments(query, options);
    case 'count':
      return await collection.count(query, options);
    case 'estimatedDocumentCount':
      return await collection.estimatedDocumentCount(options);
    case 'distinct':
      return await collection.distinct(String(fieldName), query, options);
    case 'createIndex':
      return await collection.createIndex(keys as object as Record<string, 1>, options);
    case 'listIndexes':
      return await collection.listIndexes(options).toArray();
    case 'createChangeStream':
      return await firstChange(collection, options);
    default:
      throw new Unsupported(name);
  }
}

/** The driver opens a change stream with its first read. */
async function firstChange(on: Pick<Collection, 'watch'>, { pipeline, ...options }: Spec): Promise<unknown> {
  const stream = on.watch((pipeline ?? []) as object[], options);
  try {
    return await stream.tryNext();
  } finally {
    await stream.close();
  }
}

function returning(options: Spec): Spec & { includeResultMetadata: false } {
  const { returnDocument, ...rest } = options;
  const when = returnDocument === undefined ? {} : { returnDocument: String(returnDocument).toLowerCase() };
  return { ...rest, ...when, includeResultMetadata: false };
}

function bulkRequest(request: Spec): AnyBulkWriteOperation {
  const [[kind, value]] = Object.entries(request) as [[string, Spec]];
  return { [kind]: value } as unknown as AnyBulkWriteOperation;
}

async function onDatabase(database: Db, name: string, all: Spec): Promise<unknown> {
  switch (name) {
    case 'aggregate': {
      const { pipeline, ...options } = all;
      return await database.aggregate(pipeline as object[], options).toArray();
    }
    case 'runCommand': {
      const { command, commandName: _, ...options } = all;
      return await database.command(command as object, options);
    }
    case 'dropCollection': {
      const { collection, ...options } = all;
      return await database.dropCollection(String(collection), options);
    }
    case 'createCollection': {
      const { collection, ...options } = all;
      return await database.createCollection(String(collection), options);
    }
    case 'modifyCollection': {
      const { collection, ...options } = all;
      return await database.command({ collMod: collection, ...options });
    }
    case 'listCollections':
      return await database.listCollections((all.filter ?? {}) as object, all).toArray();
    case 'listCollectionNames':
      return await database.listCollections((all.filter ?? {}) as object, { ...all, nameOnly: true }).toArray();
    case 'createChangeStream':
      return await firstChange(database, all);
    default:
      throw new Unsupported(name);
  }
}

async function onClient(client: MongoClient, name: string, all: Spec): Promise<unknown> {
  switch (name) {
    case 'listDatabases':
      return (await client.db().admin().listDatabases(all)).databases;
    case 'listDatabaseNames':
      return (
        await client
          .db()
          .admin()
          .listDatabases({ ...all, nameOnly: true })
      ).databases.map((each) => each.name);
    case 'createChangeStream':
      return await firstChange(client, all);
    default:
      throw new Unsupported(name);
  }
}

async function onSession(session: ClientSession, name: string, all: Spec, runAll: RunAll): Promise<unknown> {
  switch (name) {
    case 'startTransaction':
      return session.startTransaction(all);
    case 'commitTransaction':
      return await session.commitTransaction(all);
    case 'abortTransaction':
      return await session.abortTransaction(all);
    case 'endSession':
      return await session.endSession();
    case 'withTransaction': {
      const { callback, ...options } = all;
      return await session.withTransaction(async () => await runAll(callback as Operation[]), options);
    }
    default:
      throw new Unsupported(name);
  }
}

async function onBucket(bucket: GridFSBucket, name: string, all: Spec): Promise<unknown> {
  const { id, filename } = all;
  const stream =
    name === 'downloadByName'
      ? bucket.openDownloadStreamByName(String(filename))
      : bucket.openDownloadStream(id as never);
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
