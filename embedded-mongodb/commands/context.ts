import { commandVariables } from '../aggregate/expression.ts';
import type { Variables } from '../aggregate/operator.ts';
import { toDouble } from '../bson/numbers.ts';
import { type Doc, doc, isDoc, RawDoc, type Value } from '../bson/values.ts';
import type { Engine } from '../engine.ts';
import { ServerError, typeMismatch } from '../errors.ts';
import type { Budget } from '../query/budget.ts';
import { Clock } from '../query/clock.ts';
import { type Collation, collationOf } from '../query/collation.ts';
import type { View } from '../query/execute.ts';
import type { Trace } from '../query/trace.ts';
import type { Collection } from '../storage/catalog.ts';
import { type Cursor, nextBatch } from '../transactions/cursors.ts';
import type { Retry, Session } from '../transactions/sessions.ts';
import type { Transaction } from '../transactions/transaction.ts';
import type { Client } from './client.ts';
import type { FailPoints } from './fail-points.ts';

/** One command on its way: what came over the wire and what it stands in. */
export interface Context {
  readonly engine: Engine;
  readonly db: string;
  readonly name: string;
  readonly body: Doc;
  /** The documents of an insert as they came. */
  readonly documents: readonly Buffer[] | null;
  readonly session: Session | null;
  readonly transaction: Transaction | null;
  readonly retry: Retry | null;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly budget: Budget;
  /** The time that `$$NOW` and `$currentDate` mean for the whole command. */
  readonly now: number;
  readonly client: Client;
  /** The faults on demand; null unless the server was started for tests. */
  readonly failPoints: FailPoints | null;
}

/** What a command answers, without `ok`. */
export type Reply = Doc;

/** A command. */
export type Command = (context: Context) => Promise<Reply> | Reply;

/** The namespace that a command's first field names. */
export function namespaceOf(context: Context): string {
  const name = context.body.get(context.name);
  if (typeof name !== 'string') throw new ServerError(73, `collection name has invalid type`);
  if (name === '' || name.includes('\0'))
    throw new ServerError(73, `Invalid namespace specified '${context.db}.${name}'`);
  return `${context.db}.${name}`;
}

/** A collection as the command's transaction sees it. */
export function collectionOf(context: Context, ns: string): Collection | undefined {
  return context.transaction === null ? context.engine.catalog.get(ns) : context.transaction.collection(ns);
}

/** The collection of a namespace, made when there is none, inside the transaction where there is one. */
export async function ensured(context: Context, ns: string): Promise<Collection> {
  const { transaction, engine } = context;
  if (transaction === null) return await engine.ensureCollection(ns);
  return transaction.collection(ns) ?? transaction.create(ns, new Map());
}

/** Where the command reads: its transaction, or the last commit. */
export function viewOf(context: Context): View {
  const { engine, transaction, clock } = context;
  return {
    env: engine.env,
    snapshot: transaction?.snapshot ?? null,
    clock,
    trace: context.trace,
    budget: context.budget,
    overlay: transaction === null ? noOverlay : (table) => transaction.overlay(table),
  };
}

/** A view for a search inside a group: it sees what the group has written. */
export function groupView(context: Context): View {
  const { engine, trace, budget } = context;
  return { env: engine.env, snapshot: null, clock: new Clock(0), trace, budget, overlay: noOverlay };
}

function noOverlay(): undefined {
  return undefined;
}

/** The variables of a command's expressions. */
export function variablesOf(context: Context, given: Value | undefined = context.body.get('let')): Variables {
  if (given !== undefined && !isDoc(given))
    throw typeMismatch(`BSON field '${context.name}.let' is the wrong type, expected type 'object'`);
  return commandVariables(context.now, given ?? null);
}

/** The collation of a command. */
export function collationIn(document: Doc): Collation {
  return collationOf(document.get('collation'));
}

/** A whole number of a field, or the default; negative ones are refused with code 51024 unless they are allowed. */
export function integerField(document: Doc, name: string, otherwise: number, allowNegative = false): number {
  const value = document.get(name);
  if (value === undefined || value === null) return otherwise;
  const number =
    typeof value === 'object' || typeof value === 'bigint' || typeof value === 'number'
      ? toDouble(value as number)
      : Number.NaN;
  if (Number.isNaN(number))
    throw typeMismatch(`BSON field '${name}' is the wrong type, expected types '[long, int, decimal, double]'`);
  const whole = Math.trunc(number);
  if (whole < 0 && !allowNegative)
    throw new ServerError(51024, `BSON field '${name}' value must be >= 0, actual value '${whole}'`);
  return whole;
}

/** Whether a flag is set; numbers count by being zero or not. */
export function flag(document: Doc, name: string): boolean {
  const value = document.get(name);
  if (value === undefined || value === null || value === false) return false;
  return (
    value === true ||
    (typeof value === 'number' && value !== 0) ||
    (typeof value === 'object' && toDouble(value as never) !== 0)
  );
}

/** A document's list field; a single document is not a list. */
export function listField(document: Doc, name: string): readonly Value[] {
  const value = document.get(name);
  if (!Array.isArray(value)) throw typeMismatch(`BSON field '${name}' is the wrong type, expected type 'array'`);
  return value;
}

/** The first reply of a query; the cursor stays open when there is more. */
export async function cursorReply(
  context: Context,
  ns: string,
  rows: Iterable<Uint8Array | null>,
  most: number,
  single: boolean,
): Promise<Reply> {
  const { cursors } = context.engine;
  const cursor: Cursor = cursors.create(ns, rows, context.clock, context.session, context.transaction);
  const { documents, more } = await nextBatch(cursor, most);
  const open = more && !single;
  if (open) cursors.keep(cursor);
  return doc({
    cursor: doc({ firstBatch: documents.map((bytes) => new RawDoc(bytes)), id: open ? cursor.id : 0n, ns }),
  });
}
