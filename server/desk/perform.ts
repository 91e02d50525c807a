import { faultPoint } from '#shared/fault.ts';
import { limits } from '#shared/limits.ts';
import type { News } from '../bus.ts';
import { DeskError, Duplicate, Overtaken } from '../errors.ts';
import { type Action, can } from './access.ts';
import type { Caller, Desk, Records } from './desk.ts';
import { canonical } from './history.ts';
import { parsed } from './input.ts';
import type { Act, Verb } from './verb.ts';
import { type Work, workOf } from './work.ts';

/** What a verb gave; `repeated`: this client id had been seen, nothing was done again. */
export interface Performed<Value> {
  value: Value;
  repeated: boolean;
}

/**
 * The one runner of verbs, for REST, sockets and the desk itself: checks the input's shape, runs the verb (an act in
 * one transaction, again when others were faster), keeps the first answer under the client id, cuts the answer to its
 * schema, and tells the news after the commit. Throws DeskError.
 */
export async function perform<Input, Value>(
  desk: Desk,
  by: Caller,
  verb: Verb<Input, Value>,
  raw: unknown,
  clientId?: unknown,
): Promise<Performed<Value>> {
  const input = parsed(verb.input, raw);
  if (verb.kind !== 'act') {
    if (!mayBegin(by, verb)) throw new DeskError('forbidden');
    return { value: verb.output.parse(await verb.run(desk, by, input)), repeated: false };
  }
  const id = checkedClientId(verb, clientId);
  await faultPoint('O1');
  if (!mayBegin(by, verb)) throw new DeskError('forbidden');
  return await transactWork(desk, by, id, async (work) => {
    const known = await firstAnswer(work, verb, input);
    if (known !== null) return { value: known.answer as Value, repeated: true };
    const value = verb.output.parse(await verb.run(work, by, input));
    await keep(work, verb, input, value);
    return { value, repeated: false };
  });
}

/** Acts on a ticket are judged with the ticket, inside the verb; the rest is judged here. */
function mayBegin(by: Caller, verb: { action: Action }): boolean {
  if (by.role === null) return false;
  return verb.action.startsWith('ticket.') || verb.action === 'forwarding.answer' || can(by, verb.action);
}

const clientIdPattern = new RegExp(limits.clientIdPattern);

function checkedClientId<Input, Value>(verb: Act<Input, Value>, clientId: unknown): string | null {
  if (clientId === undefined && verb.clientId === 'optional') return null;
  if (typeof clientId === 'string' && clientIdPattern.test(clientId)) return clientId;
  throw new DeskError('input.invalid', {}, { clientId: clientId === undefined ? 'required' : 'pattern' });
}

const tries = 8;

/** Runs `run` in a transaction of its own, anew when it was overtaken or met a duplicate, then tells the news. */
export async function transactWork<T>(
  desk: Desk,
  by: Caller,
  clientId: string | null,
  run: (work: Work) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    let news: News[] = [];
    try {
      const result = await desk.store.transact((records: Records) => {
        const work = workOf(desk, records, by, clientId);
        news = work.news;
        return run(work);
      });
      await faultPoint(by.role === null ? 'I6' : 'O2');
      for (const item of news) desk.say(item);
      await faultPoint(by.role === null ? 'I7' : 'O3');
      return result;
    } catch (error) {
      const again = error instanceof Overtaken || error instanceof Duplicate;
      if (!again || attempt === tries) throw error;
    }
  }
}

async function firstAnswer<Input>(work: Work, verb: { name: string }, input: Input) {
  const { clientId, by, records } = work;
  if (clientId === null || by.actor.id === null) return null;
  const known = await records.acts.find(by.actor.id, clientId);
  if (known === null) return null;
  if (known.verb !== verb.name || known.inputHash !== hashOf(work, input)) throw new DeskError('act.client-id-reused');
  return known;
}

async function keep<Input>(work: Work, verb: { name: string }, input: Input, answer: unknown): Promise<void> {
  const { clientId, by, records, at } = work;
  if (clientId === null || by.actor.id === null) return;
  await records.acts.add({
    actorId: by.actor.id,
    clientId,
    verb: verb.name,
    inputHash: hashOf(work, input),
    answer,
    at,
  });
}

const hashOf = (work: Work, input: unknown): string => work.desk.seal.digest(canonical(input));
