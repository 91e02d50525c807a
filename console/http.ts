import type { Refusal } from '#shared/errors.ts';
import { Refused, Unanswered } from './refused.ts';
import { me } from './state/me.ts';

type Query = Record<string, string | number | boolean | undefined>;

/** GET under `/api/v1`; undefined query values are left out. Throws Refused or Unanswered. */
export function get<T>(path: string, query: Query = {}): Promise<T> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return call<T>('GET', text === '' ? path : `${path}?${text}`);
}

const usualMs = 15_000;

/** For acts that wait for a network elsewhere, such as a mail to oneself. */
export const slowMs = 120_000;

/** POST under `/api/v1` with a JSON body. Throws Refused or Unanswered. */
export function post<T>(path: string, body: object = {}, withinMs = usualMs): Promise<T> {
  return call<T>('POST', path, body, withinMs);
}

/** PATCH under `/api/v1` with a JSON body. Throws Refused or Unanswered. */
export function patch<T>(path: string, body: object): Promise<T> {
  return call<T>('PATCH', path, body);
}

async function call<T>(method: string, path: string, body?: object, withinMs = usualMs): Promise<T> {
  const response = await ask(method, path, withinMs, body);
  const text = await response.text().catch(() => '');
  const answer = parsed(text);
  if (response.ok) return answer as T;
  const error = (answer as { error?: Refusal } | null)?.error;
  // Somebody in between (a proxy) answered in words of its own.
  if (error === undefined) throw new Unanswered(`${response.status}`);
  if (error.code === 'session.required') me.value = null;
  throw new Refused(error);
}

async function ask(method: string, path: string, withinMs: number, body?: object): Promise<Response> {
  const init: RequestInit = { method, credentials: 'same-origin', headers: { accept: 'application/json' } };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { accept: 'application/json', 'content-type': 'application/json' };
  }
  try {
    return await fetch(`/api/v1${path}`, { ...init, signal: AbortSignal.timeout(withinMs) });
  } catch (error) {
    throw new Unanswered('network', { cause: error });
  }
}

function parsed(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Unanswered('not json', { cause: error });
  }
}
