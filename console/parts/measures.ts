import { language } from '../text.ts';

const units = ['B', 'kB', 'MB', 'GB'];

/** A file's size for people: `812 B`, `1,4 MB`. */
export function sizeOf(bytes: number): string {
  const step = bytes < 1_000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** step;
  const digits = step === 0 || value >= 100 ? 0 : 1;
  return `${value.toLocaleString(language.value, { maximumFractionDigits: digits })} ${units[step] ?? ''}`;
}

/** A limit of size for people, in whole megabytes and never more than it is: `67 MB`. */
export function limitOf(bytes: number): string {
  return sizeOf(Math.max(1, Math.floor(bytes / 1_000_000)) * 1_000_000);
}

/** A length of time on a player: `0:07`, `12:30`, `1:02:03`. */
export function lengthOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}
