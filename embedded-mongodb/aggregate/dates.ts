import { toInteger } from '../bson/numbers.ts';
import { doc, isDoc, UtcDate, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import { type Args, DAY_MS, dayOfYear, floorTo, instantOf, isoDayOf, isoWeekOf, weekOf } from './calendar.ts';
import { dateFromString, dateToString } from './date-text.ts';
import { isNullish, namedParts, operands } from './operands.ts';
import type { Expression, Operator, Variables } from './operator.ts';
import { fromWall, toWall, utc, wallTime, type Zone, zoneOf } from './zones.ts';

const UNIT_MS: Readonly<Record<string, number>> = { hour: 3_600_000, minute: 60_000, second: 1000, millisecond: 1 };
const UNIT_MONTHS: Readonly<Record<string, number>> = { year: 12, quarter: 3, month: 1 };
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** An operator whose argument is a document of named parts. Null when one of `nullable` is. */
function namedOperator(
  required: readonly string[],
  optional: readonly string[],
  nullable: readonly string[],
  run: (args: Args, name: string) => Value,
): Operator {
  return (arg, compiler, name) => {
    const parts = namedParts(arg, name, required, optional, (value) => compiler.compile(value));
    return (root, variables) => {
      const args = evaluated(parts, root, variables);
      return nullable.some((part) => parts.has(part) && isNullish(args(part))) ? null : run(args, name);
    };
  };
}

function evaluated(parts: ReadonlyMap<string, Expression>, root: Value | undefined, variables: Variables | null): Args {
  const values = new Map([...parts].map(([part, expression]) => [part, expression(root, variables)]));
  return (part) => values.get(part);
}

function zoneIn(args: Args): Zone {
  return zoneOf(args('timezone')) ?? utc();
}

/** A part of a wall-clock time: the argument is a date or `{ date, timezone }`. */
function partOf(part: (wall: Date) => Value): Operator {
  const named = namedOperator(['date'], ['timezone'], ['date', 'timezone'], (args, name) =>
    part(new Date(toWall(zoneIn(args), instantOf(args('date'), name)))),
  );
  return (arg, compiler, name) => {
    if (isDoc(arg) && arg.has('date')) return named(arg, compiler, name);
    const [only = null] = operands(arg);
    return named(doc({ date: only }), compiler, name);
  };
}

function truncated(args: Args, name: string): Value {
  const ms = instantOf(args('date'), name);
  const zone = zoneIn(args);
  const unit = unitOf(args('unit'), name);
  const size = args('binSize') === undefined ? 1 : toInteger(args('binSize'));
  if (size === undefined || size < 1) throw new ServerError(5439017, `${name} requires a positive 'binSize'`);
  const months = UNIT_MONTHS[unit];
  if (months !== undefined) {
    const wall = new Date(toWall(zone, ms));
    const since = (wall.getUTCFullYear() - 2000) * 12 + wall.getUTCMonth();
    return new UtcDate(fromWall(zone, wallTime(2000, 1 + floorTo(since, months * size), 1)));
  }
  if (unit === 'week' || unit === 'day') {
    const from = unit === 'day' ? wallTime(2000, 1, 1) : firstWeek(args('startOfWeek'), name);
    const days = (unit === 'day' ? 1 : 7) * size * DAY_MS;
    return new UtcDate(fromWall(zone, from + floorTo(toWall(zone, ms) - from, days)));
  }
  const from = fromWall(zone, wallTime(2000, 1, 1));
  return new UtcDate(from + floorTo(ms - from, (UNIT_MS[unit] as number) * size));
}

/** The first day of a week in 2000. Sunday when it is not said. */
function firstWeek(value: Value | undefined, name: string): number {
  const text = isNullish(value) ? 'sunday' : String(value).toLowerCase();
  const day = WEEKDAYS.findIndex((each) => each === text || each.slice(0, 3) === text);
  if (day < 0) throw new ServerError(5439015, `${name}: unknown 'startOfWeek': ${String(value)}`);
  // The first of January 2000 was a Saturday.
  return wallTime(2000, 1, 1 + ((day - 6 + 7) % 7));
}

function unitOf(value: Value | undefined, name: string): string {
  if (typeof value === 'string' && (value in UNIT_MS || value in UNIT_MONTHS || value === 'week' || value === 'day'))
    return value;
  throw new ServerError(9, `${name}: unknown time unit value: ${String(value)}`);
}

function moved(sign: number): Operator {
  const required = ['startDate', 'unit', 'amount'];
  return namedOperator(required, ['timezone'], [...required, 'timezone'], (args, name) => {
    const ms = instantOf(args('startDate'), name);
    const zone = zoneIn(args);
    const unit = unitOf(args('unit'), name);
    const amount = toInteger(args('amount'));
    if (amount === undefined) throw new ServerError(5166405, `${name} expects integer amount of time units`);
    const step = amount * sign;
    const fixed = UNIT_MS[unit];
    if (fixed !== undefined) return dateWithin(ms + step * fixed, name);
    const months = UNIT_MONTHS[unit];
    const wall = toWall(zone, ms);
    const days = unit === 'week' ? 7 : 1;
    const moved = dateWithin(months === undefined ? wall + step * days * DAY_MS : addMonths(wall, step * months), name);
    return dateWithin(fromWall(zone, moved.ms), name);
  });
}

/** The milliseconds, less a day, that a JavaScript date reaches from 1970 either way. */
const LAST_MS = 8_639_999_913_600_000;

function dateWithin(ms: number, name: string): UtcDate {
  if (Math.abs(ms) <= LAST_MS) return new UtcDate(ms);
  throw new ServerError(5166406, `${name} overflowed`);
}

/** The same day some months on, or the last one of a shorter month. */
function addMonths(wall: number, months: number): number {
  const date = new Date(wall);
  const month = date.getUTCMonth() + 1 + months;
  const last = new Date(wallTime(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const start = wallTime(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), last));
  return start + (wall - floorTo(wall, DAY_MS));
}

/** How many boundaries of the unit lie between two dates. */
function difference(args: Args, name: string): Value {
  const zone = zoneIn(args);
  const unit = unitOf(args('unit'), name);
  const week = unit === 'week' ? firstWeek(args('startOfWeek'), name) : 0;
  const place = (value: Value | undefined): number => {
    const ms = instantOf(value, name);
    const fixed = UNIT_MS[unit];
    // Hours of a zone whose clocks differ by half an hour begin at half past.
    if (fixed !== undefined) return Math.floor((ms + (zone.offsetAt(ms) % 3_600_000)) / fixed);
    const wall = new Date(toWall(zone, ms));
    const months = UNIT_MONTHS[unit];
    if (months !== undefined) return Math.floor((wall.getUTCFullYear() * 12 + wall.getUTCMonth()) / months);
    return Math.floor((wall.getTime() - week) / (unit === 'week' ? 7 * DAY_MS : DAY_MS));
  };
  return BigInt(place(args('endDate')) - place(args('startDate')));
}

function toParts(args: Args, name: string): Value {
  const wall = new Date(toWall(zoneIn(args), instantOf(args('date'), name)));
  const time = {
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
    millisecond: wall.getUTCMilliseconds(),
  };
  if (args('iso8601') !== true)
    return doc({ year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate(), ...time });
  const { year, week } = isoWeekOf(wall);
  return doc({ isoWeekYear: year, isoWeek: week, isoDayOfWeek: isoDayOf(wall), ...time });
}

/** Refuses a year that is missing, out of its range or of both calendars at once. */
function checkParts(args: Args, name: string): void {
  const has = (fields: readonly string[]) => fields.some((field) => args(field) !== undefined);
  const isIso = has(['isoWeekYear']);
  if (!isIso && !has(['year']))
    throw new ServerError(40516, `${name} requires either 'year' or 'isoWeekYear' to be present`);
  if (isIso ? has(['year', 'month', 'day']) : has(['isoWeek', 'isoDayOfWeek']))
    throw new ServerError(isIso ? 40525 : 40489, `${name} does not allow mixing natural dates with ISO dates`);
  const year = toInteger(args(isIso ? 'isoWeekYear' : 'year'));
  if (year !== undefined && (year < 1 || year > 9999))
    throw new ServerError(40523, `${name}: the year must be in the range of 1 to 9999, found: ${year}`);
}

function fromParts(args: Args, name: string): Value {
  const part = (field: string, otherwise: number): number => {
    const value = args(field);
    const number = value === undefined ? otherwise : toInteger(value);
    if (number === undefined) throw new ServerError(40515, `${name}: '${field}' must evaluate to an integer`);
    return number;
  };
  checkParts(args, name);
  const time = [part('hour', 0), part('minute', 0), part('second', 0), part('millisecond', 0)] as const;
  const zone = zoneIn(args);
  if (args('isoWeekYear') === undefined)
    return new UtcDate(fromWall(zone, wallTime(part('year', Number.NaN), part('month', 1), part('day', 1), ...time)));
  // The fourth of January is always in the first week.
  const fourth = new Date(wallTime(part('isoWeekYear', 0), 1, 4));
  const day = 4 - isoDayOf(fourth) + (part('isoWeek', 1) - 1) * 7 + part('isoDayOfWeek', 1);
  return new UtcDate(fromWall(zone, wallTime(part('isoWeekYear', 0), 1, day, ...time)));
}

const DAY_PARTS = ['month', 'day', 'hour', 'minute', 'second', 'millisecond', 'timezone'];
const ALL_PARTS = ['year', 'isoWeekYear', 'isoWeek', 'isoDayOfWeek', ...DAY_PARTS];

/** Dates, in any time zone. */
export const DATES: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$year', partOf((wall) => wall.getUTCFullYear())],
  ['$month', partOf((wall) => wall.getUTCMonth() + 1)],
  ['$dayOfMonth', partOf((wall) => wall.getUTCDate())],
  ['$dayOfWeek', partOf((wall) => wall.getUTCDay() + 1)],
  ['$dayOfYear', partOf(dayOfYear)],
  ['$hour', partOf((wall) => wall.getUTCHours())],
  ['$minute', partOf((wall) => wall.getUTCMinutes())],
  ['$second', partOf((wall) => wall.getUTCSeconds())],
  ['$millisecond', partOf((wall) => wall.getUTCMilliseconds())],
  ['$week', partOf(weekOf)],
  ['$isoWeek', partOf((wall) => isoWeekOf(wall).week)],
  ['$isoWeekYear', partOf((wall) => BigInt(isoWeekOf(wall).year))],
  ['$isoDayOfWeek', partOf(isoDayOf)],
  [
    '$dateTrunc',
    namedOperator(
      ['date', 'unit'],
      ['binSize', 'timezone', 'startOfWeek'],
      ['date', 'unit', 'binSize', 'timezone'],
      truncated,
    ),
  ],
  ['$dateAdd', moved(1)],
  ['$dateSubtract', moved(-1)],
  [
    '$dateDiff',
    namedOperator(
      ['startDate', 'endDate', 'unit'],
      ['timezone', 'startOfWeek'],
      ['startDate', 'endDate', 'unit', 'timezone'],
      difference,
    ),
  ],
  ['$dateToParts', namedOperator(['date'], ['timezone', 'iso8601'], ['date', 'timezone', 'iso8601'], toParts)],
  ['$dateFromParts', namedOperator([], ALL_PARTS, ALL_PARTS, fromParts)],
  ['$dateToString', namedOperator(['date'], ['format', 'timezone', 'onNull'], [], dateToString)],
  ['$dateFromString', namedOperator(['dateString'], ['format', 'timezone', 'onError', 'onNull'], [], dateFromString)],
]);
