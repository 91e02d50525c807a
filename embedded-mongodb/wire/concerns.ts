import { isNumber, toDouble } from '../bson/numbers.ts';
import { type Doc, doc, isDoc, type Value } from '../bson/values.ts';
import { failedToParse, ServerError, typeMismatch } from '../errors.ts';

const READ_LEVELS = ['local', 'available', 'majority', 'linearizable', 'snapshot'];

/** Refuses a write concern that cannot be read, and one on a command that writes nothing (72). */
export function assertWriteConcern(name: string, body: Doc, writes: boolean): void {
  const concern = body.get('writeConcern');
  if (concern === undefined) return;
  if (!isDoc(concern)) throw typeMismatch("BSON field 'writeConcern' is the wrong type, expected type 'object'");
  if (!writes) throw new ServerError(72, `Command ${name} does not support writeConcern`);
  const w = concern.get('w');
  if (w !== undefined && typeof w !== 'string' && !(isNumber(w) && toDouble(w) >= 0 && toDouble(w) <= 50))
    throw failedToParse('w has to be a non-negative number and not greater than 50, or a string');
}

/** One node can promise no more than itself: the write is done, and the wish is answered with an error beside it. */
export function writeConcernError(body: Doc): Value | undefined {
  const concern = body.get('writeConcern');
  const w = isDoc(concern) ? concern.get('w') : undefined;
  if (typeof w === 'string' && w !== 'majority')
    return doc({
      code: 79,
      codeName: 'UnknownReplWriteConcern',
      errmsg: `No write concern mode named '${w}' found in replica set configuration`,
    });
  if (!isNumber(w) || toDouble(w) <= 1) return undefined;
  return doc({ code: 100, codeName: 'UnsatisfiableWriteConcern', errmsg: 'Not enough data-bearing nodes' });
}

/**
 * Refuses a read concern that this server cannot keep. The last commit is on disk, so all levels mean the same but
 * `snapshot`, which lasts longer than one read: outside a transaction it is refused with code 72.
 */
export function assertReadConcern(body: Doc): void {
  const concern = body.get('readConcern');
  if (concern === undefined) return;
  if (!isDoc(concern)) throw typeMismatch("BSON field 'readConcern' is the wrong type, expected type 'object'");
  const level = concern.get('level');
  const inTransaction = body.get('autocommit') === false;
  if (inTransaction && body.get('startTransaction') !== true)
    throw new ServerError(72, 'Only the first command in a transaction may specify a readConcern');
  if (level === undefined) return;
  if (typeof level !== 'string' || !READ_LEVELS.includes(level))
    throw failedToParse(`Unrecognized value for 'readConcern.level': ${String(level)}`);
  if (level === 'snapshot' && !inTransaction)
    throw new ServerError(72, 'readConcern level snapshot is only supported inside a transaction by this server');
  if (inTransaction && (level === 'linearizable' || level === 'available'))
    throw new ServerError(72, `The readConcern level '${level}' is not supported in a transaction`);
}
