import { compare, equal, ORDER, orderOf } from '../bson/compare.ts';
import { hashOf } from '../bson/key.ts';
import { isNumber, toDouble, toInteger } from '../bson/numbers.ts';
import { type Doc, isDoc, Regex, TYPE, typeOf, type Value } from '../bson/values.ts';
import { badValue, ServerError } from '../errors.ts';
import { conjunction, leaf, negated, type Single } from './combine.ts';
import type { Filter, FilterOptions, Predicate } from './filter.ts';
import { regexTester } from './regex.ts';

/** Filter options plus the compiler of filters, which `$elemMatch` needs and which itself needs this file. */
export interface PredicateOptions extends FilterOptions {
  readonly nested: (filter: Doc, options: FilterOptions) => Filter;
}

/** Whether a value is a document of operators such as `{$gt: 1}`; `$ref` and `$id` belong to a reference. */
export function isOperators(value: Value | undefined): value is Doc {
  if (!isDoc(value)) return false;
  const first = value.keys().next().value;
  return first?.startsWith('$') === true && first !== '$ref' && first !== '$id' && first !== '$db';
}

/** The predicates of a document of operators, in its order. */
export function predicatesOf(operators: Doc, options: PredicateOptions): Predicate[] {
  const out: Predicate[] = [];
  for (const [op, arg] of operators) {
    if (op === '$options') {
      if (!operators.has('$regex')) throw badValue('$options needs a $regex');
    } else if (op !== '$comment') out.push(predicate(op, arg, operators, options));
  }
  return out;
}

function predicate(op: string, arg: Value, operators: Doc, options: PredicateOptions): Predicate {
  switch (op) {
    case '$eq':
      return equalTo(arg, options);
    case '$ne':
      if (arg instanceof Regex) throw badValue("Can't have regex as arg to $ne.");
      return negated(op, arg, equalTo(arg, options));
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      if (arg instanceof Regex) throw badValue(`Can't have RegEx as arg to predicate over field.`);
      return leaf(op, arg, comparison(op, arg, options), true);
    case '$in':
      return leaf(op, arg, membership(op, arg, options), true);
    case '$nin':
      return negated(op, arg, leaf('$in', arg, membership(op, arg, options), true));
    case '$exists':
      return existence(arg);
    case '$not':
      return negation(arg, options);
    case '$regex':
      return leaf(op, regexOf(arg, operators), regexSingle(regexOf(arg, operators)), true);
    default:
      return otherPredicate(op, arg, options);
  }
}

function otherPredicate(op: string, arg: Value, options: PredicateOptions): Predicate {
  switch (op) {
    case '$type':
      return leaf(op, arg, typeSingle(arg), true);
    case '$mod':
      return leaf(op, arg, modulo(arg), true);
    case '$size':
      return leaf(op, arg, sizeSingle(arg), false);
    case '$all':
      return all(arg, options);
    case '$elemMatch':
      return leaf(op, arg, elemMatch(arg, options), false);
    case '$near':
    case '$nearSphere':
      throw new ServerError(291, `error processing query: unable to find index for ${op} query`);
    default:
      throw badValue(`unknown operator: ${op}`);
  }
}

/** `$eq`. */
export function equalTo(arg: Value, options: FilterOptions): Predicate {
  return leaf('$eq', arg, equality(arg, options), true);
}

/** Equality with one value; null also means missing. */
export function equality(arg: Value, options: FilterOptions): Single {
  const { collation } = options;
  if (typeof arg === 'string') {
    if (collation) return (value) => typeof value === 'string' && collation(value, arg) === 0;
    return (value) => value === arg;
  }
  if (arg === null) return (value) => value === undefined || value === null || orderOf(value) === ORDER.undefined;
  if (typeof arg === 'boolean') return (value) => value === arg;
  return (value) => value !== undefined && equal(value, arg);
}

