import type * as z from 'zod/mini';
import type { Action } from './access.ts';
import type { Caller, Desk } from './desk.ts';
import type { Work } from './work.ts';

/** An act of the desk: changes records in one transaction. It may be run twice without harm. */
export interface Act<Input, Value> {
  kind: 'act';
  name: string;
  action: Action;
  input: z.ZodMiniType<Input>;
  output: z.ZodMiniType<Value>;
  /** Whether the caller must name the act with a client id. */
  clientId: 'required' | 'optional';
  run(work: Work, by: Caller, input: Input): Promise<Value>;
}

/** A look at the desk: changes nothing. */
export interface Look<Input, Value> {
  kind: 'look';
  name: string;
  action: Action;
  input: z.ZodMiniType<Input>;
  output: z.ZodMiniType<Value>;
  run(desk: Desk, by: Caller, input: Input): Promise<Value>;
}

/** Asks something of a channel or a network: changes no record by itself, and takes as long as that takes. */
export interface Order<Input, Value> {
  kind: 'order';
  name: string;
  action: Action;
  input: z.ZodMiniType<Input>;
  output: z.ZodMiniType<Value>;
  run(desk: Desk, by: Caller, input: Input): Promise<Value>;
}

/** A verb with its permission, its closed input, its closed output and its effect side by side. */
export type Verb<Input, Value> = Act<Input, Value> | Look<Input, Value> | Order<Input, Value>;

/** Writes an act down; the types of input and value come from its schemas. */
export function act<Input, Value>(
  verb: Omit<Act<Input, Value>, 'kind' | 'clientId'> & { clientId?: 'required' },
): Act<Input, Value> {
  return { clientId: 'optional', ...verb, kind: 'act' };
}

/** Writes a look down. */
export function look<Input, Value>(verb: Omit<Look<Input, Value>, 'kind'>): Look<Input, Value> {
  return { ...verb, kind: 'look' };
}

/** Writes an order down. */
export function order<Input, Value>(verb: Omit<Order<Input, Value>, 'kind'>): Order<Input, Value> {
  return { ...verb, kind: 'order' };
}
