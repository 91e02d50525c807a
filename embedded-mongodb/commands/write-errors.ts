import { type Doc, doc, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import { type Context, flag, type Reply } from './context.ts';

/** The errors of the single writes of one command. */
export class WriteErrors {
  /** Whether no further write is to be tried. */
  stopped = false;
  private readonly context: Context;
  private readonly ordered: boolean;
  private readonly errors: Doc[] = [];

  constructor(context: Context) {
    this.context = context;
    this.ordered = !context.body.has('ordered') || flag(context.body, 'ordered');
  }

  /**
   * Notes the error of one write. Inside a transaction every error ends it: conflicts are thrown on, the others stand in
   * the reply of an aborted transaction.
   */
  add(index: number, error: unknown): void {
    if (!(error instanceof ServerError)) throw error;
    const { transaction, session } = this.context;
    if (error.labels.length > 0 || error.code === 91 || error.code === 50) throw error;
    this.errors.push(doc({ index, code: error.code, ...Object.fromEntries(error.extra), errmsg: error.message }));
    if (transaction !== null) {
      session?.abort();
      this.stopped = true;
    }
    if (this.ordered) this.stopped = true;
  }

  reply(fields: Readonly<Record<string, Value | undefined>>): Reply {
    return doc({ ...fields, writeErrors: this.errors.length > 0 ? this.errors : undefined });
  }
}
