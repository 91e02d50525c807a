import { type Doc, isDoc, typeName, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import { compileProjection } from '../shape/projection.ts';
import { compileExpression } from './expression.ts';
import type { Expression, Variables } from './operator.ts';

/** A stage that makes one document of one document, without changing the one it is given. */
export type Transform = (document: Doc) => Doc;

/** The name and argument of a stage. Code 40323 when it is not a document of one field. */
export function stageOf(stage: Value): readonly [string, Value] {
  if (!isDoc(stage)) throw new ServerError(14, 'Each element of the pipeline array must be an object');
  const [entry, ...more] = stage;
  if (entry === undefined || more.length > 0)
    throw new ServerError(40323, 'A pipeline stage specification object must contain exactly one field.');
  return entry;
}

/** The transform of a stage, null when the stage is none. */
export function transformOf(name: string, arg: Value, variables: Variables): Transform | null {
  switch (name) {
    case '$addFields':
    case '$set':
      return addFields(name, arg, variables);
    case '$unset':
      return unset(arg, variables);
    case '$project':
      return project(arg, variables);
    case '$replaceRoot':
      if (!isDoc(arg) || !arg.has('newRoot'))
        throw new ServerError(40231, 'no newRoot specified for the $replaceRoot stage');
      return replaceRoot(arg.get('newRoot') as Value, variables);
    case '$replaceWith':
      return replaceRoot(arg, variables);
    default:
      return null;
  }
}

/** The transforms of an update given as a pipeline. Other stages are refused with code 72. */
export function compileTransforms(stages: readonly Value[], variables: Variables): Transform {
  const transforms = stages.map((stage) => {
    const [name, arg] = stageOf(stage);
    const transform = transformOf(name, arg, variables);
    if (transform === null) throw new ServerError(72, `${name} is not allowed to be used within an update`);
    return transform;
  });
  return (document) => transforms.reduce((each, transform) => transform(each), document);
}

function project(arg: Value, variables: Variables): Transform {
  if (!isDoc(arg)) throw new ServerError(15969, '$project specification must be an object');
  if (arg.size === 0) throw new ServerError(51272, 'projection specification must have at least one field');
  return compileProjection(arg, { variables }) ?? ((document) => document);
}

function unset(arg: Value, variables: Variables): Transform {
  const paths = Array.isArray(arg) ? arg : [arg];
  if (paths.length === 0 || !paths.every((path) => typeof path === 'string'))
    throw new ServerError(31002, '$unset specification must be a string or an array of strings');
  const spec: Doc = new Map(paths.map((path) => [path as string, 0]));
  return compileProjection(spec, { variables }) ?? ((document) => document);
}

function replaceRoot(arg: Value, variables: Variables): Transform {
  const expression = compileExpression(arg, variables);
  return (document) => {
    const value = expression(document, variables);
    if (!isDoc(value))
      throw new ServerError(
        40228,
        `'newRoot' expression must evaluate to an object, but resulting value was: ${typeName(value)}`,
      );
    return value;
  };
}

type Fields = Map<string, Expression | Fields>;

function addFields(name: string, arg: Value, variables: Variables): Transform {
  if (!isDoc(arg)) throw new ServerError(40272, `${name} specification stage must be an object, got ${typeName(arg)}`);
  const fields: Fields = new Map();
  for (const [path, value] of arg) addPath(fields, path.split('.'), value, variables);
  return (document) => addTo(document, fields, document, variables);
}

function addPath(fields: Fields, parts: readonly string[], value: Value, variables: Variables): void {
  const [part = '', ...rest] = parts;
  if (part === '' || part.startsWith('$'))
    throw new ServerError(16410, `FieldPath field names may not start with '$' or be empty`);
  const found = fields.get(part);
  const isNested = isDoc(value) && value.size > 0 && ![...value.keys()].some((key) => key.startsWith('$'));
  if (rest.length === 0 && !isNested) {
    if (found !== undefined) throw new ServerError(40176, `specification contains two conflicting paths`);
    fields.set(part, compileExpression(value, variables));
    return;
  }
  if (typeof found === 'function') throw new ServerError(40176, `specification contains two conflicting paths`);
  const inner: Fields = found ?? new Map();
  fields.set(part, inner);
  if (rest.length > 0) addPath(inner, rest, value, variables);
  else for (const [key, item] of value as Doc) addPath(inner, key.split('.'), item, variables);
}

function addTo(document: Doc, fields: Fields, root: Doc, variables: Variables): Doc {
  const out: Doc = new Map(document);
  for (const [name, field] of fields) {
    const value =
      typeof field === 'function' ? field(root, variables) : addInside(document.get(name), field, root, variables);
    if (value === undefined) out.delete(name);
    else out.set(name, value);
  }
  return out;
}

function addInside(value: Value | undefined, fields: Fields, root: Doc, variables: Variables): Value {
  if (Array.isArray(value)) return value.map((item) => addInside(item, fields, root, variables));
  return addTo(isDoc(value) ? value : new Map(), fields, root, variables);
}
