import type { Variables } from '../aggregate/operator.ts';
import { compileTransforms } from '../aggregate/transform.ts';
import { equal } from '../bson/compare.ts';
import { arrayIndex, split } from '../bson/path.ts';
import { type Doc, isDoc, typeName, type Value } from '../bson/values.ts';
import { failedToParse, ServerError } from '../errors.ts';
import type { Collation } from '../query/collation.ts';
import type { Filter } from '../query/filter.ts';
import { show } from '../storage/duplicate.ts';
import { visit, type Walk } from './fields.ts';
import { assertKnown, type Modifier, modifierOf } from './operators.ts';
import { type ArrayFilters, arrayFiltersOf, matchedIndex } from './positional.ts';

/** What an update needs to be compiled. */
export interface UpdateOptions {
  readonly filter: Filter;
  readonly arrayFilters: Value | undefined;
  readonly collation: Collation;
  readonly variables: Variables;
  readonly now: number;
}

/** A compiled update. It changes the tree that it is given or makes a new one; `_id` is not changed (66). */
export interface Update {
  readonly kind: 'replacement' | 'pipeline' | 'operators';
  apply(tree: Doc, inserting: boolean): Doc;
}

/** Compiles an update document, replacement or pipeline. */
export function compileUpdate(update: Value | undefined, options: UpdateOptions): Update {
  if (Array.isArray(update)) return pipelineUpdate(update, options);
  if (!isDoc(update)) throw failedToParse('Update argument must be either an object or an array');
  const [first] = update.keys();
  if (first?.startsWith('$') !== true) return replacement(update);
  return operatorUpdate(update, options);
}

function replacement(update: Doc): Update {
  for (const name of update.keys())
    if (name.startsWith('$'))
      throw new ServerError(
        52,
        `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      );
  const apply = (tree: Doc): Doc => withId(tree, update);
  return { kind: 'replacement', apply };
}

function pipelineUpdate(stages: readonly Value[], options: UpdateOptions): Update {
  const run = compileTransforms(stages, options.variables);
  return { kind: 'pipeline', apply: (tree) => withId(tree, run(tree)) };
}

/** The new document with the old one's `_id` in front. */
function withId(old: Doc, next: Doc): Doc {
  const id = old.get('_id');
  const given = next.get('_id');
  if (id === undefined) return next;
  if (given !== undefined && !sameId(id, given))
    throw new ServerError(
      66,
      `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${show(given)}`,
    );
  const out: Doc = new Map([['_id', id]]);
  for (const [name, value] of next) if (name !== '_id') out.set(name, value);
  return out;
}

function sameId(a: Value, b: Value): boolean {
  return equal(a, b);
}

interface Step {
  readonly name: string;
  readonly path: string;
  readonly parts: readonly string[];
  readonly modifier: Modifier;
}

interface Rename {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

function operatorUpdate(update: Doc, options: UpdateOptions): Update {
  const steps: Step[] = [];
  const renames: Rename[] = [];
  const paths: string[] = [];
  const filters = arrayFiltersOf(options.arrayFilters, options.collation);
  for (const [name, fields] of update) {
    if (!isDoc(fields))
      throw failedToParse(
        `Modifiers operate on fields but we found type ${typeName(fields)} instead. For example: {$mod: {<field>: ...}} not {${name}: ${show(fields)}}`,
      );
    for (const [path, arg] of fields) {
      const parts = partsOf(path);
      claim(paths, path);
      if (name === '$rename') renames.push({ from: parts, to: renameTarget(arg, paths) });
      else steps.push({ name, path, parts, modifier: modifierOf(name, path, arg, options) });
    }
    if (fields.size === 0) assertKnown(name);
  }
  filters.assertUsed(steps.map((step) => step.parts));
  // Fields that an update adds come in the order of their names, numbers by value (since 5.0).
  steps.sort((a, b) => comparePaths(a.parts, b.parts));
  return new OperatorUpdate(steps, renames, options.filter, filters);
}

/** An update by operators. */
class OperatorUpdate implements Update {
  readonly kind = 'operators';
  private readonly steps: readonly Step[];
  private readonly renames: readonly Rename[];
  private readonly filter: Filter;
  private readonly filters: ArrayFilters;
  /** Whether a path holds `$`, the element that the query matched. */
  private readonly usesMatch: boolean;

  constructor(steps: readonly Step[], renames: readonly Rename[], filter: Filter, filters: ArrayFilters) {
    this.steps = steps;
    this.renames = renames;
    this.filter = filter;
    this.filters = filters;
    this.usesMatch = steps.some((step) => step.parts.includes('$'));
  }

  apply(tree: Doc, inserting: boolean): Doc {
    const id = tree.get('_id');
    // Positions come from the document as the query saw it, before the first change.
    const matched = this.usesMatch ? matchedIndex(tree, this.filter) : first;
    const positions = { meets: this.filters.meets, matched };
    for (const { from, to } of this.renames) rename(tree, from, to, { creates: true, positions });
    for (const { name, parts, modifier } of this.steps) {
      if (name === '$setOnInsert' && !inserting) continue;
      visit(tree, parts, { creates: modifier.creates, positions }, (slot) => modifier.action(slot, tree));
    }
    if (id !== undefined) assertSameId(id, tree);
    return tree;
  }
}

function first(): number {
  return 0;
}

function partsOf(path: string): string[] {
  const parts = split(path);
  if (path === '') throw new ServerError(56, "The update path '' contains an empty field name, which is not allowed.");
  if (parts.includes(''))
    throw new ServerError(56, `The update path '${path}' contains an empty field name, which is not allowed.`);
  return parts;
}

function renameTarget(arg: Value, paths: string[]): string[] {
  if (typeof arg !== 'string') throw new ServerError(2, `The 'to' field for $rename must be a string: ${show(arg)}`);
  claim(paths, arg);
  return partsOf(arg);
}

/** Two changes of one path, or of a path and one inside it, are refused with code 40. */
function claim(paths: string[], path: string): void {
  for (const other of paths) {
    const [outer, inner] = path.length < other.length ? [path, other] : [other, path];
    if (inner === outer || inner.startsWith(`${outer}.`))
      throw new ServerError(40, `Updating the path '${path}' would create a conflict at '${outer}'`);
  }
  paths.push(path);
}

function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const x = a[i] as string;
    const y = b[i] as string;
    if (x === y) continue;
    const numberX = arrayIndex(x);
    const numberY = arrayIndex(y);
    if (numberX >= 0 && numberY >= 0) return numberX - numberY;
    return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

function assertSameId(id: Value, tree: Doc): void {
  const now = tree.get('_id');
  if (now === undefined || !equal(id, now))
    throw new ServerError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
}

function rename(tree: Doc, from: readonly string[], to: readonly string[], walk: Walk): void {
  const values: Value[] = [];
  visit(tree, from, { ...walk, creates: false }, (slot) => {
    const found = slot.get();
    if (found === undefined) return;
    values.push(found);
    slot.remove();
  });
  const [moved] = values;
  if (moved !== undefined) visit(tree, to, walk, (slot) => slot.set(moved));
}
