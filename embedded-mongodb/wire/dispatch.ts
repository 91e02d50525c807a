import { toDouble } from '../bson/numbers.ts';
import { type Doc, Double, doc, isDoc, type Value } from '../bson/values.ts';
import { aggregate } from '../commands/aggregate.ts';
import {
  collStats,
  create,
  dbStats,
  drop,
  dropDatabase,
  listCollections,
  listDatabases,
} from '../commands/collections.ts';
import type { Command, Context } from '../commands/context.ts';
import {
  buildInfo,
  connectionStatus,
  getLog,
  getParameter,
  hello,
  hostInfo,
  ping,
  serverStatus,
} from '../commands/diagnostics.ts';
import { findAndModify, findandmodify } from '../commands/find-and-modify.ts';
import { createIndexes, dropIndexes, listIndexes } from '../commands/indexes.ts';
import { insert } from '../commands/insert.ts';
import { count, distinct, find, getMore, killCursors } from '../commands/read.ts';
import {
  abortTransaction,
  commitTransaction,
  endSessions,
  killAllSessions,
  noTransaction,
  refreshSessions,
  startSession,
} from '../commands/transactions.ts';
import { remove, update } from '../commands/write.ts';
import type { Engine } from '../engine.ts';
import { RETRYABLE, ServerError } from '../errors.ts';
import { Clock } from '../query/clock.ts';
import { Retry, type Session } from '../transactions/sessions.ts';
import type { Request } from './message.ts';

interface Entry {
  readonly run: Command;
  /** Where a transaction allows it. */
  readonly inTransaction?: boolean;
}

const COMMANDS: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  ['hello', { run: hello }],
  ['isMaster', { run: hello }],
  ['ismaster', { run: hello }],
  ['ping', { run: ping }],
  ['buildInfo', { run: buildInfo }],
  ['buildinfo', { run: buildInfo }],
  ['connectionStatus', { run: connectionStatus }],
  ['getParameter', { run: getParameter }],
  ['getLog', { run: getLog }],
  ['hostInfo', { run: hostInfo }],
  ['serverStatus', { run: serverStatus }],
  ['startSession', { run: startSession }],
  ['endSessions', { run: endSessions }],
  ['killSessions', { run: endSessions }],
  ['refreshSessions', { run: refreshSessions }],
  ['killAllSessions', { run: killAllSessions }],
  ['insert', { run: insert, inTransaction: true }],
  ['update', { run: update, inTransaction: true }],
  ['delete', { run: remove, inTransaction: true }],
  ['findAndModify', { run: findAndModify, inTransaction: true }],
  ['findandmodify', { run: findandmodify, inTransaction: true }],
  ['find', { run: find, inTransaction: true }],
  ['getMore', { run: getMore, inTransaction: true }],
  ['killCursors', { run: killCursors, inTransaction: true }],
  ['aggregate', { run: aggregate, inTransaction: true }],
  ['count', { run: count }],
  ['distinct', { run: distinct, inTransaction: true }],
  ['commitTransaction', { run: commitTransaction, inTransaction: true }],
  ['abortTransaction', { run: abortTransaction, inTransaction: true }],
  ['create', { run: create, inTransaction: true }],
  ['drop', { run: drop }],
  ['dropDatabase', { run: dropDatabase }],
  ['listDatabases', { run: listDatabases }],
  ['listCollections', { run: listCollections }],
  ['collStats', { run: collStats }],
  ['dbStats', { run: dbStats }],
  ['createIndexes', { run: createIndexes }],
  ['listIndexes', { run: listIndexes }],
  ['dropIndexes', { run: dropIndexes }],
]);

const RETRYABLE_CODES = new Set([91, 189, 10107, 11600, 11602]);
const SLOW_MS = 100;
const ADMIN_ONLY = new Set(['commitTransaction', 'abortTransaction']);

/** Runs requests on an engine: finds the command, its session and its transaction, and gives errors their shape. */
export class Dispatcher {
  private readonly engine: Engine;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  async answer(request: Request, connection: Context['connection']): Promise<Doc> {
    const [name = ''] = request.body.keys();
    const started = performance.now();
    try {
      const body = await this.run(name, request, connection);
      return finished(body, request.body);
    } catch (error) {
      return this.refuse(error, request.body);
    } finally {
      const took = performance.now() - started;
      if (took > SLOW_MS && name !== 'hello' && name !== 'getMore')
        this.engine.log(`slow command: ${name} ${String(request.body.get(name))} took ${Math.round(took)} ms`);
    }
  }

  /** The reply of an error; what is no `ServerError` is a fault of ours and is logged. */
  refuse(error: unknown, body: Doc = new Map()): Doc {
    const known = error instanceof ServerError ? error : internal(error, this.engine);
    const labels = new Set(known.labels);
    const isRetryableWrite =
      body.has('txnNumber') && (!body.has('autocommit') || ADMIN_ONLY.has([...body.keys()][0] ?? ''));
    if (isRetryableWrite && RETRYABLE_CODES.has(known.code)) labels.add(RETRYABLE);
    const reply = doc({ ok: new Double(0), errmsg: known.message, code: known.code, codeName: known.codeName });
    for (const [field, value] of known.extra) reply.set(field, value);
    if (labels.size > 0) reply.set('errorLabels', [...labels]);
    return reply;
  }

