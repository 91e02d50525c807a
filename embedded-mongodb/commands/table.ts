import { aggregate } from './aggregate.ts';
import { collMod, renameCollection } from './change.ts';
import { collStats, create, dbStats, drop, dropDatabase, listCollections, listDatabases } from './collections.ts';
import { configureFailPoint } from './configure-fail-point.ts';
import type { Command } from './context.ts';
import {
  buildInfo,
  connectionStatus,
  getLog,
  getParameter,
  hello,
  hostInfo,
  ping,
  serverStatus,
  setParameter,
} from './diagnostics.ts';
import { explain } from './explain.ts';
import { findAndModify } from './find-and-modify.ts';
import { createIndexes, dropIndexes, listIndexes } from './indexes.ts';
import { insert } from './insert.ts';
import { count, distinct, find, getMore, killCursors } from './read.ts';
import {
  abortTransaction,
  commitTransaction,
  endSessions,
  killAllSessions,
  refreshSessions,
  startSession,
} from './transactions.ts';
import { remove, update } from './write.ts';

/** A command and where it may run. */
export interface Entry {
  readonly run: Command;
  readonly inTransaction?: boolean;
  /** Whether `writeConcern` means something to it; elsewhere it is refused with code 72. */
  readonly writes?: boolean;
}

const WRITE = { inTransaction: true, writes: true };
const READ = { inTransaction: true };
const DEFINE = { writes: true };

/** The commands by the names that clients send. */
export const COMMANDS: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  ['hello', { run: hello }],
  ['isMaster', { run: hello }],
  ['ismaster', { run: hello }],
  ['ping', { run: ping }],
  ['buildInfo', { run: buildInfo }],
  ['buildinfo', { run: buildInfo }],
  ['connectionStatus', { run: connectionStatus }],
  ['getParameter', { run: getParameter }],
  ['setParameter', { run: setParameter }],
  ['getLog', { run: getLog }],
  ['hostInfo', { run: hostInfo }],
  ['serverStatus', { run: serverStatus }],
  ['startSession', { run: startSession }],
  ['endSessions', { run: endSessions }],
  ['killSessions', { run: endSessions }],
  ['refreshSessions', { run: refreshSessions }],
  ['killAllSessions', { run: killAllSessions }],
  ['insert', { run: insert, ...WRITE }],
  ['update', { run: update, ...WRITE }],
  ['delete', { run: remove, ...WRITE }],
  ['findAndModify', { run: findAndModify, ...WRITE }],
  ['findandmodify', { run: findAndModify, ...WRITE }],
  ['find', { run: find, ...READ }],
  ['getMore', { run: getMore, ...READ }],
  ['killCursors', { run: killCursors, ...READ }],
  ['aggregate', { run: aggregate, ...WRITE }],
  ['count', { run: count }],
  ['distinct', { run: distinct, ...READ }],
  ['commitTransaction', { run: commitTransaction, ...WRITE }],
  ['abortTransaction', { run: abortTransaction, ...WRITE }],
  ['create', { run: create, ...WRITE }],
  ['drop', { run: drop, ...DEFINE }],
  ['dropDatabase', { run: dropDatabase, ...DEFINE }],
  ['renameCollection', { run: renameCollection, ...DEFINE }],
  ['collMod', { run: collMod, ...DEFINE }],
  ['explain', { run: explain }],
  ['listDatabases', { run: listDatabases }],
  ['listCollections', { run: listCollections }],
  ['collStats', { run: collStats }],
  ['dbStats', { run: dbStats }],
  ['createIndexes', { run: createIndexes, ...DEFINE }],
  ['listIndexes', { run: listIndexes }],
  ['dropIndexes', { run: dropIndexes, ...DEFINE }],
  ['configureFailPoint', { run: configureFailPoint }],
]);
