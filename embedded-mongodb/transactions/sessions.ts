import { decode } from '../bson/decode.ts';
import { encode } from '../bson/encode.ts';
import { toDouble } from '../bson/numbers.ts';
import { Bin, type Doc, doc, isDoc, UtcDate, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import type { Environment } from '../storage/environment.ts';
import type { Statement } from '../storage/statement.ts';
import { RETRIES, retryKey, retryRange } from '../storage/tables.ts';
import type { Transaction } from './transaction.ts';

/** Sessions and what they remember die after this time without use. */
const LIFETIME_MS = 30 * 60_000;

/** Longest life of a transaction. */
const TRANSACTION_MS = 60_000;

/** A client's session: its last transaction number and what that number stood for. */
export class Session {
  readonly id: Uint8Array;
  txnNumber = -1;
  state: 'none' | 'open' | 'committed' | 'aborted' | 'writes' = 'none';
  transaction: Transaction | null = null;
  lastUsed = Date.now();
  private isBusy = false;
  private readonly waiting: (() => void)[] = [];

  constructor(id: Uint8Array) {
    this.id = id;
  }

  /** Runs one command after the other: a retry must not overtake the write that it repeats. */
  async exclusively<T>(run: () => Promise<T> | T): Promise<T> {
    // Whoever ends hands over to the next one, so that nobody who comes in between goes first.
    if (this.isBusy) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.isBusy = true;
    this.lastUsed = Date.now();
    try {
      return await run();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.isBusy = false;
      else next();
    }
  }

  /** Ends an open transaction without its changes. */
  abort(): void {
    this.transaction?.end();
    if (this.transaction !== null) this.state = 'aborted';
    this.transaction = null;
  }
}

/** The sessions in memory and their records on disk. */
export class Sessions {
  private readonly env: Environment;
  private readonly sessions = new Map<string, Session>();

  constructor(env: Environment) {
    this.env = env;
  }

  /** The session of a command's `lsid`. After a restart it knows from disk which number it used last. */
  of(lsid: Value): Session {
    const id = isDoc(lsid) ? lsid.get('id') : undefined;
    if (!(id instanceof Bin) || id.bytes.length !== 16)
      throw new ServerError(14, "BSON field 'lsid.id' must be a UUID");
    const key = nameOf(id.bytes);
    let session = this.sessions.get(key);
    if (session === undefined) {
      session = new Session(Uint8Array.prototype.slice.call(id.bytes));
      this.restore(session);
      this.sessions.set(key, session);
    }
    return session;
  }

  /** What the statements of a session's write have answered, by their numbers. */
  results(session: Session, txnNumber: number): Map<number, Doc> {
    const out = new Map<number, Doc>();
    for (const { key, value } of this.env.entries(retryRange(session.id))) {
      const record = decode(value);
      if (numberOf(record) !== txnNumber) continue;
      const from = key.readUInt32BE(key.length - 4);
      const result = record.get('result');
      const last = toDouble((record.get('to') ?? from) as number);
      for (let statement = from; statement <= last; statement++) out.set(statement, isDoc(result) ? result : new Map());
    }
    return out;
  }

  /** Ends sessions: their transactions are aborted. */
  end(ids: Iterable<Session>): void {
    for (const session of ids) {
      session.abort();
      this.sessions.delete(nameOf(session.id));
    }
  }

  all(): Session[] {
    return [...this.sessions.values()];
  }

  /** Aborts transactions that are too old and forgets sessions that were not used for long. */
  expire(now: number): void {
    for (const [key, session] of this.sessions) {
      if (session.transaction !== null && now - session.transaction.startedAt > TRANSACTION_MS) session.abort();
      if (session.transaction === null && now - session.lastUsed > LIFETIME_MS) this.sessions.delete(key);
    }
  }

  /** Removes the records of writes that nobody will repeat any more; part of a statement. */
  purge(statement: Statement, now: number): void {
    const expired = this.env.entries(RETRIES).filter(({ value }) => {
      const time = decode(value).get('time');
      return !(time instanceof UtcDate) || now - time.ms > LIFETIME_MS;
    });
    for (const { key } of expired.slice(0, 1000)) statement.removeKey(key);
  }

  private restore(session: Session): void {
    for (const { value } of this.env.entries(retryRange(session.id))) {
      const record = decode(value);
      const number = numberOf(record);
      if (number < session.txnNumber) continue;
      session.txnNumber = number;
      session.state = record.get('committed') === true ? 'committed' : 'writes';
    }
  }
}

/** The bytes of an id as the key of a map. */
function nameOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('latin1');
}

function numberOf(record: Doc): number {
  return toDouble(record.get('txnNumber') as number);
}

/** One retryable write: which statements were already done, and where the others leave their results. */
export class Retry {
  readonly session: Session;
  readonly txnNumber: number;
  readonly done: ReadonlyMap<number, Doc>;

  private readonly beforeWrite: (() => void) | null;

  constructor(
    session: Session,
    txnNumber: number,
    done: ReadonlyMap<number, Doc>,
    beforeWrite: (() => void) | null = null,
  ) {
    this.beforeWrite = beforeWrite;
    this.session = session;
    this.txnNumber = txnNumber;
    this.done = done;
  }

  /** Keeps a statement's result with what it wrote; `to` is the last of a run with equal results. */
  remember(statement: Statement, from: number, to: number, result: Doc): void {
    this.beforeWrite?.();
    const record = doc({ txnNumber: BigInt(this.txnNumber), to, result, time: new UtcDate(Date.now()) });
    statement.put(retryKey(this.session.id, from), encode(record));
  }
}

/** Keeps that a transaction has committed, in the statement that commits it. */
export function rememberCommit(statement: Statement, session: Session): void {
  const record = doc({ txnNumber: BigInt(session.txnNumber), committed: true, time: new UtcDate(Date.now()) });
  statement.put(retryKey(session.id, 0), encode(record));
}
