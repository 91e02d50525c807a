import type { Doc } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import type { Collation } from '../query/collation.ts';
import type { View } from '../query/execute.ts';
import { MEMORY_BUDGET } from '../shape/sort.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Variables } from './expression.ts';

/** A stage of a pipeline; `null` rows are pauses and are passed on. */
export type Stage = (rows: Iterable<Doc | null>) => Iterable<Doc | null>;

/** The memory of one command for group, facet and lookup; what is over it is refused with code 292. */
export class Budget {
  private left = MEMORY_BUDGET;

  take(bytes: number): void {
    this.left -= bytes;
    if (this.left < 0)
      throw new ServerError(
        292,
        'Exceeded memory limit, but did not allow external sort. Pass allowDiskUse:true to opt in.',
      );
  }
}

/** What the stages of one command share. */
export interface StageContext {
  readonly view: View;
  readonly db: string;
  readonly variables: Variables;
  readonly collation: Collation;
  readonly budget: Budget;
  collection(ns: string): Collection | undefined;
  /** The sessions in memory as `$listLocalSessions` shows them. */
  sessions(): Doc[];
}
