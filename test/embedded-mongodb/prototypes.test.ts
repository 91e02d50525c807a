import fc from 'fast-check';
import type { Document } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { database } from './support/database.ts';

const base = database();

describe('A name of a prototype', () => {
  const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'x'];
  const name = fc.constantFrom(...NAMES);
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.integer(),
      fc.array(tie('value'), { maxLength: 2 }),
      fc.array(fc.tuple(name, tie('value')), { maxLength: 3 }).map((pairs) => new Map(pairs)),
    ),
  }));
  const operator = fc.constantFrom(
    '$set',
    '$setOnInsert',
    '$unset',
    '$inc',
    '$min',
    '$rename',
    '$push',
    '$addToSet',
    '$pull',
  );
  const canary = () =>
    [Object, Array, Function, Map, Buffer, String, Number].map((each) => [
      Reflect.ownKeys(each.prototype).map(String),
      Reflect.ownKeys(each).map(String),
      (Object.getPrototypeOf(each.prototype) as object | null)?.constructor.name,
    ]);
  /** Sends a command as it is; many are refused, what matters is what they leave behind. */
  const send = async (command: object): Promise<void> => {
    await base.db.command(command).then(
      () => {
        done += 1;
      },
      (error: unknown) => expect(error).toHaveProperty('code'),
    );
  };
  let done = 0;
  const at = (of: string, item: unknown) => new Map([[of, item]]);

  it('is a name like any other', async () => {
    const to = 'canaries';
    const rows = base.db.collection<Document>(to);
    await rows.createIndexes([{ key: { '__proto__.x': 1 } }, { key: { 'constructor.prototype': 1 } }]);
    const before = canary();
    await fc.assert(
      fc.asyncProperty(value, path, path, operator, async (content, first, second, op) => {
        const [head = '', other = ''] = [first, second].map((each) => each.split('.')[0]);
        const change = at(op, at(first, op === '$rename' ? second : content));
        const nested = at('$set', at(`${first}.$[e].${second}`, 1));
        await rows.deleteMany({});
        await send({
          insert: to,
          documents: [
            new Map<string, unknown>([
              ['_id', 1],
              [head, content],
            ]),
          ],
        });
        await send({
          update: to,
          updates: [
            { q: { _id: 1 }, u: change, upsert: true },
            { q: at(first, 1), u: [at('$set', at(second, content))], upsert: true },
            { q: {}, u: nested, arrayFilters: [at(`e.${second}`, 1)] },
            { q: { _id: 1 }, u: at(first, content) },
          ],
          ordered: false,
        });
        await send({ find: to, filter: at(first, content), sort: at(second, 1), projection: at(second, 1) });
        await send({ distinct: to, key: first });
        await send({ findAndModify: to, query: at(second, content), update: change, upsert: true, new: true });
        const made = [
          '$$ROOT',
          { $arrayToObject: [[[first, 1]]] },
          { $setField: { field: second, input: '$$ROOT', value: 1 } },
        ];
        const stages = [
          at('$addFields', at(first, content)),
          at('$project', at(second, `$${first}`)),
          at('$replaceWith', { $mergeObjects: made }),
          at(
            '$group',
            new Map<string, unknown>([
              ['_id', `$${first}`],
              [other, { $push: '$$ROOT' }],
            ]),
          ),
          at('$facet', at(other, [{ $match: {} }])),
          at('$unwind', { path: `$${first}`, includeArrayIndex: second }),
        ];
        for (const stage of stages) await send({ aggregate: to, pipeline: [stage], cursor: {} });
        expect(canary()).toEqual(before);
        expect(({} as Record<string, unknown>).x).toBeUndefined();
      }),
      { numRuns: 150 },
    );
    // Of 1,650 commands.
    expect(done).toBeGreaterThan(800);
    await send({
      insert: to,
      documents: [
        new Map<string, unknown>([
          ['_id', 7],
          ['__proto__', new Map([['x', 5]])],
        ]),
      ],
    });
    expect(await rows.countDocuments({ '__proto__.x': 5 }, { hint: '__proto__.x_1' })).toBe(1);
  }, 120_000);
});
