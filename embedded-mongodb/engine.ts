import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Doc } from './bson/values.ts';
import { ServerError } from './errors.ts';
import { removeIndexes } from './storage/build.ts';
import { Catalog, type Collection } from './storage/catalog.ts';
import { Environment } from './storage/environment.ts';
import { Groups, type OnFailure } from './storage/group.ts';
import type { Index } from './storage/index.ts';
import { Locked, type StatementContext } from './storage/statement.ts';
import { Sweeper } from './storage/sweep.ts';
import { Cursors } from './transactions/cursors.ts';
import { Locks } from './transactions/locks.ts';
import { Sessions } from './transactions/sessions.ts';
import { Transaction } from './transactions/transaction.ts';

/** Largest length of a namespace in bytes. */
const MOST_NAMESPACE = 255;

/** One data file with everything that is open on it. */
export class Engine {
  readonly env: Environment;
  readonly catalog: Catalog;
  readonly locks = new Locks();
  readonly groups: Groups;
  readonly sweeper: Sweeper;
  readonly sessions: Sessions;
  readonly cursors = new Cursors();
  /** Indexes that somebody is building right now. */
  readonly building = new Set<Index>();
  readonly startedAt = Date.now();
  /** Seconds between two expiries of documents; tests shorten it. */
  ttlSleepSecs = 60;
  readonly log: (line: string) => void;
  readonly context: StatementContext;
  private readonly creating = new Map<string, Promise<Collection>>();

  /** `onFailure` is told once when the file could not be written: the process is to end, the file is as it was. */
  constructor(folder: string, log: (line: string) => void, onFailure: OnFailure = log) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.log = log;
    this.env = new Environment(join(folder, 'data.mdb'));
    this.catalog = new Catalog(this.env, log);
    this.context = { env: this.env, catalog: this.catalog, locks: this.locks };
    this.groups = new Groups(this.context, onFailure);
    this.sweeper = new Sweeper(this.env, this.groups, log);
    this.sessions = new Sessions(this.env);
  }

  beginTransaction(): Transaction {
    return new Transaction(this.context);
  }

  /** The collection of a namespace, made when there is none; racing makers get the same one. */
  async ensureCollection(ns: string): Promise<Collection> {
    const found = this.catalog.get(ns);
    if (found !== undefined) return found;
    let creation = this.creating.get(ns);
    if (creation === undefined) {
      creation = this.createCollection(ns, new Map()).finally(() => this.creating.delete(ns));
      this.creating.set(ns, creation);
    }
    return await creation;
  }

  /** Makes a collection. The existing one when another was quicker. */
  async createCollection(ns: string, options: Doc): Promise<Collection> {
    assertNamespace(ns);
    return await this.groups.submit((statement) => {
      const found = this.catalog.get(ns);
      if (found !== undefined) return found;
      const draft = this.catalog.draft(ns, options);
      this.catalog.store(draft);
      statement.afterCommit(() => this.catalog.add(draft));
      return draft;
    }, true);
  }

  /** Lets a statement wait for a transaction that has changed a collection: its definition must not change under one. */
  assertUntouched(collection: Collection): void {
    for (const holder of this.locks.openTransactions)
      if (holder instanceof Transaction && holder.touched.includes(collection)) throw new Locked(holder);
  }

  /** Takes away the indexes that were being built when the process ended, and goes on with what was being dropped. */
  async resume(): Promise<void> {
    for (const collection of this.catalog.all()) {
      const unfinished = collection.indexes.filter((index) => index.building);
      if (unfinished.length > 0)
        await removeIndexes(this, collection, unfinished).catch((error: unknown) =>
          this.log(`an unfinished index stays: ${String(error)}`),
        );
    }
    this.sweeper.start();
  }

  /** Ends what is running and closes the file. */
  async close(): Promise<void> {
    this.groups.closed = true;
    await this.groups.settled();
    await this.sweeper.settled();
    for (const session of this.sessions.all()) session.abort();
    await this.env.close();
  }
}

/** Refuses names that cannot be a namespace with code 73. */
export function assertNamespace(ns: string): void {
  const dot = ns.indexOf('.');
  const name = ns.slice(dot + 1);
  if (dot < 1 || name === '' || name.startsWith('.') || name.endsWith('.') || name.includes('$') || name.includes('\0'))
    throw new ServerError(73, `Invalid namespace specified '${ns}'`);
  if (name.startsWith('system.')) throw new ServerError(73, `Invalid system namespace: ${ns}`);
  if (Buffer.byteLength(ns) > MOST_NAMESPACE)
    throw new ServerError(73, `Fully qualified namespace is too long. Namespace: ${ns}`);
}
