import { type Doc, isDoc, Regex, typeName, type Value } from '#embedded-mongodb/bson/values.ts';
import {
  ACCUMULATOR_OPERATORS,
  COMMAND_FIELDS,
  COMMON_FIELDS,
  EXPRESSIONS,
  FILTER_OPERATORS,
  INDEX_OPTIONS,
  PARTIAL_OPERATORS,
  PROJECTION_OPERATORS,
  PUSH_PARTS,
  STAGES,
  UPDATE_OPERATORS,
} from '#embedded-mongodb/subset.ts';

// Reads what a command asks for and names all of it that the documented subset does not hold.

type Note = (what: string) => void;

/** What of a command stands outside the subset, each in words. */
export function outside(body: Doc): string[] {
  const found: string[] = [];
  command(body, (what) => found.push(what));
  return found;
}

function command(body: Doc, note: Note): void {
  const [name = ''] = body.keys();
  const fields = COMMAND_FIELDS[name];
  if (fields === undefined) note(`command ${name}`);
  for (const field of fields === undefined ? [] : body.keys())
    if (
      fields !== null &&
      fields !== undefined &&
      field !== name &&
      !COMMON_FIELDS.has(field) &&
      !fields.includes(field)
    )
      note(`field ${field} of ${name}`);
  filter(body.get('filter') ?? body.get('query'), note);
  projection(body.get('projection') ?? body.get('fields'), note);
  pipeline(body.get('pipeline'), note);
  if (body.has('update') && name !== 'update') update(body.get('update'), note);
  for (const each of docs(body.get('updates'))) {
    filter(each.get('q'), note);
    update(each.get('u'), note);
    for (const condition of docs(each.get('arrayFilters'))) filter(condition, note);
  }
  for (const each of docs(body.get('deletes'))) filter(each.get('q'), note);
  for (const each of docs(body.get('indexes'))) index(each, note);
  const explained = body.get('explain');
  if (isDoc(explained)) command(explained, note);
}

function docs(value: Value | undefined): Doc[] {
  return Array.isArray(value) ? value.filter(isDoc) : [];
}

function isOperators(value: Value | undefined): value is Doc {
  return isDoc(value) && [...value.keys()][0]?.startsWith('$') === true;
}

function filter(value: Value | undefined, note: Note): void {
  if (!isDoc(value)) return;
  for (const [name, arg] of value) {
    if (!name.startsWith('$')) operators(arg, note);
    else if (!FILTER_OPERATORS.has(name)) note(`filter operator ${name}`);
    else if (name === '$expr') expression(arg, note);
    else for (const branch of docs(arg)) filter(branch, note);
  }
}

function operators(value: Value, note: Note): void {
  if (!isOperators(value)) return;
  for (const [name, arg] of value) {
    if (!FILTER_OPERATORS.has(name)) note(`filter operator ${name}`);
    if (name === '$not') operators(arg, note);
    if (name === '$elemMatch') isOperators(arg) ? operators(arg, note) : filter(arg, note);
  }
}

function update(value: Value | undefined, note: Note): void {
  if (Array.isArray(value)) pipeline(value, note);
  if (!isOperators(value)) return;
  for (const [name, fields] of value) {
    if (!UPDATE_OPERATORS.has(name)) note(`update operator ${name}`);
    if (name !== '$push' && name !== '$addToSet') continue;
    for (const arg of isDoc(fields) ? fields.values() : [])
      if (isOperators(arg)) for (const part of arg.keys()) if (!PUSH_PARTS.has(part)) note(`${part} of ${name}`);
  }
}

function projection(value: Value | undefined, note: Note): void {
  if (!isDoc(value)) return;
  for (const arg of value.values()) {
    const [name = ''] = isDoc(arg) ? arg.keys() : [];
    if (isDoc(arg) && PROJECTION_OPERATORS.has(name) && arg.size === 1) continue;
    expression(arg, note);
  }
}

function pipeline(value: Value | undefined, note: Note): void {
  for (const each of docs(value)) for (const [name, arg] of each) stage(name, arg, note);
}

function stage(name: string, arg: Value, note: Note): void {
  if (!STAGES.has(name)) note(`stage ${name}`);
  else if (name === '$match') filter(arg, note);
  else if (name === '$project') projection(arg, note);
  else if (name === '$group') group(arg, note);
  else if (name === '$facet') for (const stages of isDoc(arg) ? arg.values() : []) pipeline(stages, note);
  else if (isDoc(arg) && arg.has('pipeline')) pipeline(arg.get('pipeline'), note);
  else if (name !== '$sort' && name !== '$unwind' && name !== '$unset') expression(arg, note);
}

function group(arg: Value, note: Note): void {
  for (const [field, value] of isDoc(arg) ? arg : []) {
    if (field === '_id') expression(value, note);
    else
      for (const [name, of] of isDoc(value) ? value : []) {
        if (!ACCUMULATOR_OPERATORS.has(name)) note(`accumulator ${name}`);
        expression(of, note);
      }
  }
}

function expression(value: Value | undefined, note: Note): void {
  if (Array.isArray(value)) for (const item of value) expression(item, note);
  if (!isDoc(value)) return;
  for (const [name, arg] of value) {
    if (name.startsWith('$') && !EXPRESSIONS.has(name)) note(`expression ${name}`);
    if (name !== '$literal') expression(arg, note);
  }
}

function index(spec: Doc, note: Note): void {
  for (const option of spec.keys()) if (!INDEX_OPTIONS.has(option)) note(`index option ${option}`);
  for (const [path, direction] of (spec.get('key') as Doc | undefined) ?? [])
    if (typeof direction === 'string' || path.includes('$')) note(`index kind ${path}: ${String(direction)}`);
  const partial = spec.get('partialFilterExpression');
  for (const value of isDoc(partial) ? partial.values() : [])
    if (isOperators(value))
      for (const name of value.keys()) if (!PARTIAL_OPERATORS.has(name)) note(`${name} in a partial index`);
}

/** A filter or a pipeline with types in the place of values. */
export function skeleton(value: Value | undefined): string {
  if (value === undefined) return '';
  if (value instanceof Regex) return 'regex';
  if (Array.isArray(value)) return `[${[...new Set(value.map(skeleton))].join(', ')}]`;
  if (isDoc(value)) return `{${[...value].map(([name, item]) => `${name}: ${skeleton(item)}`).join(', ')}}`;
  return typeName(value);
}

/** What a command reads by: its filter, its sort or its pipeline, without values. */
export function shapeOf(body: Doc): string {
  const parts = ['filter', 'query', 'sort', 'pipeline', 'key'].filter((name) => body.has(name));
  const lists = [...docs(body.get('updates')), ...docs(body.get('deletes'))].map((each) => skeleton(each.get('q')));
  return [...parts.map((name) => `${name} ${skeleton(body.get(name))}`), ...new Set(lists)].join(' ');
}
