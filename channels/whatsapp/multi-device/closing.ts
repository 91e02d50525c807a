/** How a socket ended: Baileys' code (its DisconnectReason or an HTTP status) and the kind of its sentence. */
export interface Closing {
  code: number;
  /** `server`: the server said so, in a stream error or a failure. `here`: we ended it. */
  from: 'server' | 'network' | 'here';
  /** Whether it ever showed a QR code or was open. */
  answered: boolean;
}

export type Verdict =
  | { next: 'at-once' }
  | { next: 'later'; reason: string }
  | { next: 'elsewhere' }
  | { next: 'logged-out'; reason: string }
  | { next: 'off'; reason: string };

const badSessionMs = 10 * 60_000;

/**
 * What follows the end of a linked device's socket. `lastBadSession` is when the server last spoke of a bad session.
 * Codes: Baileys' Types/index.js (DisconnectReason); 401 and 403 mean a logout only in the server's own words.
 */
export function verdictOf({ code, from }: Closing, now: number, lastBadSession: number | null): Verdict {
  if (code === 515) return { next: 'at-once' };
  if (code === 440) return { next: 'elsewhere' };
  if (from === 'server') {
    if (code === 401) return { next: 'logged-out', reason: 'whatsapp.logged-out' };
    if (code === 403) return { next: 'logged-out', reason: 'whatsapp.blocked' };
    if (code === 405) return { next: 'off', reason: 'whatsapp.version-refused' };
    if (code === 500) {
      const again = lastBadSession !== null && now - lastBadSession < badSessionMs;
      return again ? { next: 'off', reason: 'whatsapp.bad-session' } : { next: 'at-once' };
    }
    return { next: 'later', reason: 'whatsapp.unavailable' };
  }
  return { next: 'later', reason: from === 'here' ? 'whatsapp.unavailable' : 'whatsapp.connection-lost' };
}

/** Wait before the n-th try in a row (from 1): doubling, 20 % more or less, so that channels do not come back in step. */
export function backoffMs(
  tries: number,
  { firstMs, mostMs }: { firstMs: number; mostMs: number },
  random: number,
): number {
  const wait = Math.min(mostMs, firstMs * 2 ** Math.min(20, tries - 1));
  return Math.round(wait * (0.8 + 0.4 * random));
}

/** The end of a socket as Baileys' `lastDisconnect` tells it. */
export function closingOf(error: unknown, answered: boolean): Closing {
  const output: unknown = typeof error === 'object' && error !== null && 'output' in error ? error.output : undefined;
  const status =
    typeof output === 'object' && output !== null && 'statusCode' in output ? output.statusCode : undefined;
  const words = error instanceof Error ? error.message : '';
  const server = /^(Connection Failure|Stream Errored|Multi-device beta)/.test(words);
  return { code: typeof status === 'number' ? status : 428, from: server ? 'server' : 'network', answered };
}
