import { compileExpression } from '../aggregate/expression.ts';
import { truthy } from '../aggregate/operands.ts';
import { split } from '../bson/path.ts';
import { type Doc, isDoc, Regex, type Value } from '../bson/values.ts';
import { badValue, ServerError, typeMismatch } from '../errors.ts';
import type { Filter, FilterOptions, Node, Predicate } from './filter.ts';
import { elementPredicate, equalTo, isOperators, predicatesOf } from './predicates.ts';

/** Compiles a filter document. Unknown operators are refused with code 2. */
export function compileFilter(filter: Doc, options: FilterOptions = {}): Filter {
  const children = nodesOf(filter, options);
  const root = { kind: 'and', children } as const;
  return { root, isEmpty: children.length === 0, test: testerOf(root) };
}

/** The fields of a DBRef, the only ones with a `$` that a filter may name. */
const DBREF_FIELDS: ReadonlySet<string> = new Set(['$ref', '$id', '$db']);

function nodesOf(filter: Doc, options: FilterOptions): Node[] {
  const nodes: Node[] = [];
  for (const [name, value] of filter) {
    if (name.startsWith('$') && !DBREF_FIELDS.has(name)) nodes.push(...topLevel(name, value, options));
    else if (isOperators(value)) nodes.push(...operatorNodes(name, value, options));
    else if (value instanceof Regex) nodes.push(...operatorNodes(name, new Map([['$regex', value]]), options));
    else nodes.push(leafNode(name, split(name), equalTo(value, options)));
  }
  return nodes;
}

function operatorNodes(path: string, operators: Doc, options: FilterOptions): Node[] {
  const parts = split(path);
  const predicates = predicatesOf(operators, { ...options, nested: compileFilter });
  return predicates.map((predicate) => leafNode(path, parts, predicate));
}

function leafNode(path: string, parts: readonly string[], predicate: Predicate): Node {
  return { kind: 'leaf', leaf: { path, parts, predicate } };
}

function topLevel(name: string, value: Value, options: FilterOptions): Node[] {
  switch (name) {
    case '$and':
    case '$or':
    case '$nor':
      return [{ kind: name.slice(1) as 'and' | 'or' | 'nor', children: branches(name, value, options) }];
    case '$comment':
      return [];
    case '$expr':
      return [expressionNode(value, options)];
    case '$alwaysTrue':
      return [{ kind: 'and', children: [] }];
    case '$alwaysFalse':
      return [{ kind: 'or', children: [] }];
    case '$text':
      throw new ServerError(27, 'text index required for $text query');
    case '$where':
      throw new ServerError(6108304, 'no globalScriptEngine in $where parsing');
    default:
      throw badValue(
        `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      );
  }
}

function branches(name: string, value: Value, options: FilterOptions): Node[] {
  if (!Array.isArray(value)) throw badValue(`${name} must be an array`);
  if (value.length === 0) throw badValue('$and/$or/$nor must be a nonempty array');
  return value.map((item) => {
    if (!isDoc(item)) throw badValue('$or/$and/$nor entries need to be full objects');
    return { kind: 'and', children: nodesOf(item, options) };
  });
}

function expressionNode(value: Value, options: FilterOptions): Node {
  const variables = options.variables ?? null;
  const expression = compileExpression(value, variables);
  return { kind: 'expression', test: (root) => truthy(expression(root, variables)) };
}

function testerOf(node: Node): (root: Value) => boolean {
  if (node.kind === 'leaf') {
    const { parts, predicate } = node.leaf;
    return (root) => predicate.test(root, parts);
  }
  if (node.kind === 'expression') return node.test;
  const tests = node.children.map(testerOf);
  if (node.kind === 'and') {
    if (tests.length === 1) return tests[0] as (root: Value) => boolean;
    return (root) => tests.every((test) => test(root));
  }
  if (node.kind === 'or') return (root) => tests.some((test) => test(root));
  return (root) => !tests.some((test) => test(root));
}

/** A filter document given to a command; nothing is the empty filter. */
export function filterDocument(value: Value | undefined, field: string): Doc {
  if (value === undefined || value === null) return new Map();
  if (!isDoc(value)) throw typeMismatch(`BSON field '${field}' is the wrong type, expected type 'object'`);
  return value;
}

/** A test of array elements as `$pull` means it: operators on the element, a filter on documents, else equality. */
export function elementTest(condition: Value, options: FilterOptions = {}): (item: Value) => boolean {
  return elementPredicate(condition, { ...options, nested: compileFilter });
}
