import { effect, signal } from '@preact/signals';
import { type Language, languages } from '#shared/company.ts';

/** What a person chose for this browser. Nothing of it is known to the server. */
export interface Preferences {
  theme: 'auto' | 'light' | 'dark';
  /** Null: the company's language. */
  language: Language | null;
  sound: boolean;
  /** Single keys as shortcuts (they can be switched off, WCAG 2.1.4). */
  keys: boolean;
}

const key = 'balcao.preferences';
const usual: Preferences = { theme: 'auto', language: null, sound: true, keys: true };

/** The current choices; `prefer` changes them. */
export const preferences = signal<Preferences>(read(stored()));

/** Changes some choices and keeps them in this browser. */
export function prefer(changes: Partial<Preferences>): void {
  preferences.value = { ...preferences.value, ...changes };
  try {
    localStorage.setItem(key, JSON.stringify(preferences.value));
  } catch (error) {
    // A full or forbidden storage costs the memory of the choice, not the choice.
    if (!(error instanceof DOMException)) throw error;
  }
}

/** Keeps the page's `data-theme` as chosen, from now on. */
export function followTheme(): void {
  effect(() => {
    const { theme } = preferences.value;
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  });
}

/** Stored choices, with the usual ones in place of what is missing or nonsense. */
export function read(text: string | null): Preferences {
  let kept: Partial<Preferences> = {};
  try {
    kept = (JSON.parse(text ?? '{}') ?? {}) as Partial<Preferences>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return {
    theme: kept.theme === 'light' || kept.theme === 'dark' ? kept.theme : usual.theme,
    language: languages.find((language) => language === kept.language) ?? null,
    sound: kept.sound !== false,
    keys: kept.keys !== false,
  };
}

function stored(): string | null {
  try {
    return typeof localStorage === 'undefined' ? null : localStorage.getItem(key);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return null;
  }
}
