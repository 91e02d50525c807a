import type { Doc } from '../bson/values.ts';
import type { Collation } from '../query/collation.ts';
import type { View } from '../query/execute.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Variables } from './operator.ts';

/** A stage of a pipeline; `null` rows are pauses and are passed on. */
export type Stage = (rows: Iterable<Doc | null>) => Iterable<Doc | null>;

/** What the stages of one command share. */
export interface StageContext {
  readonly view: View;
  readonly db: string;
  readonly variables: Variables;
  readonly collation: Collation;
  collection(ns: string): Collection | undefined;
  /** The sessions in memory as `$listLocalSessions` shows them. */
  sessions(): Doc[];
}
