import type { Environment } from './environment.ts';
import type { Groups } from './group.ts';
import type { Statement } from './statement.ts';
import { TOMBSTONES, tableOf, tableRange, tombstoneKey } from './tables.ts';

/** Keys removed in one statement. */
const AT_ONCE = 500;

/**
 * Removes the keys of dropped collections and indexes in small statements, so that dropping a million documents holds
 * nobody up. A tombstone stands for each table until it is empty: after a restart the sweep goes on.
 */
export class Sweeper {
  private readonly env: Environment;
  private readonly groups: Groups;
  private readonly log: (line: string) => void;
  private running: Promise<void> | null = null;

  constructor(env: Environment, groups: Groups, log: (line: string) => void) {
    this.env = env;
    this.groups = groups;
    this.log = log;
  }

  /** Marks tables as dropped, in the statement that drops them. */
  bury(tables: readonly number[], statement: Statement): void {
    for (const table of tables) statement.put(tombstoneKey(table), Buffer.from([1]));
    statement.afterCommit(() => this.start());
  }

  /** Begins to sweep what is marked. */
  start(): void {
    this.running ??= this.sweep()
      .catch((error: unknown) => this.log(`sweep failed: ${String(error)}`))
      .finally(() => {
        this.running = null;
      });
  }

  /** Resolves when nothing is being swept. */
  async settled(): Promise<void> {
    while (this.running !== null) await this.running;
  }

  private async sweep(): Promise<void> {
    for (;;) {
      const [mark] = this.env.keys(TOMBSTONES, { limit: 1 });
      if (mark === undefined || this.groups.closed) return;
      const table = tableOf(mark.subarray(-4));
      await this.groups.submit((statement) => {
        const keys = this.env.keys(tableRange(table), { limit: AT_ONCE });
        for (const key of keys) statement.removeKey(key);
        if (keys.length < AT_ONCE) statement.removeKey(mark);
      });
    }
  }
}
