import { limits } from '#shared/limits.ts';
import { Refused } from '../sockets.ts';

/** Characters of one message of a visitor. */
export const visitorCharacters = 4_000;

const clientId = new RegExp(limits.clientIdPattern);
const lineId = /^[0-9a-f]{24}$/;
const visitorToken = /^[0-9a-f]{64}$/;

/** What a visitor says. `name` is `''` when they gave none. */
export interface Said {
  key: string;
  text: string;
  name: string;
}

/** Reads `say`; refuses another shape with `input.invalid`. The text is passed on as it came. */
export function saidOf(input: unknown): Said {
  const { key, text, name } = recordOf(input);
  if (typeof key !== 'string' || !clientId.test(key)) throw new Refused('input.invalid');
  if (typeof text !== 'string' || text.length > visitorCharacters || blank(text)) throw new Refused('input.invalid');
  return { key, text, name: nameOf(name) };
}

/** Reads `transcript`: the line after which to go on, or null for the newest page. */
export function afterOf(input: unknown): string | null {
  const { after } = recordOf(input);
  return after === null ? null : idOf(after);
}

/** Reads `seen`: the last line that was seen. */
export function upToOf(input: unknown): string {
  return idOf(recordOf(input).upTo);
}

/** The visitor's token as the widget makes it: 256 random bits as hex; null for anything else. */
export function tokenOf(auth: Record<string, unknown>): string | null {
  return typeof auth.token === 'string' && visitorToken.test(auth.token) ? auth.token : null;
}

function recordOf(input: unknown): Record<string, unknown> {
  if (typeof input !== 'object' || input === null) throw new Refused('input.invalid');
  return { ...input };
}

function idOf(value: unknown): string {
  if (typeof value !== 'string' || !lineId.test(value)) throw new Refused('input.invalid');
  return value;
}

function nameOf(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value !== 'string' || value.length > limits.nameCharacters) throw new Refused('input.invalid');
  return value.replace(/\p{Cc}+/gu, ' ').trim();
}

/** Spaces, control and invisible characters alone say nothing. */
function blank(text: string): boolean {
  return !/[^\s\p{Cc}\p{Cf}]/u.test(text);
}
