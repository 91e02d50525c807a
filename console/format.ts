import { signal } from '@preact/signals';
import { language, say, t } from './text.ts';

/** The company's time zone: every time on screen is told in it, not in the browser's. */
export const timezone = signal(Intl.DateTimeFormat().resolvedOptions().timeZone);

const made = new Map<string, Intl.DateTimeFormat>();

function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${name} ${language.value} ${timezone.value}`;
  const known = made.get(id);
  if (known) return known;
  const fresh = new Intl.DateTimeFormat(language.value === 'en' ? 'en-US' : 'pt-BR', {
    ...options,
    timeZone: timezone.value,
  });
  made.set(id, fresh);
  return fresh;
}

/** The time of day: `09:04`, in English `9:04 AM`. */
export function clock(iso: string): string {
  return format('clock', { hour: '2-digit', minute: '2-digit' }).format(new Date(iso));
}

/** Date and time: `22/11/2026, 09:04`. */
export function dateTime(iso: string): string {
  return format('date-time', {
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(iso));
}

/** A time near now, short: today's by the clock, others with day and month. */
export function shortTime(iso: string, now: string): string {
  if (dayKey(iso) === dayKey(now)) return clock(iso);
  const options: Intl.DateTimeFormatOptions = { day: '2-digit', month: '2-digit', hour: '2-digit', minute: '2-digit' };
  return format('short', options).format(new Date(iso));
}

/** The calendar day of an instant in the company's zone, `2026-11-22`: equal for two instants of the same day. */
export function dayKey(iso: string): string {
  // Within ten minutes on the clock no zone changes its day: one reckoning serves a whole burst of messages.
  const stretch = `${timezone.value} ${iso.slice(0, 15)}`;
  const known = days.get(stretch);
  if (known !== undefined) return known;
  const key = reckonedDay(iso);
  days.set(stretch, key);
  return key;
}

const days = new Map<string, string>();

function reckonedDay(iso: string): string {
  const parts = format('day-key', { day: '2-digit', month: '2-digit', year: 'numeric' }).formatToParts(new Date(iso));
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('year')}-${of('month')}-${of('day')}`;
}

/** The heading of a day: `Hoje, 22 de novembro`; of another year with it. */
export function dayTitle(iso: string, now: string): string {
  const key = dayKey(iso);
  const sameYear = key.slice(0, 4) === dayKey(now).slice(0, 4);
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'long' };
  const day = sameYear
    ? format('day', options).format(new Date(iso))
    : format('day-year', { ...options, year: 'numeric' }).format(new Date(iso));
  if (key === dayKey(now)) return say(t.parts.today, { day });
  const before = new Date(Date.parse(now) - 86_400_000).toISOString();
  return key === dayKey(before) ? say(t.parts.yesterday, { day }) : day;
}

/** How long ago or for how long, short: `agora`, `4 min`, `3 h`, `2 d`. */
export function elapsed(from: string, now: string): string {
  const minutes = Math.floor((Date.parse(now) - Date.parse(from)) / 60_000);
  if (minutes < 1) return t.parts.now;
  if (minutes < 60) return say(t.parts.minutes, { n: minutes });
  if (minutes < 48 * 60) return say(t.parts.hours, { n: Math.floor(minutes / 60) });
  return say(t.parts.days, { n: Math.floor(minutes / 1440) });
}

/** What a `datetime-local` field holds, told in the company's zone, as an ISO instant; null when it holds no time. */
export function instantOf(local: string): string | null {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return null;
  // The zone's distance from UTC depends on the instant itself: two rounds settle it also around a clock change.
  let instant = asUtc;
  for (let round = 0; round < 2; round += 1) instant = asUtc - offsetAt(instant);
  return new Date(instant).toISOString();
}

function offsetAt(instant: number): number {
  const parts = format('offset', {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(new Date(instant));
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const told = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return told - Math.floor(instant / 1000) * 1000;
}
