import { limits } from '#shared/limits.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a name
const hidden = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;
const unusable = /["*:<>?|]/g;

/**
 * A name that is safe to show and to save under: composed, without control, direction and invisible characters, only
 * the last part of a path, at most 120 characters with the extension kept. Never used as a path by the desk itself.
 */
export function harmlessName(name: string): string {
  const whole = name.toWellFormed().normalize('NFC').replace(hidden, '');
  const last = (whole.split(/[/\\]/).pop() ?? '').replace(unusable, '_').replace(/^[\s.]+|[\s.]+$/g, '');
  if (last.length <= limits.nameCharacters) return last;
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(last)?.[0] ?? '';
  return last.slice(0, limits.nameCharacters - extension.length).trimEnd() + extension;
}
