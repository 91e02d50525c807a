import * as z from 'zod/mini';
import { limits } from '#shared/limits.ts';
import { DeskError } from '../errors.ts';

/** A record's id. */
export const id = z.string().check(z.regex(/^[0-9a-f]{24}$/, 'id'));

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the rule is about
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/u;
const loneSurrogate = /\p{Surrogate}/u;
const invisible = /^[\s\u200b-\u200f\u2060\ufeff]*$/u;

/** No control characters but newline, return and tab, and no half of a surrogate pair. */
const clean = z.refine<string>((text) => !controls.test(text) && !loneSurrogate.test(text), 'control-character');
const notBlank = z.refine<string>((text) => !invisible.test(text), 'blank');

/** A text that says something: not blank (also not of invisible characters only), at most `most` UTF-16 units. */
export const text = (most: number) =>
  z.string().check(z.maxLength(most, 'too-long'), clean, notBlank, z.normalize('NFC'));

/** A name on one line. */
export const name = z.string().check(
  z.maxLength(limits.nameCharacters, 'too-long'),
  clean,
  notBlank,
  z.refine((value) => !/[\n\r\t]/.test(value), 'control-character'),
  z.trim(),
);

/** An e-mail address, kept in lower case. */
export const email = z
  .string()
  .check(z.trim(), z.toLowerCase(), z.maxLength(limits.emailCharacters, 'too-long'), z.email('email'));

/** A password as it is typed: no rule but its length. */
export const password = z
  .string()
  .check(z.minLength(limits.passwordLeast, 'too-short'), z.maxLength(limits.passwordMost, 'too-long'));

/** An instant with its zone. */
export const instant = z.pipe(
  z.iso.datetime({ offset: true, error: 'instant' }),
  z.transform((value: string) => new Date(value).toISOString()),
);

/** How many rows a page has, `usual` when nothing is said; in a query it arrives as digits. */
export const limit = (usual: number, most: number = limits.pageMost) =>
  z._default(
    z.pipe(
      z.string().check(z.regex(/^\d{1,3}$/, 'range')),
      z.pipe(
        z.transform((digits: string) => Number(digits)),
        z.int().check(z.gte(1, 'range'), z.lte(most, 'range')),
      ),
    ),
    usual,
  );

/** A page's cursor. */
export const cursor = z.string().check(z.maxLength(200, 'cursor'), z.regex(/^[A-Za-z0-9_-]+$/, 'cursor'));

/** The checked input. Throws `input.invalid` with every wrong field, or `text.control-character`. */
export function parsed<Input>(schema: z.ZodMiniType<Input>, raw: unknown): Input {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const fields: Record<string, string> = {};
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys) fields[[...issue.path, key].join('.')] = 'unknown';
    else fields[issue.path.join('.') || 'body'] ??= reasonOf(issue);
  }
  const onlyControls = Object.values(fields).every((reason) => reason === 'control-character');
  throw new DeskError(onlyControls ? 'text.control-character' : 'input.invalid', {}, fields);
}

const reasons = new Set([
  'too-long',
  'too-short',
  'blank',
  'control-character',
  'email',
  'id',
  'instant',
  'range',
  'cursor',
  'pattern',
]);

/** A word for why a field was refused; the console has a sentence for each. */
function reasonOf(issue: z.core.$ZodIssue): string {
  if (reasons.has(issue.message)) return issue.message;
  return issue.code === 'invalid_type' && issue.input === undefined ? 'required' : 'type';
}
