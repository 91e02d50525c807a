import type { Value } from './bson/values.ts';

/** Names of the error codes that this server answers with, as MongoDB documents them. */
const CODE_NAMES: Readonly<Record<number, string>> = {
  1: 'InternalError',
  2: 'BadValue',
  6: 'HostUnreachable',
  7: 'HostNotFound',
  8: 'UnknownError',
  9: 'FailedToParse',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  15: 'Overflow',
  16: 'InvalidLength',
  18: 'AuthenticationFailed',
  20: 'IllegalOperation',
  22: 'InvalidBSON',
  24: 'LockTimeout',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  51: 'ManualInterventionRequired',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  56: 'EmptyFieldName',
  59: 'CommandNotFound',
  64: 'WriteConcernFailed',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  79: 'UnknownReplWriteConcern',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  89: 'NetworkTimeout',
  91: 'ShutdownInProgress',
  100: 'UnsatisfiableWriteConcern',
  112: 'WriteConflict',
  125: 'CommandFailed',
  134: 'ReadConcernMajorityNotAvailableYet',
  168: 'InvalidPipelineOperator',
  171: 'CannotIndexParallelArrays',
  175: 'QueryPlanKilled',
  189: 'PrimarySteppedDown',
  197: 'InvalidIndexSpecificationOption',
  206: 'NoSuchSession',
  225: 'TransactionTooOld',
  237: 'CursorKilled',
  238: 'NotImplemented',
  241: 'ConversionFailure',
  246: 'SnapshotUnavailable',
  251: 'NoSuchTransaction',
  256: 'TransactionCommitted',
  257: 'TransactionTooLarge',
  262: 'ExceededTimeLimit',
  263: 'OperationNotSupportedInTransaction',
  267: 'PreparedTransactionInProgress',
  276: 'IndexBuildAborted',
  291: 'NoQueryExecutionPlans',
  292: 'QueryExceededMemoryLimitNoDiskUseAllowed',
  352: 'UnsupportedOpQueryCommand',
  9001: 'SocketException',
  10107: 'NotWritablePrimary',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  11600: 'InterruptedAtShutdown',
  11601: 'Interrupted',
  11602: 'InterruptedDueToReplStateChange',
  13435: 'NotPrimaryNoSecondaryOk',
  13436: 'NotPrimaryOrSecondary',
  14031: 'OutOfDiskSpace',
};

/** Label that tells a client to run its whole transaction again. */
export const TRANSIENT = 'TransientTransactionError';

/** Label that tells a driver to send the same write again. */
export const RETRYABLE = 'RetryableWriteError';

/** An answer of `ok: 0`: code, message, labels and the further fields of the reply (`keyPattern`, `keyValue`). */
export class ServerError extends Error {
  readonly code: number;
  readonly labels: readonly string[];
  readonly extra: ReadonlyMap<string, Value>;

  constructor(code: number, message: string, labels: readonly string[] = [], extra?: ReadonlyMap<string, Value>) {
    super(message);
    this.name = 'ServerError';
    this.code = code;
    this.labels = labels;
    this.extra = extra ?? new Map();
  }

  /** The code's documented name, or `Location<code>` as the real server calls those without one. */
  get codeName(): string {
    return codeName(this.code);
  }
}

/** The documented name of a code, or `Location<code>`. */
export function codeName(code: number): string {
  return CODE_NAMES[code] ?? `Location${code}`;
}

/** Code 2: an argument has a value that makes no sense. */
export function badValue(message: string): ServerError {
  return new ServerError(2, message);
}

/** Code 9: a document given as an instruction cannot be understood. */
export function failedToParse(message: string): ServerError {
  return new ServerError(9, message);
}

/** Code 14: an argument has the wrong type. */
export function typeMismatch(message: string): ServerError {
  return new ServerError(14, message);
}

/** Code 112: another transaction holds or has changed what this one wants to write. */
export function writeConflict(inTransaction: boolean): ServerError {
  const message =
    'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.';
  return new ServerError(112, message, inTransaction ? [TRANSIENT] : []);
}
