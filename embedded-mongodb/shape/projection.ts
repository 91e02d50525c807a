import { compileExpression } from '../aggregate/expression.ts';
import type { Expression, Variables } from '../aggregate/operator.ts';
import { isNumber, toDouble, toInteger } from '../bson/numbers.ts';
import { type Doc, isDoc, type Value } from '../bson/values.ts';
import { badValue, ServerError } from '../errors.ts';
import type { Filter } from '../query/filter.ts';
import { elementTest } from '../query/match.ts';
import { matchedIndex } from '../update/positional.ts';

/** What a projection needs to be compiled; `filter` and the find-only operators are for `find` and findAndModify. */
export interface ProjectionOptions {
  readonly variables: Variables;
  readonly find?: { readonly filter: Filter };
}

/** Turns a document into its projection; the result shares parts with the original. */
export type Projection = (document: Doc) => Doc;

type Node =
  | { readonly kind: 'keep' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'computed'; readonly expression: Expression; readonly variables: Variables }
  | {
      readonly kind: 'array';
      readonly shape: (items: Value[], root: Doc) => Value | undefined;
      readonly needsArray: boolean;
    }
  | { readonly kind: 'nested'; readonly fields: Map<string, Node> };

interface Parsing {
  readonly options: ProjectionOptions;
  readonly root: Map<string, Node>;
  /** Which mode the fields so far demand; null as long as none does. */
  mode: 'include' | 'exclude' | null;
  positional: boolean;
}

/** Compiles a projection. Mixed inclusion and exclusion is refused with 31253 and 31254. Null: nothing to do. */
export function compileProjection(value: Value | undefined, options: ProjectionOptions): Projection | null {
  if (value === undefined) return null;
  if (!isDoc(value))
    throw new ServerError(14, "BSON field 'find.projection' is the wrong type, expected type 'object'");
  if (value.size === 0) return null;
  const parsing: Parsing = { options, root: new Map(), mode: null, positional: false };
  for (const [path, spec] of value) field(parsing, path, spec);
  const includes = (parsing.mode ?? (parsing.root.get('_id')?.kind === 'keep' ? 'include' : 'exclude')) === 'include';
  if (includes && !parsing.root.has('_id')) parsing.root.set('_id', { kind: 'keep' });
  const { root } = parsing;
  return (document) => (includes ? include(document, root, document) : exclude(document, root, document));
}

function field(parsing: Parsing, path: string, spec: Value): void {
  if (path === '') throw new ServerError(40352, 'FieldPath cannot be constructed with empty string');
  if (path.endsWith('.$')) {
    positional(parsing, path.slice(0, -2));
    return;
  }
  const simple = typeof spec === 'boolean' ? spec : isNumber(spec) ? toDouble(spec) !== 0 : null;
  if (simple !== null) {
    if (path !== '_id') demand(parsing, simple ? 'include' : 'exclude', path);
    place(parsing.root, path, { kind: simple ? 'keep' : 'drop' });
    return;
  }
  if (isDoc(spec) && parsing.options.find !== undefined && arrayOperator(parsing, path, spec)) return;
  if (isDoc(spec) && ![...spec.keys()].some((name) => name.startsWith('$'))) {
    if (spec.size === 0)
      throw new ServerError(51270, `An empty sub-projection is not a valid value. Found empty object at path`);
    for (const [name, inner] of spec) field(parsing, `${path}.${name}`, inner);
    return;
  }
  if (parsing.mode === 'exclude') throw new ServerError(31252, `Cannot use expression in exclusion projection`);
  parsing.mode = 'include';
  const { variables } = parsing.options;
  place(parsing.root, path, { kind: 'computed', expression: compileExpression(spec, variables), variables });
}

function demand(parsing: Parsing, mode: 'include' | 'exclude', path: string): void {
  if (parsing.mode !== null && parsing.mode !== mode) {
    if (mode === 'include')
      throw new ServerError(31253, `Cannot do inclusion on field ${path} in exclusion projection`);
    throw new ServerError(31254, `Cannot do exclusion on field ${path} in inclusion projection`);
  }
  parsing.mode = mode;
}

function place(root: Map<string, Node>, path: string, node: Node): void {
  const parts = path.split('.');
  let fields = root;
  for (const [i, part] of parts.entries()) {
    if (part === '' || part.startsWith('$'))
      throw new ServerError(16410, `FieldPath field names may not start with '$' or be empty`);
    const found = fields.get(part);
    if (i === parts.length - 1) {
      if (found !== undefined) throw new ServerError(31250, `Path collision at ${path}`);
      fields.set(part, node);
      return;
    }
    if (found !== undefined && found.kind !== 'nested')
      throw new ServerError(31249, `Path collision at ${path} remaining portion ${parts.slice(i + 1).join('.')}`);
    const next = found ?? { kind: 'nested', fields: new Map() };
    fields.set(part, next);
    fields = next.fields;
  }
}

