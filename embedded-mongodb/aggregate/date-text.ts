import { UtcDate, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import { type Args, dayOfYear, instantOf, isoDayOf, isoWeekOf, weekOf } from './calendar.ts';
import { isNullish } from './operands.ts';
import { fromWall, toWall, utc, wallTime, type Zone, zoneOf } from './zones.ts';

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July'].concat([
  'August',
  'September',
  'October',
  'November',
  'December',
]);

const padded = (value: number, length: number): string => String(value).padStart(length, '0');

/** Four digits: a year outside 0 to 9999 has no text, code 18537. */
function year(value: number): string {
  if (value >= 0 && value <= 9999) return padded(value, 4);
  throw new ServerError(
    18537,
    `Could not convert date to string: date component was outside the supported range of 0-9999: ${value}`,
  );
}

/** The text of an instant in UTC. Code 18537 outside the years 0 to 9999. */
export function isoText(ms: number): string {
  return formatted('%Y-%m-%dT%H:%M:%S.%LZ', ms, utc());
}

/** What a letter of a format stands for, at a wall-clock time. */
const SPECIFIERS: Readonly<Record<string, (wall: Date, offsetMs: number) => string>> = {
  '%': () => '%',
  Y: (wall) => year(wall.getUTCFullYear()),
  m: (wall) => padded(wall.getUTCMonth() + 1, 2),
  d: (wall) => padded(wall.getUTCDate(), 2),
  H: (wall) => padded(wall.getUTCHours(), 2),
  M: (wall) => padded(wall.getUTCMinutes(), 2),
  S: (wall) => padded(wall.getUTCSeconds(), 2),
  L: (wall) => padded(wall.getUTCMilliseconds(), 3),
  j: (wall) => padded(dayOfYear(wall), 3),
  w: (wall) => String(wall.getUTCDay() + 1),
  u: (wall) => String(isoDayOf(wall)),
  U: (wall) => padded(weekOf(wall), 2),
  V: (wall) => padded(isoWeekOf(wall).week, 2),
  G: (wall) => year(isoWeekOf(wall).year),
  B: (wall) => MONTHS[wall.getUTCMonth()] ?? '',
  b: (wall) => (MONTHS[wall.getUTCMonth()] ?? '').slice(0, 3),
  z: (_wall, offset) =>
    `${offset < 0 ? '-' : '+'}${padded(Math.floor(Math.abs(offset) / 3_600_000), 2)}${padded((Math.abs(offset) / 60_000) % 60, 2)}`,
  Z: (_wall, offset) => String(offset / 60_000),
};

/** `$dateToString`. */
export function dateToString(args: Args, name: string): Value {
  const date = args('date');
  if (isNullish(date)) return args('onNull') ?? null;
  const given = args('timezone');
  if (given === null) return null;
  const zone = zoneOf(given);
  const format = args('format') ?? (zone === null ? '%Y-%m-%dT%H:%M:%S.%LZ' : '%Y-%m-%dT%H:%M:%S.%L');
  if (typeof format !== 'string') throw new ServerError(18533, `${name} requires that 'format' be a string`);
  return formatted(format, instantOf(date, name), zone ?? utc());
}

function formatted(format: string, ms: number, zone: Zone): string {
  const offset = zone.offsetAt(ms);
  const wall = new Date(toWall(zone, ms));
  return format.replace(/%([\s\S]?)/g, (_, letter: string) => {
    const write = SPECIFIERS[letter];
    if (write === undefined) throw new ServerError(18536, `Invalid format character '%${letter}' in format string`);
    return write(wall, offset);
  });
}

/** `$dateFromString`. */
export function dateFromString(args: Args, name: string): Value {
  const text = args('dateString');
  if (isNullish(text)) return args('onNull') ?? null;
  const given = args('timezone');
  if (given === null) return null;
  const zone = zoneOf(given);
  const format = args('format');
  if (format === null) return null;
  const parsed =
    typeof text !== 'string' ? null : typeof format === 'string' ? parseBy(format, text, zone) : parseDate(text, zone);
  if (parsed !== null) return new UtcDate(parsed);
  const otherwise = args('onError');
  if (otherwise !== undefined) return otherwise;
  throw new ServerError(241, `${name}: Error parsing date string '${String(text)}'`);
}

// A text that names its offset cannot be read in a time zone that is given.
const ISO =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?)?\s*(Z|[+-]\d{2}:?(?:\d{2})?)?$/;

/** The instant of an ISO text, in `zone` or else by its own offset or in UTC; null when it is none. */
export function parseDate(text: string, zone: Zone | null): number | null {
  const match = ISO.exec(text.trim());
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction, offset] = match;
  const own = zoneOfText(offset, zone);
  if (own === null) return null;
  const ms = Number((fraction ?? '0').padEnd(3, '0'));
  return wallInstant(own, [year, month, day, hour, minute, second].map(Number), ms);
}

function zoneOfText(offset: string | undefined, zone: Zone | null): Zone | null {
  if (offset === undefined) return zone ?? utc();
  if (zone !== null) return null;
  return offset === 'Z' ? utc() : zoneOf(offset);
}

function wallInstant(zone: Zone, parts: readonly number[], ms: number): number | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) => part || 0);
  const wall = wallTime(year, month, day, hour, minute, second, ms);
  // A day that its month does not have would have become one of the next month.
  const isReal = new Date(wall).getUTCMonth() + 1 === month && hour < 25 && minute < 60 && second < 61;
  return isReal ? fromWall(zone, wall) : null;
}

const READERS: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  m: '(?<m>\\d{1,2})',
  d: '(?<d>\\d{1,2})',
  H: '(?<H>\\d{1,2})',
  M: '(?<M>\\d{1,2})',
  S: '(?<S>\\d{1,2})',
  L: '(?<L>\\d{1,3})',
  z: '(?<z>Z|[+-]\\d{2}:?(?:\\d{2})?)',
  '%': '%',
};

function parseBy(format: string, text: string, zone: Zone | null): number | null {
  const pattern = format.replace(
    /%([\s\S]?)|([\\^$.*+?()[\]{}|/])/g,
    (_, letter: string | undefined, plain: string) => {
      if (letter === undefined) return `\\${plain}`;
      const reader = READERS[letter];
      if (reader === undefined) throw new ServerError(18536, `Invalid format character '%${letter}' in format string`);
      return reader;
    },
  );
  const found = new RegExp(`^${pattern}$`).exec(text)?.groups;
  if (found === undefined) return null;
  const { Y, m, d, H, M, S, L, z } = found;
  const own = zoneOfText(z, zone);
  if (own === null) return null;
  return wallInstant(own, [Y, m ?? 1, d ?? 1, H ?? 0, M ?? 0, S ?? 0].map(Number), Number((L ?? '0').padEnd(3, '0')));
}
