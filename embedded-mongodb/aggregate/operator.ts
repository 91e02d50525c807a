import type { Value } from '../bson/values.ts';

/** The variables in sight of an expression, innermost first. */
export interface Variables {
  readonly name: string;
  readonly value: Value | undefined;
  readonly outer: Variables | null;
}

/** A compiled expression; `undefined` is "missing". */
export type Expression = (root: Value | undefined, variables: Variables | null) => Value | undefined;

/** What the operators of one file are given: their argument and the way to compile parts of it. */
export interface Compiler {
  compile(value: Value): Expression;
  /** Compiles a part in which further variables can be named. */
  within(names: readonly string[], value: Value): Expression;
}

/** One operator: turns its argument into an expression. */
export type Operator = (arg: Value, compiler: Compiler, name: string) => Expression;
