import { hostname } from 'node:os';
import { toInteger } from '../bson/numbers.ts';
import { valueAt } from '../bson/path.ts';
import { Double, doc, UtcDate } from '../bson/values.ts';
import { badValue, ServerError } from '../errors.ts';
import type { Context, Reply } from './context.ts';
import { longestSlice } from './slices.ts';

const VERSION = '7.0.0';
const MAX_DOCUMENT = 16_777_216;

/**
 * `hello` and its old names. `setName`, `isWritablePrimary` and `logicalSessionTimeoutMinutes` together make drivers
 * allow transactions and retryable writes. No `topologyVersion`: a driver would wait for it instead of asking again.
 */
export function hello(context: Context): Reply {
  const { address, id } = context.client;
  const application = valueAt(context.body, ['client', 'application', 'name']);
  if (typeof application === 'string') context.client.appName = application;
  return doc({
    helloOk: true,
    ismaster: true,
    isWritablePrimary: true,
    secondary: false,
    setName: 'rs0',
    setVersion: 1,
    hosts: [address],
    primary: address,
    me: address,
    maxBsonObjectSize: MAX_DOCUMENT,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new UtcDate(Date.now()),
    logicalSessionTimeoutMinutes: 30,
    connectionId: id,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
  });
}

/** `ping`. */
export function ping(): Reply {
  return new Map();
}

/** `buildInfo`. */
export function buildInfo(): Reply {
  return doc({
    version: VERSION,
    versionArray: [7, 0, 0, 0],
    gitVersion: 'embedded',
    modules: [],
    bits: 64,
    debug: false,
    maxBsonObjectSize: MAX_DOCUMENT,
    storageEngines: ['lmdb'],
  });
}

/** `connectionStatus`. */
export function connectionStatus(): Reply {
  return doc({
    authInfo: doc({ authenticatedUsers: [], authenticatedUserRoles: [], authenticatedUserPrivileges: [] }),
  });
}

/** `getParameter`: only what tools ask for when they connect. */
export function getParameter(context: Context): Reply {
  return doc({
    featureCompatibilityVersion: doc({ version: '7.0' }),
    ttlMonitorSleepSecs: context.engine.ttlSleepSecs,
  });
}

/** `setParameter`: how often documents expire, for tests (else code 59). */
export function setParameter(context: Context): Reply {
  if (context.failPoints === null) throw new ServerError(59, "no such command: 'setParameter'");
  const { engine } = context;
  const was = engine.ttlSleepSecs;
  const seconds = toInteger(context.body.get('ttlMonitorSleepSecs'));
  if (seconds === undefined || seconds < 1) throw badValue('ttlMonitorSleepSecs must be a number of at least 1');
  engine.ttlSleepSecs = seconds;
  return doc({ was });
}

/** `hostInfo`. */
export function hostInfo(): Reply {
  return doc({
    system: doc({ currentTime: new UtcDate(Date.now()), hostname: hostname() }),
    os: doc({ type: process.platform }),
  });
}

/** `serverStatus`. */
export function serverStatus(context: Context): Reply {
  const { engine } = context;
  const uptime = (Date.now() - engine.startedAt) / 1000;
  return doc({
    host: hostname(),
    version: VERSION,
    process: 'mongod',
    pid: BigInt(process.pid),
    uptime: new Double(uptime),
    localTime: new UtcDate(Date.now()),
    transactions: doc({ currentOpen: BigInt(engine.locks.openTransactions.size) }),
    metrics: doc({ cursor: doc({ open: doc({ total: BigInt(engine.cursors.size) }) }) }),
    ...(context.failPoints === null ? {} : longestSlice()),
  });
}

/** `replSetGetStatus`-like questions are not answered; `getLog` and `getCmdLineOpts` are what shells ask for. */
export function getLog(): Reply {
  return doc({ totalLinesWritten: 0, log: [] });
}
