import { type Language, languages } from '#shared/company.ts';
import type { Code } from '#shared/errors.ts';
import { errors as enErrors } from '#shared/text/en/errors.ts';
import { widget as en } from '#shared/text/en/widget.ts';
import { errors as ptErrors } from '#shared/text/pt-BR/errors.ts';
import { widget as pt } from '#shared/text/pt-BR/widget.ts';

/** Sentences of the chat in one language. */
export interface ChatText {
  language: Language;
  say: typeof pt;
  /** Why the desk refused. */
  why(code: Code): string;
}

const texts: Record<Language, ChatText> = {
  'pt-BR': { language: 'pt-BR', say: pt, why: (code) => ptErrors[code] },
  en: { language: 'en', say: en, why: (code) => enErrors[code] },
};

/** Portuguese for whatever is not known. */
export function textIn(language: unknown): ChatText {
  return texts[languages.find((known) => known === language) ?? 'pt-BR'];
}

/** What to speak before the company's language is known: the browser's. */
export function guessedText(): ChatText {
  return textIn(navigator.language.startsWith('pt') ? 'pt-BR' : 'en');
}
