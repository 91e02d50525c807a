import { toDouble } from '../bson/numbers.ts';
import { type Doc, Double, doc, type Value } from '../bson/values.ts';
import type { Client } from '../commands/client.ts';
import type { Context } from '../commands/context.ts';
import { hello } from '../commands/diagnostics.ts';
import { errorOf, FailPoints, type Fault, failOnWrite } from '../commands/fail-points.ts';
import { COMMANDS, type Entry } from '../commands/table.ts';
import { noTransaction } from '../commands/transactions.ts';
import type { Engine } from '../engine.ts';
import { RETRYABLE, ServerError, TRANSIENT } from '../errors.ts';
import { Budget } from '../query/budget.ts';
import { Clock } from '../query/clock.ts';
import { Trace } from '../query/trace.ts';
import { COMMAND_FIELDS, COMMON_FIELDS } from '../subset.ts';
import { Retry, type Session } from '../transactions/sessions.ts';
import { assertReadConcern, assertWriteConcern, writeConcernError } from './concerns.ts';
import { ProtocolError, type Request } from './message.ts';

// Errors of a server that goes away or cannot be reached: the same write may be sent again.
const RETRYABLE_CODES = new Set([6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);
// Errors that end a transaction which may succeed when it is run again.
const TRANSIENT_CODES = new Set([24, 112, 246, 251, 267]);
const SLOW_MS = 100;
const NOTHING_DONE: ReadonlyMap<number, Doc> = new Map();
const ADMIN_ONLY = new Set(['commitTransaction', 'abortTransaction']);

/** Told of every command with what it has read, also of one that failed. */
export type Observer = (request: Request, trace: Trace) => void;

/** Runs requests on an engine: finds the command, its session and its transaction, and gives errors their shape. */
export class Dispatcher {
  private readonly engine: Engine;
  private readonly failPoints: FailPoints | null;
  private readonly observe: Observer | null;

  constructor(engine: Engine, testCommands: boolean, observe: Observer | null = null) {
    this.engine = engine;
    this.failPoints = testCommands ? new FailPoints() : null;
    this.observe = observe;
  }

  async answer(request: Request, client: Client): Promise<Doc> {
    const [name = ''] = request.body.keys();
    const started = performance.now();
    const trace = new Trace();
    const fault = this.failPoints?.take(name, client.appName) ?? null;
    try {
      const body =
        fault === null
          ? await this.run(name, request, client, trace)
          : await this.runFaulty(fault, name, request, client, trace);
      if (client.closing) throw new ProtocolError('closed by a fail point');
      return this.finished(body, request.body, fault);
    } catch (error) {
      if (error instanceof ProtocolError || client.closing) throw new ProtocolError('closed by a fail point');
      const given = fault?.data.get('errorLabels');
      const reply = this.refuse(error, request.body);
      return given === undefined ? reply : reply.set('errorLabels', given);
    } finally {
      const took = performance.now() - started;
      this.observe?.(request, trace);
      if (took > SLOW_MS && name !== 'hello' && name !== 'getMore')
        this.engine.log(`slow command: ${name} ${String(request.body.get(name))} took ${Math.round(took)} ms${trace}`);
    }
  }

  /** The reply of an error; what is no `ServerError` is a fault of ours and is logged. */
  refuse(error: unknown, body: Doc = new Map()): Doc {
    const known = error instanceof ServerError ? error : internal(error, this.engine);
    const labels = new Set(known.labels);
    if (isRetryableWrite(body) && RETRYABLE_CODES.has(known.code)) labels.add(RETRYABLE);
    else if (body.get('autocommit') === false && (TRANSIENT_CODES.has(known.code) || RETRYABLE_CODES.has(known.code)))
      labels.add(TRANSIENT);
    const reply = doc({ ok: new Double(0), errmsg: known.message, code: known.code, codeName: known.codeName });
    for (const [field, value] of known.extra) reply.set(field, value);
    if (labels.size > 0) reply.set('errorLabels', [...labels]);
    return reply;
  }

  /** A command on which a fail point is set: it waits, fails, ends without an answer or is done all the same. */
  private async runFaulty(fault: Fault, name: string, request: Request, client: Client, trace: Trace): Promise<Doc> {
    const wait = fault.data.get('blockTimeMS');
    if (fault.data.get('blockConnection') === true && typeof wait === 'number')
      await new Promise<void>((resolve) => setTimeout(resolve, wait));
    if (fault.data.get('closeConnection') === true) throw new ProtocolError('closed by a fail point');
    const error = errorOf(fault);
    if (error !== null) throw error;
    return await this.run(name, request, client, trace);
  }

  private finished(body: Doc, request: Doc, fault: Fault | null): Doc {
    const unmet = writeConcernError(request) ?? fault?.data.get('writeConcernError');
    if (unmet !== undefined) body.set('writeConcernError', unmet);
    const labels = fault?.data.get('errorLabels') ?? labelsOf(unmet, request);
    if (labels !== undefined) body.set('errorLabels', labels);
    return body.set('ok', new Double(1));
  }

  // What only passes on what another one promises makes no promise of its own: each costs as much as a lookup.
  private run(name: string, request: Request, client: Client, trace: Trace): Promise<Doc> | Doc {
    const { body } = request;
    const entry = COMMANDS.get(name);
    if (name === 'saslStart') throw new ServerError(18, 'Authentication failed.');
    if (request.kind === 'query' && entry?.run !== hello)
      throw new ServerError(352, `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade.`);
    if (entry === undefined) throw new ServerError(59, `no such command: '${name}'`);
    const db = body.get('$db');
    if (typeof db !== 'string' || db === '' || /[/\\. "$\0]/.test(db))
      throw new ServerError(73, `Invalid database name: '${String(db)}'`);
    assertFields(name, body);
    assertWriteConcern(name, body, entry.writes === true);
    assertReadConcern(body);
    const lsid = body.get('lsid');
    const session = lsid === undefined ? null : this.engine.sessions.of(lsid);
    const context = this.contextOf(name, request, client, session, trace);
    if (session === null || !body.has('txnNumber')) return entry.run(context);
    return session.exclusively(() => this.runNumbered(entry, context, session));
  }

  private contextOf(name: string, request: Request, client: Client, session: Session | null, trace: Trace): Context {
    const maxTime = request.body.get('maxTimeMS');
    return {
      engine: this.engine,
      db: request.body.get('$db') as string,
      name,
      body: request.body,
      documents: request.documents,
      session,
      transaction: null,
      retry: null,
      clock: new Clock(typeof maxTime === 'number' || typeof maxTime === 'bigint' ? Number(maxTime) : 0),
      trace,
      budget: new Budget(),
      now: Date.now(),
      client,
      failPoints: this.failPoints,
    };
  }

  private runNumbered(entry: Entry, context: Context, session: Session): Promise<Doc> | Doc {
    const number = toDouble(context.body.get('txnNumber') as number);
    if (context.body.get('autocommit') === false) return this.runInTransaction(entry, context, session, number);
    if (number < session.txnNumber) throw tooOld(number, session);
    if (number > session.txnNumber) {
      session.abort();
      session.txnNumber = number;
      session.state = 'writes';
      return entry.run({ ...context, retry: this.retryOf(context, session, number, NOTHING_DONE) });
    }
    if (session.state !== 'writes')
      throw new ServerError(50768, 'Cannot use the number of a transaction for a retryable write');
    const done = this.engine.sessions.results(session, number);
    return entry.run({ ...context, retry: this.retryOf(context, session, number, done) });
  }

  private retryOf(context: Context, session: Session, number: number, done: ReadonlyMap<number, Doc>): Retry {
    const { failPoints } = this;
    return new Retry(session, number, done, failPoints && (() => failOnWrite(failPoints, context.client)));
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

function isRetryableWrite(body: Doc): boolean {
  return body.has('txnNumber') && (!body.has('autocommit') || ADMIN_ONLY.has([...body.keys()][0] ?? ''));
}

/** The labels of a reply whose write concern was not met. */
function labelsOf(unmet: Value | undefined, request: Doc): Value | undefined {
  const code = unmet instanceof Map ? unmet.get('code') : undefined;
  return typeof code === 'number' && RETRYABLE_CODES.has(code) && isRetryableWrite(request) ? [RETRYABLE] : undefined;
}

/** Refuses a field that the command does not know with code 40415. */
function assertFields(name: string, body: Doc): void {
  const own = COMMAND_FIELDS[name];
  if (own === null || own === undefined) return;
  for (const field of body.keys())
    if (field !== name && !COMMON_FIELDS.has(field) && !own.includes(field))
      throw new ServerError(40415, `BSON field '${name}.${field}' is an unknown field.`);
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
