import type { Variables } from '../aggregate/operator.ts';
import type { Value } from '../bson/values.ts';
import type { Collation } from './collation.ts';

/** What a filter's values are compared with and which variables its `$expr` knows. */
export interface FilterOptions {
  readonly collation?: Collation;
  readonly variables?: Variables;
}

/** A condition on one path: what the planner reads and how the matcher tests it. */
export interface Leaf {
  readonly path: string;
  readonly parts: readonly string[];
  readonly predicate: Predicate;
}

/** One operator: `test` on what a path reaches, `single` on one value as it stands, for `$elemMatch` and `$pull`. */
export interface Predicate {
  readonly op: string;
  readonly arg: Value;
  test(root: Value | undefined, parts: readonly string[]): boolean;
  single(value: Value | undefined): boolean;
}

/** A parsed filter: a tree of conditions. */
export type Node =
  | { readonly kind: 'and' | 'or' | 'nor'; readonly children: readonly Node[] }
  | { readonly kind: 'leaf'; readonly leaf: Leaf }
  | { readonly kind: 'expression'; readonly test: (root: Value) => boolean };

/** A filter ready to be tested; the root is always an `and`. */
export interface Filter {
  readonly root: Node & { readonly kind: 'and' };
  readonly isEmpty: boolean;
  test(root: Value): boolean;
}
