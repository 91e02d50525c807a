import { decode } from '../bson/decode.ts';
import { expand } from '../bson/path.ts';
import { type Doc, doc, UtcDate } from '../bson/values.ts';
import type { Engine } from '../engine.ts';
import { Budget } from '../query/budget.ts';
import { Clock, drain } from '../query/clock.ts';
import { rowsOf } from '../query/execute.ts';
import { compileFilter } from '../query/match.ts';
import { Trace } from '../query/trace.ts';
import type { Collection } from './catalog.ts';
import type { Index } from './index.ts';
import { Locked } from './statement.ts';

const CHECK_MS = 1000;
const PER_RUN = 500;

/** What is done from time to time: documents that have expired, old sessions, cursors and retry records. */
export class Upkeep {
  private readonly engine: Engine;
  private timer: NodeJS.Timeout | null = null;
  private lastTtl = Date.now();
  private running = false;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  start(): void {
    this.timer = setInterval(() => this.tick(), CHECK_MS);
    this.timer.unref();
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  private tick(): void {
    const now = Date.now();
    this.engine.sessions.expire(now);
    this.engine.cursors.expire(now);
    // A sweep that a full disk ended goes on.
    this.engine.sweeper.start();
    if (this.running || now - this.lastTtl < this.engine.ttlSleepSecs * 1000) return;
    this.lastTtl = now;
    this.running = true;
    this.expire(now)
      .catch((error: unknown) => this.engine.log(`upkeep failed: ${String(error)}`))
      .finally(() => {
        this.running = false;
      });
  }

  /** Deletes what has expired by its TTL index, and retry records that nobody will ask for. */
  async expire(now: number): Promise<void> {
    for (const collection of this.engine.catalog.all())
      for (const index of collection.indexes)
        if (index.expireAfterSeconds !== null && !index.building)
          await this.expireIndex(collection, index, index.expireAfterSeconds, now);
    await this.engine.groups.submit((statement) => this.engine.sessions.purge(statement, now));
  }

  private async expireIndex(collection: Collection, index: Index, seconds: number, now: number): Promise<void> {
    const path = index.fields[0]?.path ?? '';
    const before = new UtcDate(now - seconds * 1000);
    // The index itself says what can expire; a partial one only holds its own documents.
    const filter = compileFilter(doc({ [path]: doc({ $lte: before }) }));
    const clock = new Clock(0);
    const view = {
      env: this.engine.env,
      snapshot: null,
      clock,
      trace: new Trace(),
      budget: new Budget(),
      overlay: () => undefined,
    };
    const query = { filter, sort: [], skip: 0, limit: PER_RUN, hint: index.name };
    const found = await drain(rowsOf(view, collection, query), clock);
    const expired = found.filter((row) => isExpired(row.tree, index, before.ms));
    for (const row of expired) await this.removeExpired(collection, index, row.record, before.ms);
  }

  private async removeExpired(collection: Collection, index: Index, record: number, before: number): Promise<void> {
    await this.engine.groups.submit((statement) => {
      const bytes = statement.get(collection, record);
      if (bytes === undefined || this.engine.catalog.get(collection.ns) !== collection) return;
      const tree = decode(bytes);
      if (!isExpired(tree, index, before)) return;
      try {
        statement.remove(collection, record, tree);
      } catch (error) {
        // A transaction has it: the next run looks again.
        if (!(error instanceof Locked)) throw error;
      }
    });
  }
}

/** Dates only count; of an array the lowest one. */
function isExpired(tree: Doc, index: Index, before: number): boolean {
  if (index.partial !== null && !index.partial.test(tree)) return false;
  const { rows } = expand(tree, [index.fields[0]?.parts ?? []]);
  return rows.some(([value]) => value instanceof UtcDate && value.ms <= before);
}
