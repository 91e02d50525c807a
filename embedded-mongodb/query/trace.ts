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
  private readonly entries = new Map<string, Used>();

  get used(): readonly Used[] {
    return [...this.entries.values()];
  }

  /** The entry of a plan, whose counters the reader raises. */
  of(ns: string, plan: Plan, sort: readonly SortField[]): Used {
    const name = nameOf(plan);
    const hasSort = sorts(plan, sort);
    const read = plan.branches.length > 0 ? plan.branches : [plan];
    const id = `${ns} ${name} ${read.map((each) => each.bounded.length)} ${hasSort}`;
    let found = this.entries.get(id);
    if (found === undefined) {
      const bounded = read.map((each) => each.bounded);
      found = { ns, plan: name, bounded, sorts: hasSort, keys: 0, documents: 0 };
      this.entries.set(id, found);
    }
    return found;
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

function nameOf(plan: Plan): string {
  if (plan.branches.length > 0) return `OR(${plan.branches.map(nameOf).join(' ')})`;
  return isScan(plan) ? 'COLLSCAN' : `IXSCAN ${plan.index?.name}`;
}
