import { toInteger } from '../bson/numbers.ts';
import { type Doc, isDoc, type Value } from '../bson/values.ts';
import { badValue, ServerError } from '../errors.ts';
import type { Client } from './client.ts';

// Faults on demand, for conformance tests: only a server started with `testCommands` knows them.

/** What a fail point does to one command. */
export interface Fault {
  readonly name: string;
  readonly data: Doc;
}

interface FailPoint extends Fault {
  /** Commands that it lets pass first. */
  skip: number;
  /** Commands that it still hits; infinite when it is always on. */
  left: number;
}

const KNOWN = ['failCommand', 'failGetMoreAfterCursorCheckout', 'onPrimaryTransactionalWrite'];

/** The fail points that are on. */
export class FailPoints {
  private readonly points = new Map<string, FailPoint>();

  configure(name: string, mode: Value | undefined, data: Doc): void {
    if (!KNOWN.includes(name)) throw badValue(`unknown fail point '${name}'`);
    const skip = isDoc(mode) ? toInteger(mode.get('skip')) : undefined;
    const times = isDoc(mode) ? toInteger(mode.get('times')) : undefined;
    if (mode !== 'alwaysOn' && mode !== 'off' && skip === undefined && times === undefined)
      throw badValue('unknown mode of a fail point');
    if (mode === 'off' || times === 0) this.points.delete(name);
    else this.points.set(name, { name, data, skip: skip ?? 0, left: times ?? Number.POSITIVE_INFINITY });
  }

  /** The fault of a command that is about to run, null when none is meant for it. */
  take(command: string, appName: string | null): Fault | null {
    for (const point of this.points.values()) {
      if (concerns(point, command, appName)) return this.hit(point);
    }
    return null;
  }

  /** The fault of one statement of a retryable write. */
  takeOnWrite(): Fault | null {
    const point = this.points.get('onPrimaryTransactionalWrite');
    return point === undefined ? null : this.hit(point);
  }

  private hit(point: FailPoint): Fault | null {
    if (point.skip > 0) {
      point.skip -= 1;
      return null;
    }
    point.left -= 1;
    if (point.left <= 0) this.points.delete(point.name);
    return point;
  }
}

function concerns(point: FailPoint, command: string, appName: string | null): boolean {
  if (command === 'configureFailPoint') return false;
  if (point.name === 'failGetMoreAfterCursorCheckout') return command === 'getMore';
  const commands = point.data.get('failCommands');
  const only = point.data.get('appName');
  return Array.isArray(commands) && commands.includes(command) && (only === undefined || only === appName);
}

/** The error that a fault answers with before the command runs, null when it runs all the same. */
export function errorOf(fault: Fault): ServerError | null {
  const code = toInteger(fault.data.get('errorCode'));
  if (code !== undefined) return new ServerError(code, "Failing command via 'failCommand' failpoint");
  return fault.name === 'failGetMoreAfterCursorCheckout' ? new ServerError(2, 'failing a getMore on purpose') : null;
}

/** Applies the fault of a retryable write's statement: its connection is closed behind it, and it may not be committed. */
export function failOnWrite(points: FailPoints, client: Client): void {
  const fault = points.takeOnWrite();
  if (fault === null) return;
  client.closing = fault.data.get('closeConnection') !== false;
  const code = toInteger(fault.data.get('failBeforeCommitExceptionCode'));
  if (code !== undefined) throw new ServerError(code, 'onPrimaryTransactionalWrite failpoint');
}
