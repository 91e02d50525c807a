import { anyAt } from '../bson/path.ts';
import type { Value } from '../bson/values.ts';
import type { Predicate } from './filter.ts';

/** A test of one value as it stands. */
export type Single = (value: Value | undefined) => boolean;

/** An operator on values, which may enter the arrays that a path reaches element by element. */
export function leaf(op: string, arg: Value, single: Single, entersArrays: boolean): Predicate {
  const reached: Single = entersArrays
    ? (value) => single(value) || (Array.isArray(value) && value.some(single))
    : single;
  return new Reaching(op, arg, single, reached);
}

/** An operator on one value, tested on whatever a path reaches. */
class Reaching implements Predicate {
  readonly op: string;
  readonly arg: Value;
  readonly single: Single;
  private readonly reached: Single;

  constructor(op: string, arg: Value, single: Single, reached: Single) {
    this.op = op;
    this.arg = arg;
    this.single = single;
    this.reached = reached;
  }

  test(root: Value | undefined, parts: readonly string[]): boolean {
    return anyAt(root, parts, 0, this.reached);
  }
}

/** The opposite of an operator. */
export function negated(op: string, arg: Value, inner: Predicate): Predicate {
  return {
    op,
    arg,
    test: (root, parts) => !inner.test(root, parts),
    single: (value) => !inner.single(value),
  };
}

/** Several predicates that all have to hold. */
export function conjunction(op: string, arg: Value, parts: readonly Predicate[]): Predicate {
  return {
    op,
    arg,
    test: (root, path) => parts.every((part) => part.test(root, path)),
    single: (value) => parts.every((part) => part.single(value)),
  };
}
