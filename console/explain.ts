import { failureText } from './failures.ts';
import type { RefusalParts } from './refused.ts';
import { Refused, Unanswered } from './refused.ts';
import { departmentName } from './state/catalog.ts';
import { say, t } from './text.ts';

/** The sentence for a refusal, its places filled with names. */
export function sentenceOf({ code, about = {}, fields = {} }: RefusalParts): string {
  const departments = Array.isArray(about.departmentIds)
    ? about.departmentIds.map((id) => departmentName(String(id)))
    : [];
  const names = Object.keys(fields).map(fieldName);
  return say(t.errors[code] ?? t.errors.internal, {
    ...plain(about),
    departments: departments.join(', '),
    fields: names.join(', '),
  });
}

/** The sentence for whatever went wrong: a refusal, no answer, or a fault of our own. */
export function explain(error: unknown): string {
  if (error instanceof Refused) {
    // Of a channel's trouble the reason is the whole story.
    const { reason } = error.about;
    return error.code === 'channel.trouble' && typeof reason === 'string' ? failureText(reason) : sentenceOf(error);
  }
  return error instanceof Unanswered ? t.parts.noAnswer : t.errors.internal;
}

/** Why the server refused one field, null when it did not. For the `fault` of a form's field. */
export function faultIn(error: unknown, field: string): string | null {
  if (!(error instanceof Refused) || !(field in error.fields)) return null;
  if (error.code !== 'input.invalid') return sentenceOf({ code: error.code, about: error.about });
  const why = error.fields[field] ?? '';
  return (why === 'input.invalid' ? undefined : t.failures[why]) ?? t.parts.wrong;
}

function fieldName(field: string): string {
  const names: Record<string, string> = t.fields;
  return names[field] ?? field;
}

function plain(about: Record<string, unknown>): Record<string, string | number> {
  const values: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(about)) {
    if (typeof value === 'string' || typeof value === 'number') values[name] = value;
  }
  return values;
}
