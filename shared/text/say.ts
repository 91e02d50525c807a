/** A sentence of the dictionary: plain, or by number. `zero` is written out because `Intl.PluralRules` calls 0 `one` in Portuguese. */
export type Sentence = string | Plural;

export interface Plural {
  zero: string;
  one: string;
  /** Portuguese: whole millions. English never uses it; the two dictionaries keep the same shape. */
  many: string;
  other: string;
}

export type Values = Record<string, string | number>;

/**
 * Fills `{name}` places of a sentence. A plural is chosen by `values.n`; an unknown place stays as it is written.
 * Values are put in once and never read again as places.
 */
export function say(sentence: Sentence, values: Values = {}, language = 'pt-BR'): string {
  const text = typeof sentence === 'string' ? sentence : chosen(sentence, Number(values.n ?? 0), language);
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

function chosen(plural: Plural, n: number, language: string): string {
  if (n === 0) return plural.zero;
  const rule = new Intl.PluralRules(language).select(n);
  if (rule === 'one') return plural.one;
  return rule === 'many' ? plural.many : plural.other;
}
