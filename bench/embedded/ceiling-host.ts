import { createServer } from 'node:net';
import { join } from 'node:path';
import { ObjectId } from 'bson';
import { open } from 'lmdb';
import { decode } from '#embedded-mongodb/bson/decode.ts';
import { Bin, doc, isDoc, RawDoc, type Value } from '#embedded-mongodb/bson/values.ts';
import { Catalog, type Collection } from '#embedded-mongodb/storage/catalog.ts';
import { Environment } from '#embedded-mongodb/storage/environment.ts';
import { keysOf } from '#embedded-mongodb/storage/index.ts';
import { entryKey } from '#embedded-mongodb/storage/index-entries.ts';
import { countKey, PRESENT, recordBytes, recordKey, retryKey, tableRange } from '#embedded-mongodb/storage/tables.ts';
import { serveConnection } from '#embedded-mongodb/wire/connection.ts';
import type { Request } from '#embedded-mongodb/wire/message.ts';

// A forked process as the embedded database is one, with its wire code: it answers what it was given and knows nothing.
// Writes put what ours would put into a copy of our file, with keys that were made before, and are answered when their
// group is on disk.

/** What the server is told before it listens. */
export interface CeilingRequest {
  /** The folder of the copy. */
  readonly dataDir: string;
  readonly ns: string;
  readonly socket: string;
  /** One stored document, base64: the answer to whatever is asked for. */
  readonly stored: string;
  readonly hello: Readonly<Record<string, string | number | boolean>>;
}

/** Documents whose keys are written again under new records. */
const PATTERNS = 5000;

const RECORD_BYTES = 6;
const RETRY = Buffer.alloc(90, 2);
const COUNT = Buffer.alloc(40, 2);

type Lmdb = { putSync(key: Buffer, value: Buffer): void; transactionSync(action: () => void): void };

/** The keys of one stored document; those with its id or its unique key get new ones. */
interface Pattern {
  readonly record: number;
  readonly keys: readonly { readonly bytes: Buffer; readonly isUnique: boolean }[];
}

/** Commits together what arrives while the disk is busy. */
class RawGroups {
  private readonly lmdb: Lmdb;
  private readonly table: number;
  private readonly patterns: readonly Pattern[];
  private queue: { readonly put: () => void; readonly done: () => void }[] = [];
  private next: number;
  private n = 0;

  constructor(path: string, collection: Collection, patterns: readonly Pattern[]) {
    const options = { path, keyEncoding: 'binary', encoding: 'binary', overlappingSync: false, cache: false } as const;
    this.lmdb = open({ ...options, maxDbs: 1 }) as unknown as Lmdb;
    this.table = collection.table;
    this.next = collection.nextRecord;
    this.patterns = patterns;
  }

  /** Resolves when the puts are on disk. */
  submit(put: () => void): Promise<void> {
    return new Promise((resolve) => {
      if (this.queue.length === 0) setImmediate(() => this.flush());
      this.queue.push({ put, done: resolve });
    });
  }

  /** A document with its index keys, the record of a retryable write and the count. */
  insert(bytes: Buffer, session: Uint8Array): void {
    const record = this.next++;
    for (const key of this.pattern().keys) {
      const own = Buffer.from(key.bytes);
      if (key.isUnique) own.set(new ObjectId().id, own.length - 12);
      else own.writeUIntBE(record, own.length - RECORD_BYTES, RECORD_BYTES);
      this.lmdb.putSync(own, key.isUnique ? recordBytes(record) : PRESENT);
    }
    this.lmdb.putSync(recordKey(this.table, record), bytes);
    this.lmdb.putSync(retryKey(session, 0), RETRY);
    this.lmdb.putSync(countKey(this.table), COUNT);
  }

  /** A document that stays where it is, and the record of a retryable write, which holds it too. */
  update(bytes: Buffer, session: Uint8Array): void {
    this.lmdb.putSync(recordKey(this.table, this.pattern().record), bytes);
    this.lmdb.putSync(retryKey(session, 0), Buffer.concat([RETRY, bytes]));
  }

  private pattern(): Pattern {
    this.n += 1;
    return this.patterns[this.n % this.patterns.length] as Pattern;
  }

  private flush(): void {
    const jobs = this.queue;
    this.queue = [];
    this.lmdb.transactionSync(() => {
      for (const { put } of jobs) put();
    });
    for (const { done } of jobs) done();
  }
}

/** The collection of the copy and the keys of its first documents. */
async function read(path: string, ns: string): Promise<{ collection: Collection; patterns: Pattern[] }> {
  const env = new Environment(path);
  const collection = new Catalog(env).get(ns);
  if (collection === undefined) throw new Error(`there is no ${ns} in the copy`);
  const stored = env.entries(tableRange(collection.table), { limit: PATTERNS });
  const patterns = stored.map(({ key, value }, n) => ({
    record: key.readUIntBE(key.length - RECORD_BYTES, RECORD_BYTES),
    keys: collection.indexes.flatMap((index) =>
      keysOf(index, decode(value)).keys.map((fields) => ({
        // The unique key of a new document is an id too, and ids come last.
        bytes: entryKey(index, index.unique ? AN_ID : fields, n),
        isUnique: index.unique,
      })),
    ),
  }));
  await env.close();
  return { collection, patterns };
}

const AN_ID = Buffer.concat([Buffer.from([60]), new ObjectId().id]);

async function serve(request: CeilingRequest): Promise<void> {
  const path = join(request.dataDir, 'db', 'data.mdb');
  const { collection, patterns } = await read(path, request.ns);
  const groups = new RawGroups(path, collection, patterns);
  const stored = Buffer.from(request.stored, 'base64');
  const answerOf = async (command: Request): Promise<Map<string, Value>> => {
    const [name = ''] = command.body.keys();
    const session = sessionOf(command);
    if (name === 'hello' || name === 'ismaster') return doc({ ...request.hello, hosts: [], ok: 1 });
    if (name === 'find') return found(stored, Math.abs(Number(command.body.get('limit') ?? 1)));
    if (name === 'insert') {
      const documents = command.documents ?? [];
      await groups.submit(() => {
        for (const bytes of documents) groups.insert(bytes, session);
      });
      return doc({ n: documents.length, ok: 1 });
    }
    if (name !== 'findAndModify') return doc({ n: 1, ok: 1 });
    await groups.submit(() => groups.update(stored, session));
    return doc({
      lastErrorObject: doc({ n: 1, updatedExisting: true }),
      value: new RawDoc(stored),
      ok: 1,
    });
  };
  const server = createServer((socket) =>
    serveConnection(socket, { answer: answerOf, refuse: () => doc({ ok: 0 }), log: () => undefined }),
  );
  server.listen({ path: request.socket }, () => process.send?.('ready'));
}

function sessionOf({ body }: Request): Uint8Array {
  const lsid = body.get('lsid');
  const id = isDoc(lsid) ? lsid.get('id') : undefined;
  return id instanceof Bin ? id.bytes : Buffer.alloc(16);
}

function found(stored: Buffer, limit: number): Map<string, Value> {
  const firstBatch = Array.from({ length: limit }, () => new RawDoc(stored));
  return doc({ cursor: doc({ firstBatch, id: 0n, ns: 'bench.tickets' }), ok: 1 });
}

process.once('message', (request: CeilingRequest) => {
  serve(request).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
});
process.once('disconnect', () => process.exit(0));
