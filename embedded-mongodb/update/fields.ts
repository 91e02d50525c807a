import { arrayIndex } from '../bson/path.ts';
import { type Doc, isDoc, type Value } from '../bson/values.ts';
import { badValue, ServerError } from '../errors.ts';
import { show } from '../storage/duplicate.ts';

/** Array elements that one update may fill with null in front of a far index. */
const MOST_FILLED = 1_500_000;

/** The place of one field or element, to be read and changed. */
export interface Slot {
  readonly name: string;
  get(): Value | undefined;
  set(value: Value): void;
  /** Takes a field away; an element of an array becomes null. */
  remove(): void;
}

/** What stands for the positional parts of a path in one document. */
export interface Positions {
  /** The index of the element that the query matched in the array at a path. Code 2 when it matched none. */
  matched(array: readonly string[]): number;
  /** Whether an element meets the array filter of a name. */
  meets(identifier: string, element: Value): boolean;
}

/** How to walk a path: whether missing parents are made, and what stands for its positional parts. */
export interface Walk {
  readonly creates: boolean;
  readonly positions: Positions;
}

/** Calls `action` for every place that a path names in a document. Code 28 when a scalar stands in the way. */
export function visit(root: Doc, parts: readonly string[], walk: Walk, action: (slot: Slot) => void): void {
  step(root, parts, 0, [], walk, action);
}

function step(
  container: Doc | Value[],
  parts: readonly string[],
  at: number,
  path: readonly string[],
  walk: Walk,
  action: (slot: Slot) => void,
): void {
  const part = parts[at] as string;
  if (part.startsWith('$') && (part === '$' || part.startsWith('$['))) {
    for (const name of elements(container, part, path, walk)) enter(container, name, parts, at, path, walk, action);
    return;
  }
  enter(container, part, parts, at, path, walk, action);
}

function elements(container: Doc | Value[], part: string, path: readonly string[], walk: Walk): string[] {
  if (part === '$') return [String(walk.positions.matched(path))];
  if (!Array.isArray(container))
    throw badValue(
      path.length === 0
        ? `The path '${part}' must exist in the document in order to apply array updates.`
        : `Cannot apply array updates to non-array element ${path.at(-1)}: ${show(container)}`,
    );
  const identifier = part.slice(2, -1);
  const all = container.map((_item, index) => String(index));
  return identifier === ''
    ? all
    : all.filter((index) => walk.positions.meets(identifier, container[Number(index)] as Value));
}

function enter(
  container: Doc | Value[],
  name: string,
  parts: readonly string[],
  at: number,
  path: readonly string[],
  walk: Walk,
  action: (slot: Slot) => void,
): void {
  const slot = slotOf(container, name, path, walk.creates);
  if (slot === null) return;
  if (at === parts.length - 1) {
    action(slot);
    return;
  }
  const here = [...path, name];
  const current = slot.get();
  if (isDoc(current) || Array.isArray(current)) {
    step(current, parts, at + 1, here, walk, action);
    return;
  }
  const next = parts[at + 1] as string;
  if (next.startsWith('$[') || next === '$')
    if (walk.creates || current !== undefined)
      throw badValue(`The path '${here.join('.')}' must exist in the document in order to apply array updates.`);
  if (!walk.creates) return;
  if (current !== undefined) throw notViable(next, name, current);
  const made: Doc = new Map();
  step(made, parts, at + 1, here, walk, action);
  slot.set(made);
}

function notViable(field: string, parent: string, value: Value): ServerError {
  return new ServerError(28, `Cannot create field '${field}' in element {${parent}: ${show(value)}}`);
}

function slotOf(container: Doc | Value[], name: string, path: readonly string[], creates: boolean): Slot | null {
  if (isDoc(container)) return new FieldSlot(container, name);
  const index = arrayIndex(name);
  if (index < 0) {
    if (creates) throw notViable(name, path.at(-1) ?? '', container);
    return null;
  }
  return new ElementSlot(container, name, index);
}

class FieldSlot implements Slot {
  readonly name: string;
  private readonly container: Doc;

  constructor(container: Doc, name: string) {
    this.container = container;
    this.name = name;
  }

  get(): Value | undefined {
    return this.container.get(this.name);
  }

  set(value: Value): void {
    this.container.set(this.name, value);
  }

  remove(): void {
    this.container.delete(this.name);
  }
}

class ElementSlot implements Slot {
  readonly name: string;
  private readonly container: Value[];
  private readonly index: number;

  constructor(container: Value[], name: string, index: number) {
    this.container = container;
    this.name = name;
    this.index = index;
  }

  get(): Value | undefined {
    return this.container[this.index];
  }

  set(value: Value): void {
    const { container, index } = this;
    if (index - container.length > MOST_FILLED) throw badValue(`can't backfill more than ${MOST_FILLED} elements`);
    while (container.length < index) container.push(null);
    container[index] = value;
  }

  remove(): void {
    if (this.index < this.container.length) this.container[this.index] = null;
  }
}