function isNaNValue(value: Value | undefined): boolean {
  return isNumber(value) && Number.isNaN(toDouble(value));
}

function comparison(op: string, arg: Value, options: PredicateOptions): Single {
  const holds = {
    $gt: (n: number) => n > 0,
    $gte: (n: number) => n >= 0,
    $lt: (n: number) => n < 0,
    $lte: (n: number) => n <= 0,
  }[op] as (n: number) => boolean;
  const order = orderOf(arg);
  // NaN compares with nothing but itself.
  if (isNaNValue(arg)) return (value) => (op === '$gte' || op === '$lte') && isNaNValue(value);
  if (order === ORDER.minKey || order === ORDER.maxKey)
    return (value) => holds(compare(value, arg)) && value !== undefined;
  const { collation } = options;
  return (value) => {
    if (value === undefined) return arg === null && holds(0);
    if (orderOf(value) !== order) return false;
    if (collation && typeof value === 'string' && typeof arg === 'string') return holds(collation(value, arg));
    return holds(compare(value, arg)) && !isNaNValue(value);
  };
}

function membership(op: string, arg: Value, options: PredicateOptions): Single {
  if (!Array.isArray(arg)) throw badValue(`${op} needs an array`);
  const regexes: Single[] = [];
  const hashes = new Set<string>();
  const collated: Single[] = [];
  let hasNull = false;
  for (const item of arg) {
    if (isOperators(item)) throw badValue(`cannot nest $ under ${op}`);
    if (item instanceof Regex) regexes.push(regexSingle(item));
    else if (item === null) hasNull = true;
    else if (options.collation && typeof item === 'string') collated.push(equality(item, options));
    else hashes.add(hashOf(item));
  }
  return (value) => {
    if (value === undefined || value === null) return hasNull;
    if (hashes.size > 0 && hashes.has(hashOf(value))) return true;
    return regexes.some((test) => test(value)) || collated.some((test) => test(value));
  };
}

function existence(arg: Value): Predicate {
  const wanted = !(arg === false || arg === null || (isNumber(arg) && toDouble(arg) === 0));
  const exists = leaf('$exists', wanted, (value) => value !== undefined, false);
  return wanted ? exists : negated('$exists', false, exists);
}

function negation(arg: Value, options: PredicateOptions): Predicate {
  if (arg instanceof Regex) return negated('$not', arg, leaf('$regex', arg, regexSingle(arg), true));
  if (!isDoc(arg)) throw badValue('$not needs a regex or a document');
  if (arg.size === 0) throw badValue('$not cannot be empty');
  const [first = ''] = arg.keys();
  if (!isOperators(arg)) throw badValue(`unknown operator: ${first}`);
  return negated('$not', arg, conjunction('$and', arg, predicatesOf(arg, options)));
}

function regexOf(arg: Value, operators: Doc): Regex {
  const options = operators.get('$options');
  if (options !== undefined && typeof options !== 'string') throw badValue('$options has to be a string');
  if (arg instanceof Regex) {
    if (options !== undefined && arg.options !== '')
      throw new ServerError(51074, 'options set in both $regex and $options');
    return new Regex(arg.pattern, options ?? arg.options);
  }
  if (typeof arg !== 'string') throw badValue('$regex has to be a string');
  return new Regex(arg, options ?? '');
}

function regexSingle(regex: Regex): Single {
  const matches = regexTester(regex);
  return (value) => (typeof value === 'string' ? matches(value) : value instanceof Regex && equal(value, regex));
}

function typeSingle(arg: Value): Single {
  const wanted = new Set<number>();
  for (const item of Array.isArray(arg) ? arg : [arg]) {
    if (item === 'number') for (const type of [TYPE.double, TYPE.int, TYPE.long, TYPE.decimal]) wanted.add(type);
    else wanted.add(typeCode(item));
  }
  if (wanted.size === 0) throw new ServerError(9, '$type must match at least one type');
  return (value) => value !== undefined && wanted.has(typeOf(value));
}

