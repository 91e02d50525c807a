/** Words of a text without case and accents, at most 20, each once. */
export function foldedWords(text: string): string[] {
  const folded = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return [...new Set(folded.match(/[\p{L}\p{N}@._-]+/gu) ?? [])].slice(0, 20);
}

/** The words of a search, those first that few texts share: with digits, then long ones. An index begins with the first. */
export function rarestFirst(words: string[]): string[] {
  const weight = (word: string): number => word.length + (/\d/.test(word) ? 100 : 0);
  return [...words].sort((a, b) => weight(b) - weight(a));
}

/** A condition for values that begin with `word`. The only place that makes a regular expression; everything is escaped. */
export function prefixOf(word: string): { $regex: string } {
  return { $regex: `^${word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')}` };
}
