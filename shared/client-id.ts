/**
 * A fresh client id: 32 hex digits from the platform's random source.
 * Not `randomUUID`: browsers offer that only on https and localhost.
 */
export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
