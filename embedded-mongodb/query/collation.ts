import { toInteger } from '../bson/numbers.ts';
import type { Doc, Value } from '../bson/values.ts';
import { isDoc } from '../bson/values.ts';
import { badValue, ServerError } from '../errors.ts';

/** How strings compare under a collation; null means by their bytes. */
export type Collation = ((a: string, b: string) => number) | null;

const SENSITIVITY = { 1: 'base', 2: 'accent', 3: 'variant' } as const;

/** The collation of a command's `collation` document: `locale`, `strength` 1 to 3, `numericOrdering`. */
export function collationOf(value: Value | undefined): Collation {
  if (value === undefined) return null;
  if (!isDoc(value)) throw new ServerError(14, "BSON field 'collation' is the wrong type, expected type 'object'");
  const locale = value.get('locale');
  if (typeof locale !== 'string')
    throw new ServerError(40414, "BSON field 'collation.locale' is missing but a required field");
  if (value.size === 0 || locale === 'simple') return null;
  return collator(locale, value);
}

function collator(locale: string, options: Doc): Collation {
  const strength = toInteger(options.get('strength')) ?? 3;
  if (strength !== 1 && strength !== 2 && strength !== 3)
    throw new ServerError(238, `collation strength ${strength} is not supported`);
  for (const name of options.keys())
    if (name !== 'locale' && name !== 'strength' && name !== 'numericOrdering')
      throw new ServerError(238, `collation option ${name} is not supported`);
  try {
    const numeric = options.get('numericOrdering') === true;
    const intl = new Intl.Collator(locale.replaceAll('_', '-'), { sensitivity: SENSITIVITY[strength], numeric });
    return (a, b) => intl.compare(a, b);
  } catch {
    throw badValue(`Field 'locale' is invalid in: { locale: "${locale}" }`);
  }
}