function typeCode(item: Value): number {
  if (typeof item === 'string') {
    const code = Object.hasOwn(TYPE, item) ? TYPE[item as keyof typeof TYPE] : undefined;
    if (code === undefined) throw badValue(`Unknown type name alias: ${item}`);
    return code;
  }
  const code = toInteger(item);
  if (code === undefined) throw new ServerError(14, 'type must be represented as a number or a string');
  if (!Object.values(TYPE).some((known) => known === code)) throw badValue(`Invalid numerical type code: ${code}`);
  return code;
}

function modulo(arg: Value): Single {
  if (!Array.isArray(arg)) throw badValue('malformed mod, needs to be an array');
  if (arg.length < 2) throw badValue('malformed mod, not enough elements');
  if (arg.length > 2) throw badValue('malformed mod, too many elements');
  const [divisor, remainder] = arg.map((item) => (isNumber(item) ? Math.trunc(toDouble(item)) : Number.NaN));
  if (divisor === undefined || remainder === undefined || !Number.isFinite(divisor))
    throw badValue('malformed mod, divisor not a number');
  if (divisor === 0) throw badValue('divisor cannot be 0');
  return (value) =>
    isNumber(value) && Number.isFinite(toDouble(value)) && Math.trunc(toDouble(value)) % divisor === remainder;
}

function sizeSingle(arg: Value): Single {
  const size = toInteger(arg);
  if (size === undefined) throw badValue(`Failed to parse $size. Expected an integer`);
  if (size < 0) throw badValue('Failed to parse $size. Expected a non-negative number');
  return (value) => Array.isArray(value) && value.length === size;
}

function all(arg: Value, options: PredicateOptions): Predicate {
  if (!Array.isArray(arg)) throw badValue('$all needs an array');
  if (arg.length === 0) return leaf('$all', arg, () => false, false);
  const parts = arg.map((item) => {
    if (isDoc(item) && item.has('$elemMatch'))
      return predicate('$elemMatch', item.get('$elemMatch') as Value, item, options);
    if (isOperators(item)) throw badValue('no $ expressions in $all');
    return item instanceof Regex
      ? leaf('$regex', item, regexSingle(item), true)
      : leaf('$eq', item, equality(item, options), true);
  });
  return conjunction('$all', arg, parts);
}

const LOGICAL = new Set(['$and', '$or', '$nor', '$expr', '$where']);

/** Operators on a value itself, as against a filter that starts with `$and` and its kin. */
function isOperatorList(value: Doc): boolean {
  const first = value.keys().next().value ?? '';
  return isOperators(value) && !LOGICAL.has(first);
}

function elemMatch(arg: Value, options: PredicateOptions): Single {
  if (!isDoc(arg)) throw badValue('$elemMatch needs an Object');
  if (isOperatorList(arg)) {
    const predicates = predicatesOf(arg, options);
    return (value) => Array.isArray(value) && value.some((item) => predicates.every((each) => each.single(item)));
  }
  const filter = options.nested(arg, options);
  return (value) =>
    Array.isArray(value) && value.some((item: Value) => (isDoc(item) || Array.isArray(item)) && filter.test(item));
}

/** A test of array elements as `$pull` means it: operators on the element, a filter on documents, else equality. */
export function elementPredicate(condition: Value, options: PredicateOptions): (item: Value) => boolean {
  if (condition instanceof Regex) return regexSingle(condition);
  if (!isDoc(condition)) return equality(condition, options);
  if (isOperatorList(condition)) {
    const predicates = predicatesOf(condition, options);
    return (item) =>
      predicates.every(
        (each) => each.single(item) || (Array.isArray(item) && item.some((inner) => each.single(inner))),
      );
  }
  const filter = options.nested(condition, options);
  return (item) => isDoc(item) && filter.test(item);
}
