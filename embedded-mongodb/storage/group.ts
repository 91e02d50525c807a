import { ServerError } from '../errors.ts';
import type { Collection } from './catalog.ts';
import { Locked, Statement, type StatementContext } from './statement.ts';

const MOST_STATEMENTS = 256;
const MOST_BYTES = 2 * 1024 * 1024;
const MOST_MS = 5;

/** A statement that waits for its group, and whoever waits for the statement. */
class Job {
  readonly alone: boolean;
  /** Whether it gets a child transaction of its own: it has failed after it had written something. */
  isolated = false;
  readonly failed: (error: unknown) => void;
  private readonly work: (statement: Statement) => unknown;
  private readonly resolve: (result: unknown) => void;
  private result: unknown;

  constructor(
    work: (statement: Statement) => unknown,
    alone: boolean,
    resolve: (result: unknown) => void,
    reject: (error: unknown) => void,
  ) {
    this.work = work;
    this.alone = alone;
    this.resolve = resolve;
    this.failed = reject;
  }

  run(statement: Statement): void {
    this.result = this.work(statement);
  }

  done(): void {
    this.resolve(this.result);
  }
}

interface Outcome {
  readonly job: Job;
  readonly statement: Statement;
  readonly error: unknown;
  readonly failed: boolean;
  /** Whether it failed and left changes in the transaction. */
  readonly torn: boolean;
}

/** Thrown to undo a group in which a statement failed after it had written something. */
class Undo extends Error {}

/** The database file could not be written or flushed. */
export type OnFailure = (reason: string) => void;

/**
 * Collects the statements that arrive while the disk is busy and commits them together. Most statements fail before
 * their first change or not at all, so they need no transaction of their own, which costs as much as their changes.
 * When one fails later than that, the group is undone and run again with that one in a child transaction, which undoes
 * it alone: a statement may run several times before its outcome counts. Nothing is answered before its group is on
 * disk.
 */
export class Groups {
  private readonly context: StatementContext;
  private readonly onFailure: OnFailure;
  private queue: Job[] = [];
  private scheduled = false;
  /** How long the last group took, its commit included. */
  lastMs = 0;
  private readonly idle: (() => void)[] = [];
  /** Set when the server stops: what comes later is refused. */
  closed = false;

  constructor(context: StatementContext, onFailure: OnFailure) {
    this.context = context;
    this.onFailure = onFailure;
  }

  /** Runs a statement in the next group. One that meets a lock waits for its holder's end and runs again. */
  submit<T>(run: (statement: Statement) => T, alone = false): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.enqueue(new Job(run, alone, resolve as (result: unknown) => void, reject));
    });
  }

  /** Resolves when everything that was submitted has been committed. */
  async settled(): Promise<void> {
    if (!this.scheduled) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private enqueue(job: Job): void {
    if (this.closed) {
      job.failed(shutdown());
      return;
    }
    this.queue.push(job);
    this.schedule();
  }

  private refuse(job: Job, error: unknown): void {
    if (!(error instanceof Locked)) {
      job.failed(error);
      return;
    }
    job.isolated = false;
    error.holder.finished.then(() => this.enqueue(job), job.failed);
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.flush());
  }

  private flush(): void {
    this.scheduled = false;
    const outcomes: Outcome[] = [];
    let fault: unknown = null;
    const began = performance.now();
    try {
      this.context.env.write(() => this.runJobs(outcomes));
    } catch (error) {
      fault = error;
    }
    this.lastMs = performance.now() - began;
    if (fault === null) this.settle(outcomes);
    else if (fault instanceof Undo) this.again(outcomes);
    else this.undone(outcomes, fault);
    if (this.queue.length > 0) this.schedule();
    else for (const resolve of this.idle.splice(0)) resolve();
  }

  private runJobs(outcomes: Outcome[]): void {
    const end = performance.now() + MOST_MS;
    let bytes = 0;
    while (outcomes.length < MOST_STATEMENTS && bytes < MOST_BYTES) {
      const next = this.queue[0];
      if (next === undefined || (next.alone && outcomes.length > 0)) break;
      this.queue.shift();
      const outcome = this.runJob(next);
      outcomes.push(outcome);
      if (isFileError(outcome.error)) throw outcome.error;
      if (outcome.torn) {
        // The only one of its group is undone with it.
        if (outcomes.length === 1) throw outcome.error;
        next.isolated = true;
        throw new Undo();
      }
      bytes += outcome.statement.bytes;
      if (next.alone || performance.now() > end) break;
    }
    this.writeCounts(outcomes);
  }

  private runJob(job: Job): Outcome {
    const { env } = this.context;
    const statement = new Statement(this.context);
    const before = env.changes;
    try {
      if (job.isolated) env.write(() => job.run(statement));
      else job.run(statement);
      return { job, statement, error: null, failed: false, torn: false };
    } catch (error) {
      return { job, statement, error, failed: true, torn: !job.isolated && env.changes > before };
    }
  }

  private again(outcomes: readonly Outcome[]): void {
    for (const { statement } of [...outcomes].reverse()) statement.undone();
    this.queue.unshift(...outcomes.map(({ job }) => job));
  }

  /** Nothing of the group is on disk. After an error of the file itself nothing more is written. */
  private undone(outcomes: readonly Outcome[], fault: unknown): void {
    const answer = isFileError(fault)
      ? new ServerError(1, `the write could not be committed: ${(fault as Error).message}`)
      : fault;
    for (const { job, failed, error } of outcomes) this.refuse(job, failed && error !== fault ? error : answer);
    if (outcomes.length === 0) this.queue.shift()?.failed(answer);
    if (!isFileError(fault)) return;
    this.closed = true;
    for (const job of this.queue.splice(0)) job.failed(shutdown());
    this.onFailure(`the database file could not be written: ${(fault as Error).message}`);
  }

  private writeCounts(outcomes: readonly Outcome[]): void {
    const counts = new Map<Collection, number>();
    for (const { statement, failed } of outcomes)
      if (!failed)
        for (const [collection, change] of statement.counts ?? [])
          counts.set(collection, (counts.get(collection) ?? collection.count) + change);
    for (const [collection, count] of counts) this.context.catalog.storeCount(collection.table, count);
  }

  private settle(outcomes: readonly Outcome[]): void {
    const written: string[] = [];
    for (const { statement, failed } of outcomes) {
      if (failed) continue;
      for (const [collection, change] of statement.counts ?? []) collection.count += change;
      if (statement.written !== null) written.push(...statement.written);
    }
    this.context.locks.committed(written);
    for (const { job, statement, error, failed } of outcomes) {
      if (failed) this.refuse(job, error);
      else {
        statement.committed();
        job.done();
      }
    }
  }
}

/** An error of lmdb itself: it carries the number of the system's or of its own. */
function isFileError(error: unknown): boolean {
  return !(error instanceof ServerError) && error instanceof Error && 'code' in error && typeof error.code === 'number';
}

function shutdown(): ServerError {
  return new ServerError(91, 'The server is in shutdown');
}
