import type { Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import { isNullish } from './operands.ts';

// Wall-clock time: milliseconds that read as UTC show what a clock in the zone shows.

/** A time zone: the difference of its clocks to UTC at an instant, in milliseconds. */
export interface Zone {
  readonly name: string;
  offsetAt(ms: number): number;
}

const UTC: Zone = { name: 'UTC', offsetAt: () => 0 };
const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;

const named = new Map<string, Zone>([['UTC', UTC]]);

/** The zone of a `timezone` argument; null when it is null or missing. Code 40485 for an unknown one. */
export function zoneOf(value: Value | undefined): Zone | null {
  if (isNullish(value)) return null;
  if (typeof value !== 'string') throw new ServerError(40517, 'timezone must evaluate to a string');
  const fixed = /^([+-])(\d\d):?(\d\d)?$/.exec(value);
  if (fixed !== null) return fixedZone(value, fixed);
  let zone = named.get(value);
  if (zone === undefined) {
    zone = olsonZone(value);
    named.set(value, zone);
  }
  return zone;
}

/** The zone that is meant when none is given. */
export function utc(): Zone {
  return UTC;
}

function fixedZone(name: string, [, sign, hours, minutes]: RegExpExecArray): Zone {
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0)) * 60_000;
  return { name, offsetAt: () => offset };
}

function olsonZone(name: string): Zone {
  const format = formatOf(name);
  // Offsets change at quarter hours only.
  const known = new Map<number, number>();
  return {
    name,
    offsetAt: (ms) => {
      const quarter = Math.floor(ms / QUARTER_MS);
      let offset = known.get(quarter);
      if (offset === undefined) {
        if (known.size > 10_000) known.clear();
        offset = wallOf(format, quarter * QUARTER_MS) - quarter * QUARTER_MS;
        known.set(quarter, offset);
      }
      return offset;
    },
  };
}

function formatOf(name: string): Intl.DateTimeFormat {
  try {
    const number = 'numeric';
    const fields = { year: number, month: number, day: number, hour: number, minute: number, second: number } as const;
    return new Intl.DateTimeFormat('en-US', { timeZone: name, hourCycle: 'h23', era: 'short', ...fields });
  } catch {
    throw new ServerError(40485, `unrecognized time zone identifier: "${name}"`);
  }
}

function wallOf(format: Intl.DateTimeFormat, ms: number): number {
  const parts = new Map(format.formatToParts(ms).map((part) => [part.type, part.value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const year = parts.get('era') === 'BC' ? 1 - part('year') : part('year');
  return wallTime(year, part('month'), part('day'), part('hour'), part('minute'), part('second'));
}

/** Wall-clock time of its parts; months from 1. Parts out of their range carry over. */
export function wallTime(year: number, month: number, day: number, hour = 0, minute = 0, second = 0, ms = 0): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.setUTCHours(hour, minute, second, ms);
}

/** What a clock in the zone shows at an instant. */
export function toWall(zone: Zone, ms: number): number {
  return ms + zone.offsetAt(ms);
}

/** The instant of a wall-clock time. The earlier one when clocks show it twice; moved on when they skip it. */
export function fromWall(zone: Zone, wall: number): number {
  const before = zone.offsetAt(wall - DAY_MS);
  const after = zone.offsetAt(wall + DAY_MS);
  if (zone.offsetAt(wall - before) === before) return wall - before;
  return zone.offsetAt(wall - after) === after ? wall - after : wall - before;
}
