import { signal } from '@preact/signals';
import type { Language } from '#shared/company.ts';
import type { Dictionary } from '#shared/text/pt-BR.ts';
import { type Sentence, say as sayIn, type Values } from '#shared/text/say.ts';

/** The language on screen. Components that read `t` draw themselves again when it changes. */
export const language = signal<Language>('pt-BR');

const dictionary = signal<Dictionary | null>(null);

/** Each language is a chunk of its own: only the one in use is fetched. */
const sources: Record<Language, () => Promise<{ dictionary: Dictionary }>> = {
  'pt-BR': () => import('#shared/text/pt-BR.ts'),
  en: () => import('#shared/text/en.ts'),
};

/** Fetches a dictionary and shows it. Nothing may read `t` before the first call has resolved. */
export async function setLanguage(next: Language): Promise<void> {
  const loaded = await sources[next]();
  dictionary.value = loaded.dictionary;
  language.value = next;
  document.documentElement.lang = next;
}

/** The sentences of the current language: `t.inbox.title`, or `say(t.inbox.more, { n })` where there are places or numbers. */
export const t: Dictionary = new Proxy({} as Dictionary, {
  get: (_, area) => dictionary.value?.[area as keyof Dictionary],
});

/** Fills the places of a sentence in the current language. */
export function say(sentence: Sentence, values: Values = {}): string {
  return sayIn(sentence, values, language.value);
}

/** The language of somebody who has not chosen one: the browser's. */
export function languageOfBrowser(): Language {
  return navigator.language.toLowerCase().startsWith('en') ? 'en' : 'pt-BR';
}
