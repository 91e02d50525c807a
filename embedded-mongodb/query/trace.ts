import type { SortField } from '../shape/sort.ts';
import { isScan, type Plan, sorts } from './plan.ts';

/** How a command read one collection: for `explain`, for the log of slow commands and for the guard of the tests. */
export interface Used {
  readonly ns: string;
  /** The names of the indexes, or that the whole collection was read. */
  readonly plan: string;
  /** Of each index that was read the fields that bounded it; a whole collection has none. */
  readonly bounded: readonly (readonly string[])[];
  /** Whether what was found had to be sorted. */
  readonly sorts: boolean;
  keys: number;
  documents: number;
}

/** What one command has read. Equal plans of one collection are one entry, as those of a `$lookup` are. */
export class Trace {
  readonly used: Used[] = [];

  /** The entry of a plan, whose counters the reader raises. */
  of(ns: string, plan: Plan, sort: readonly SortField[]): Used {
    const name = nameOf(plan);
    const hasSort = sorts(plan, sort);
    const bounded = plan.branches.length > 0 ? plan.branches.map((each) => each.bounded) : [plan.bounded];
    for (const each of this.used)
      if (each.ns === ns && each.plan === name && each.sorts === hasSort && isSame(each.bounded, bounded)) return each;
    const used = { ns, plan: name, bounded, sorts: hasSort, keys: 0, documents: 0 };
    this.used.push(used);
    return used;
  }

  /** In words, for the log; empty when nothing was read. */
  toString(): string {
    return this.used
      .map(
        (each) =>
          `, ${each.ns} by ${each.plan}${each.sorts ? ' and a sort' : ''}: ${each.keys} keys, ${each.documents} documents`,
      )
      .join('');
  }
}

/** The same indexes are bound in the order of their fields, so the numbers of bound fields say all. */
function isSame(a: Used['bounded'], b: Used['bounded']): boolean {
  return a.every((fields, i) => fields.length === b[i]?.length);
}

function nameOf(plan: Plan): string {
  if (plan.branches.length > 0) return `OR(${plan.branches.map(nameOf).join(' ')})`;
  return isScan(plan) ? 'COLLSCAN' : `IXSCAN ${plan.index?.name}`;
}
