import { doc, isDoc } from '../bson/values.ts';
import { badValue, ServerError } from '../errors.ts';
import type { Context, Reply } from './context.ts';

/** `configureFailPoint`. Without `testCommands` there is no such command. */
export function configureFailPoint(context: Context): Reply {
  const { failPoints } = context;
  const name = context.body.get('configureFailPoint');
  if (failPoints === null) throw new ServerError(59, "no such command: 'configureFailPoint'");
  if (typeof name !== 'string') throw badValue('a fail point has a name');
  const data = context.body.get('data');
  failPoints.configure(name, context.body.get('mode'), isDoc(data) ? data : new Map());
  return doc({ count: 0 });
}
