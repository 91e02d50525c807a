import { hashOf } from '../bson/key.ts';
import { type Doc, doc, isDoc, type Value } from '../bson/values.ts';
import { weightOf } from '../bson/weight.ts';
import { ServerError } from '../errors.ts';
import { accumulatorTooLarge, stageTooLarge } from '../query/budget.ts';
import { ACCUMULATORS, type Accumulator } from './accumulators.ts';
import { compileExpression } from './expression.ts';
import type { Expression } from './operator.ts';
import type { Stage, StageContext } from './stage.ts';

interface Field {
  readonly name: string;
  readonly operator: string;
  readonly make: () => Accumulator;
  readonly expression: Expression;
}

/** Estimated bytes of a group, and of each of its accumulators, without their values. */
const GROUP_BYTES = 100;

/** Maps among which groups are shared: a map doubles all at once, and a large one takes long for it. */
const SHARDS = 256;

/** Gathers what belongs to one id. */
interface Group {
  readonly id: Value;
  readonly states: readonly Accumulator[];
}

/** `$group`: missing and null ids are one group; groups come in the order in which they were first seen. */
export function group(arg: Value, context: StageContext): Stage {
  if (!isDoc(arg)) throw new ServerError(15947, "a group's fields must be specified in an object");
  if (!arg.has('_id')) throw new ServerError(15955, 'a group specification must include an _id');
  const id = compileExpression(arg.get('_id') as Value, context.variables);
  const fields = [...arg].filter(([name]) => name !== '_id').map(([name, value]) => fieldOf(name, value, context));
  return (rows) => grouped(rows, id, fields, context);
}

function fieldOf(name: string, value: Value, context: StageContext): Field {
  if (name.includes('.')) throw new ServerError(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith('$')) throw new ServerError(40236, `The field name '${name}' cannot be an operator name`);
  if (!isDoc(value)) throw new ServerError(40234, `The field '${name}' must be an accumulator object`);
  const [entry, ...more] = value;
  if (entry === undefined || more.length > 0)
    throw new ServerError(40238, `The field '${name}' must specify one accumulator`);
  const make = ACCUMULATORS.get(entry[0]);
  if (make === undefined) throw new ServerError(15952, `unknown group operator '${entry[0]}'`);
  const expression = entry[0] === '$count' ? () => 1 : compileExpression(entry[1], context.variables);
  return { name, operator: entry[0], make, expression };
}

function* grouped(
  rows: Iterable<Doc | null>,
  id: Expression,
  fields: readonly Field[],
  context: StageContext,
): Generator<Doc | null> {
  const { variables } = context;
  const { budget } = context.view;
  const shards = Array.from({ length: SHARDS }, () => new Map<string, Group>());
  const groups: Group[] = [];
  for (const row of rows) {
    if (row === null) {
      yield null;
      continue;
    }
    const key = id(row, variables) ?? null;
    const hash = hashOf(key);
    const shard = shards[shardOf(hash)] as Map<string, Group>;
    let found = shard.get(hash);
    if (found === undefined) {
      found = { id: key, states: fields.map((field) => field.make()) };
      shard.set(hash, found);
      groups.push(found);
      budget.take(GROUP_BYTES * (1 + fields.length) + hash.length * 2 + weightOf(key), () => stageTooLarge('$group'));
    }
    for (const [i, field] of fields.entries()) {
      const more = found.states[i]?.add(field.expression(row, variables)) ?? 0;
      if (more > 0) budget.take(more, () => accumulatorTooLarge(field.operator));
    }
  }
  for (const each of groups) {
    const out: Doc = new Map([['_id', each.id]]);
    for (const [i, field] of fields.entries()) out.set(field.name, each.states[i]?.result() ?? null);
    yield out;
    if (context.view.clock.due()) yield null;
  }
}

/** Mixes the last few chars, for the first ones of many ids are the same and a number's last ones are zeros. */
function shardOf(hash: string): number {
  let mixed = hash.length;
  for (let i = Math.max(0, hash.length - 8); i < hash.length; i++) mixed = (mixed * 31 + hash.charCodeAt(i)) | 0;
  return mixed & (SHARDS - 1);
}

/** `$sortByCount`: groups by an expression, the most frequent first. */
export function sortByCount(arg: Value): readonly Doc[] {
  return [doc({ $group: doc({ _id: arg, count: doc({ $sum: 1 }) }) }), doc({ $sort: doc({ count: -1 }) })];
}

/** `$count`: one document with the number of those before it; nothing when there are none. */
export function count(arg: Value): readonly Doc[] {
  if (typeof arg !== 'string' || arg === '') throw new ServerError(40156, 'the count field must be a non-empty string');
  if (arg.startsWith('$') || arg.includes('.'))
    throw new ServerError(40158, `the count field cannot be a $-prefixed path or contain '.'`);
  return [doc({ $group: doc({ _id: null, [arg]: doc({ $sum: 1 }) }) }), doc({ $project: doc({ _id: 0 }) })];
}
