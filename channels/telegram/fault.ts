import { ChannelError } from '../channel.ts';

/** How far a call got before it failed. */
export type Reach =
  /** Nothing was written: no connection came about. */
  | 'never'
  /** Something may have been written and there is no answer, or none that says what became of the call. */
  | 'unknown'
  /** The Bot API answered that it did not do it. */
  | 'answered';

interface Facts {
  reach: Reach;
  /** HTTP status, 0 without an answer. */
  status: number;
  description?: string;
  retryAfterSeconds?: number | null;
  migratedTo?: number | null;
}

/** A failed call, rebuilt: errors of the library carry the payload and the token's address. */
export class ApiFault extends Error {
  readonly reach: Reach;
  readonly status: number;
  /** The Bot API's own word, such as `Forbidden: bot was blocked by the user`. */
  readonly description: string;
  readonly retryAfterSeconds: number | null;
  readonly migratedTo: number | null;
  constructor(method: string, { reach, status, description, retryAfterSeconds, migratedTo }: Facts) {
    super(`${method}: ${status === 0 ? 'no answer' : status}`);
    this.reach = reach;
    this.status = status;
    this.description = description ?? '';
    this.retryAfterSeconds = retryAfterSeconds ?? null;
    this.migratedTo = migratedTo ?? null;
  }
}

/**
 * The fault of a JSON body that is not `ok`. A 5xx says nothing about the call: the front answers so for a server that
 * it lost, and telegram-bot-api itself while it restarts with calls under way.
 */
export function faultOfAnswer(method: string, status: number, body: unknown): ApiFault {
  const { description, parameters }: Record<string, unknown> =
    typeof body === 'object' && body !== null ? { ...body } : {};
  const about: Record<string, unknown> = typeof parameters === 'object' && parameters !== null ? { ...parameters } : {};
  return new ApiFault(method, {
    reach: status >= 500 ? 'unknown' : 'answered',
    status,
    description: typeof description === 'string' ? description : '',
    retryAfterSeconds: typeof about.retry_after === 'number' ? about.retry_after : null,
    migratedTo: typeof about.migrate_to_chat_id === 'number' ? about.migrate_to_chat_id : null,
  });
}

/** Why there is no connection, or no certain answer: `telegram.unreachable`, `telegram.unavailable`, `telegram.no-answer`. */
export function silenceOf({ reach, status }: ApiFault): string {
  if (status >= 500) return 'telegram.unavailable';
  return reach === 'never' ? 'telegram.unreachable' : 'telegram.no-answer';
}

// The Bot API has no codes beside the status: its descriptions are the only names (td/telegram and Client.cpp).
const refusals: [RegExp, string][] = [
  [/blocked by the user|bot was kicked/i, 'telegram.blocked'],
  [/user is deactivated/i, 'telegram.deactivated'],
  [/can't initiate conversation/i, 'telegram.not-started'],
  [/chat not found|peer_id_invalid/i, 'telegram.chat-not-found'],
  [/text is empty|must be non-empty/i, 'telegram.empty'],
  [/is too long/i, 'telegram.too-long'],
  [/too large|file is too big/i, 'telegram.too-big'],
  [/voice_messages_forbidden/i, 'telegram.voice-forbidden'],
  [/can't be edited|message to edit not found|no (text|caption) in the message/i, 'telegram.not-editable'],
  [/can't be deleted/i, 'telegram.not-deletable'],
];

/** What a failed call means to the desk, when it is certain that nothing was done. */
export function channelErrorOf(fault: ApiFault): ChannelError {
  const { reach, status, description, retryAfterSeconds } = fault;
  if (reach !== 'answered') return new ChannelError('temporary', silenceOf(fault));
  if (status === 401 || status === 404) return new ChannelError('logged-out', 'telegram.token', 'token');
  if (status === 429) {
    const wait = retryAfterSeconds === null ? null : retryAfterSeconds * 1_000;
    return new ChannelError('temporary', 'telegram.rate-limited', null, wait);
  }
  const words = status === 413 ? 'too large' : description;
  const code = refusals.find(([shape]) => shape.test(words))?.[1];
  return new ChannelError('refused', code ?? (status === 403 ? 'telegram.forbidden' : 'telegram.refused'));
}