  private async run(name: string, request: Request, connection: Context['connection']): Promise<Doc> {
    const { body } = request;
    const entry = COMMANDS.get(name);
    if (request.kind === 'query' && entry?.run !== hello)
      throw new ServerError(352, `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade.`);
    if (entry === undefined) throw new ServerError(59, `no such command: '${name}'`);
    const db = body.get('$db');
    if (typeof db !== 'string' || db === '' || /[/\\. "$\0]/.test(db))
      throw new ServerError(73, `Invalid database name: '${String(db)}'`);
    assertWriteConcern(body);
    const base = this.base(name, request, connection, db);
    const lsid = body.get('lsid');
    if (lsid === undefined) return await entry.run(base);
    const session = this.engine.sessions.of(lsid);
    if (!body.has('txnNumber')) return await entry.run({ ...base, session });
    return await session.exclusively(() => this.runNumbered(entry, { ...base, session }, session));
  }

  private base(name: string, request: Request, connection: Context['connection'], db: string): Context {
    const maxTime = request.body.get('maxTimeMS');
    return {
      engine: this.engine,
      db,
      name,
      body: request.body,
      documents: request.documents,
      session: null,
      transaction: null,
      retry: null,
      clock: new Clock(typeof maxTime === 'number' || typeof maxTime === 'bigint' ? Number(maxTime) : 0),
      now: Date.now(),
      connection,
    };
  }

  private async runNumbered(entry: Entry, context: Context, session: Session): Promise<Doc> {
    const number = toDouble(context.body.get('txnNumber') as number);
    if (context.body.get('autocommit') === false) return await this.runInTransaction(entry, context, session, number);
    if (number < session.txnNumber) throw tooOld(number, session);
    if (number > session.txnNumber) {
      session.abort();
      session.txnNumber = number;
      session.state = 'writes';
      return await entry.run({ ...context, retry: new Retry(session, number, new Map()) });
    }
    if (session.state !== 'writes')
      throw new ServerError(50768, 'Cannot use the number of a transaction for a retryable write');
    return await entry.run({
      ...context,
      retry: new Retry(session, number, this.engine.sessions.results(session, number)),
    });
  }

  private async runInTransaction(entry: Entry, context: Context, session: Session, number: number): Promise<Doc> {
    const transaction = this.transactionOf(context, session, number);
    if (transaction === null) return await entry.run(context);
    try {
      if (entry.inTransaction !== true)
        throw new ServerError(263, `Cannot run '${context.name}' in a multi-document transaction.`);
      return await entry.run({ ...context, transaction });
    } catch (error) {
      // Every error ends a transaction, as in MongoDB; the commit ends its own.
      if (context.name !== 'commitTransaction') session.abort();
      throw error;
    }
  }

  private transactionOf(context: Context, session: Session, number: number): Session['transaction'] {
    if (number < session.txnNumber) throw tooOld(number, session);
    if (context.body.get('startTransaction') === true) {
      if (number === session.txnNumber && session.state !== 'none' && session.state !== 'open')
        throw new ServerError(
          50911,
          `Cannot start a transaction at given transaction number ${number}; a transaction with the same number is in state ${session.state}`,
        );
      session.abort();
      session.txnNumber = number;
      session.transaction = this.engine.beginTransaction();
      session.state = 'open';
      return session.transaction;
    }
    const mayRepeat = ADMIN_ONLY.has(context.name) && number === session.txnNumber;
    if (number !== session.txnNumber || (session.transaction === null && !mayRepeat))
      throw noTransaction(
        `Given transaction number ${number} does not match any in-progress transactions. The active transaction number is ${session.txnNumber}`,
      );
    return session.transaction;
  }
}

function tooOld(number: number, session: Session): ServerError {
  return new ServerError(
    225,
    `Retryable write with txnNumber ${number} is prohibited on session because a newer retryable write with txnNumber ${session.txnNumber} has already started on this session.`,
  );
}

function internal(error: unknown, engine: Engine): ServerError {
  engine.log(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return new ServerError(8, 'internal error of the embedded database');
}

/** One node can promise no more than itself: the write is done, and the wish is answered with an error beside it. */
function assertWriteConcern(body: Doc): void {
  const concern = body.get('writeConcern');
  if (concern !== undefined && !isDoc(concern))
    throw new ServerError(14, "BSON field 'writeConcern' is the wrong type, expected type 'object'");
}

function finished(body: Doc, request: Doc): Doc {
  const concern = request.get('writeConcern');
  const w: Value | undefined = isDoc(concern) ? concern.get('w') : undefined;
  if (typeof w === 'number' && w > 1)
    body.set(
      'writeConcernError',
      doc({ code: 100, codeName: 'UnsatisfiableWriteConcern', errmsg: 'Not enough data-bearing nodes' }),
    );
  body.set('ok', new Double(1));
  return body;
}
