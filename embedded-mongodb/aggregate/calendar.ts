import { ObjectId } from 'bson';
import { Timestamp, typeName, UtcDate, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import { wallTime } from './zones.ts';

/** Milliseconds of a day on the wall clock. */
export const DAY_MS = 86_400_000;

/** The evaluated named arguments of an operator; missing ones are undefined. */
export type Args = (name: string) => Value | undefined;

/** The instant that a date, an ObjectId or a timestamp stands for. */
export function instantOf(value: Value | undefined, name: string): number {
  if (value instanceof UtcDate) return value.ms;
  if (value instanceof ObjectId) return value.getTimestamp().getTime();
  if (value instanceof Timestamp) return Number(value.value >> 32n) * 1000;
  throw new ServerError(16006, `${name}: can't convert from BSON type ${typeName(value)} to Date`);
}

/** Days from the first of the year, the first being 1. */
export function dayOfYear(wall: Date): number {
  return Math.floor((wall.getTime() - wallTime(wall.getUTCFullYear(), 1, 1)) / DAY_MS) + 1;
}

/** Week of the year from 0, weeks beginning on Sunday. */
export function weekOf(wall: Date): number {
  return Math.floor((dayOfYear(wall) - 1 - wall.getUTCDay() + 7) / 7);
}

/** Year and week by ISO 8601: a week belongs to the year of its Thursday. */
export function isoWeekOf(wall: Date): { year: number; week: number } {
  const thursday = new Date(wall.getTime() + (4 - isoDayOf(wall)) * DAY_MS);
  return { year: thursday.getUTCFullYear(), week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
}

/** Monday is 1, Sunday 7. */
export function isoDayOf(wall: Date): number {
  return wall.getUTCDay() || 7;
}

/** The multiple of `step` at or below a number. */
export function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
