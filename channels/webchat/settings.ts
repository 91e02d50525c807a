import type { WebchatConfig } from '#shared/channel.ts';
import { type Language, languages } from '#shared/company.ts';
import { limits } from '#shared/limits.ts';
import { ChannelError } from '../channel.ts';

/** Settings of a web chat's row. `language`: what a visitor without a name is called in; Portuguese when absent. */
export interface WebchatSettings extends WebchatConfig {
  language: Language;
}

/** Characters of the greeting. */
const greetingMost = 500;
/** More sites than this belong behind one address. */
const originsMost = 50;

/** Reads the settings of a web chat. Throws ChannelError `input.invalid` naming the field: `origins`, `title`, `greeting`, `language`. */
export function webchatSettings(settings: unknown): WebchatSettings {
  if (typeof settings !== 'object' || settings === null) throw wrong('config');
  const given: Record<string, unknown> = { ...settings };
  return {
    origins: originsOf(given.origins),
    title: textOf(given.title, 'title', limits.nameCharacters),
    greeting: textOf(given.greeting, 'greeting', greetingMost),
    language: languageOf(given.language),
  };
}

function wrong(field: string): ChannelError {
  return new ChannelError('refused', 'input.invalid', field);
}

function textOf(value: unknown, field: string, most: number): string {
  if (typeof value !== 'string') throw wrong(field);
  const text = value.trim();
  if (text === '' || text.length > most) throw wrong(field);
  return text;
}

function languageOf(value: unknown): Language {
  const language = languages.find((known) => known === (value ?? 'pt-BR'));
  if (language === undefined) throw wrong('language');
  return language;
}

function originsOf(value: unknown): string[] {
  if (!Array.isArray(value) || value.length > originsMost) throw wrong('origins');
  return [...new Set(value.map(originOf))];
}

/** They end up in a header of the chat's page, so what the URL parser writes is kept, never what was typed. */
function originOf(value: unknown): string {
  if (typeof value !== 'string' || !URL.canParse(value)) throw wrong('origins');
  const { protocol, username, password, pathname, search, hash, origin } = new URL(value);
  const site = (protocol === 'https:' || protocol === 'http:') && !/[;,'*\s]/.test(origin);
  if (!site || `${username}${password}${search}${hash}` !== '' || pathname !== '/') throw wrong('origins');
  return origin;
}
