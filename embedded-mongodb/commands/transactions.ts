import { doc, isDoc } from '../bson/values.ts';
import { ServerError, TRANSIENT } from '../errors.ts';
import type { Statement } from '../storage/statement.ts';
import { rememberCommit } from '../transactions/sessions.ts';
import type { Transaction } from '../transactions/transaction.ts';
import { type Context, listField, type Reply } from './context.ts';

/** `commitTransaction`; a repeated one answers again. */
export async function commitTransaction(context: Context): Promise<Reply> {
  const { session, transaction, engine } = context;
  if (session === null) throw noTransaction('commitTransaction must be run within a transaction');
  if (session.state === 'committed') return new Map();
  if (transaction === null) throw noTransaction(`Transaction ${session.txnNumber} has been aborted.`);
  try {
    // A group's statements do not see each other's new collections, so one that makes some is a group of its own.
    const alone = transaction.changes().created.length > 0;
    await engine.groups.submit((statement) => {
      apply(context, transaction, statement);
      rememberCommit(statement, session);
      // Its locks go when the commit is on disk and before anyone learns of it.
      statement.afterCommit(() => {
        session.state = 'committed';
        transaction.end();
      });
    }, alone);
    return new Map();
  } catch (error) {
    session.state = 'aborted';
    throw error;
  } finally {
    transaction.end();
    session.transaction = null;
    engine.cursors.removeOf(transaction);
  }
}

function apply(context: Context, transaction: Transaction, statement: Statement): void {
  const { catalog } = context.engine;
  const { created, rows } = transaction.changes();
  for (const collection of created) {
    catalog.store(collection);
    statement.afterCommit(() => catalog.add(collection));
  }
  for (const [collection, changed] of rows) statement.apply(collection, changed);
}

/** `abortTransaction`. */
export function abortTransaction(context: Context): Reply {
  const { session, transaction } = context;
  if (session === null) throw noTransaction('abortTransaction must be run within a transaction');
  if (session.state === 'committed') throw new ServerError(256, `Transaction ${session.txnNumber} has been committed.`);
  if (transaction === null) throw noTransaction(`Transaction ${session.txnNumber} has been aborted.`);
  session.abort();
  context.engine.cursors.removeOf(transaction);
  return new Map();
}

/** Code 251, with the label that makes a driver run the whole transaction again. */
export function noTransaction(message: string): ServerError {
  return new ServerError(251, message, [TRANSIENT]);
}

/** `startSession`. Sessions begin with their first use, so there is nothing to do but to name one. */
export function startSession(): Reply {
  return doc({ timeoutMinutes: 30 });
}

/** `endSessions`, `killSessions`: their transactions are aborted. */
export function endSessions(context: Context): Reply {
  const ids = listField(context.body, context.name).filter(isDoc);
  context.engine.sessions.end(ids.map((id) => context.engine.sessions.of(id)));
  return new Map();
}

/** `refreshSessions`. */
export function refreshSessions(context: Context): Reply {
  for (const id of listField(context.body, context.name)) context.engine.sessions.of(id).lastUsed = Date.now();
  return new Map();
}

/** `killAllSessions`: aborts every open transaction; tests use it between runs. */
export function killAllSessions(context: Context): Reply {
  for (const session of context.engine.sessions.all()) session.abort();
  return new Map();
}