function arrayOperator(parsing: Parsing, path: string, spec: Doc): boolean {
  const [name] = spec.keys();
  if (name === '$slice' && spec.size === 1) {
    const shape = sliceOf(spec.get('$slice') as Value);
    if (shape === null) return false;
    // `$slice` alone keeps the sibling fields; beside an inclusion it includes its own.
    place(parsing.root, path, { kind: 'array', shape, needsArray: false });
    return true;
  }
  if (name !== '$elemMatch' || spec.size !== 1) return false;
  const condition = spec.get('$elemMatch') as Value;
  if (!isDoc(condition)) throw badValue('elemMatch: Invalid argument, object required');
  if (path.includes('.')) throw new ServerError(31275, 'Cannot use $elemMatch projection on a nested field.');
  demand(parsing, 'include', path);
  const test = elementTest(condition);
  const shape = (items: Value[]): Value | undefined => {
    const found = items.find((item) => test(item));
    return found === undefined ? undefined : [found];
  };
  place(parsing.root, path, { kind: 'array', shape, needsArray: true });
  return true;
}

function sliceOf(arg: Value): ((items: Value[]) => Value) | null {
  if (!Array.isArray(arg)) {
    const count = toInteger(arg);
    if (count === undefined)
      throw new ServerError(28667, 'Invalid $slice syntax. The given syntax did not match the find() syntax');
    return (items) => (count < 0 ? items.slice(count) : items.slice(0, count));
  }
  const [skip, limit] = arg.map((item) => toInteger(item));
  if (arg.length !== 2 || skip === undefined || limit === undefined) return null;
  if (limit <= 0)
    throw new ServerError(28724, 'First argument to $slice must be an array, or the limit must be positive');
  return (items) => {
    const from = skip < 0 ? Math.max(0, items.length + skip) : skip;
    return items.slice(from, from + limit);
  };
}

function positional(parsing: Parsing, path: string): void {
  const filter = parsing.options.find?.filter;
  if (filter === undefined) throw new ServerError(31324, 'Cannot use positional projection in aggregation projection');
  if (parsing.positional) throw new ServerError(31276, 'Cannot specify more than one positional projection per query.');
  parsing.positional = true;
  demand(parsing, 'include', path);
  const parts = path.split('.');
  const shape = (items: Value[], root: Doc): Value => {
    const item = items[matchedIndex(root, filter)(parts)];
    return item === undefined ? [] : [item];
  };
  place(parsing.root, path, { kind: 'array', shape, needsArray: false });
}

/** Keeps the named fields in the document's order; computed ones that are new follow in the projection's order. */
function include(document: Doc, fields: Map<string, Node>, root: Doc): Doc {
  const out: Doc = new Map();
  for (const [name, value] of document) {
    const node = fields.get(name);
    if (node === undefined || node.kind === 'computed') continue;
    const kept = includeValue(value, node, root);
    if (kept !== undefined) out.set(name, kept);
  }
  addComputed(out, document, fields, root);
  return out;
}

function includeValue(value: Value, node: Node, root: Doc): Value | undefined {
  if (node.kind === 'keep') return value;
  if (node.kind === 'drop' || node.kind === 'computed') return undefined;
  if (node.kind === 'array') return shaped(value, node, root);
  if (isDoc(value)) return include(value, node.fields, root);
  if (Array.isArray(value)) return value.flatMap((item) => keepList(includeValue(item, node, root)));
  return undefined;
}

function keepList(value: Value | undefined): Value[] {
  return value === undefined ? [] : [value];
}

function addComputed(out: Doc, document: Doc, fields: Map<string, Node>, root: Doc): void {
  for (const [name, node] of fields) {
    if (node.kind === 'computed') {
      const value = node.expression(root, node.variables);
      if (value !== undefined) out.set(name, value);
    } else if (node.kind === 'nested' && !out.has(name) && hasComputed(node) && !Array.isArray(document.get(name))) {
      const made: Doc = new Map();
      addComputed(made, new Map(), node.fields, root);
      if (made.size > 0) out.set(name, made);
    }
  }
}

function hasComputed(node: Node): boolean {
  return node.kind === 'computed' || (node.kind === 'nested' && [...node.fields.values()].some(hasComputed));
}

function exclude(document: Doc, fields: Map<string, Node>, root: Doc): Doc {
  const out: Doc = new Map();
  for (const [name, value] of document) {
    const node = fields.get(name);
    const kept = node === undefined ? value : excludeValue(value, node, root);
    if (kept !== undefined) out.set(name, kept);
  }
  return out;
}

function excludeValue(value: Value, node: Node, root: Doc): Value | undefined {
  if (node.kind === 'drop' || node.kind === 'computed') return undefined;
  if (node.kind === 'keep') return value;
  if (node.kind === 'array') return shaped(value, node, root);
  if (isDoc(value)) return exclude(value, node.fields, root);
  if (Array.isArray(value)) return value.map((item) => excludeValue(item, node, root) ?? item);
  return value;
}

function shaped(value: Value, node: Node & { kind: 'array' }, root: Doc): Value | undefined {
  if (Array.isArray(value)) return node.shape(value, root);
  return node.needsArray ? undefined : value;
}
