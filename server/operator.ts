import { start as english } from '#shared/text/en/start.ts';
import { start as portuguese } from '#shared/text/pt-BR/start.ts';

/** The sentences for who starts the desk, in the terminal's language: English where the locale says so, else Portuguese. */
export function operator(environment: Record<string, string | undefined>): typeof portuguese {
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  return locale.startsWith('en') ? english : portuguese;
}
