import { say, t } from './text.ts';

/** The sentence for a failure, a reason or what is missing, by its code; one that nobody knows is named. */
export function failureText(code: string): string {
  return t.failures[code] ?? say(t.failures.other ?? code, { code });
}
