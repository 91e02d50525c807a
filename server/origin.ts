import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request comes from the desk's own pages. Programs send neither `Origin` nor `Sec-Fetch-Site` and are let
 * through: only browsers carry somebody else's cookie.
 */
export function isOwnOrigin(headers: IncomingHttpHeaders, publicUrl: string | null): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin } = headers;
  if (origin === undefined) return true;
  if (publicUrl !== null && origin === publicUrl) return true;
  return URL.canParse(origin) && new URL(origin).host === headers.host;
}

/** One cookie's value out of the header, null when it is not there. */
export function cookieOf(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name && value !== undefined && value !== '') return value;
  }
  return null;
}

/** The sign-in's cookie: host-bound and secure where the desk is reached by https, plain on http. */
export function cookieName(publicUrl: string | null): string {
  return publicUrl?.startsWith('https:') === true ? '__Host-balcao' : 'balcao';
}
