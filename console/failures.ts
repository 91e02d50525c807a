import { say, t } from './text.ts';

/** The sentence for a failure, a reason or what is missing, by its code; one that nobody knows is named. */
export function failureText(code: string): string {
  // Faults of our own reading are named by their class.
  const known = t.failures[code] ?? (/^[A-Z]\w*Error$/.test(code) ? t.failures.misread : undefined);
  return known ?? say(t.failures.other ?? code, { code });
}
