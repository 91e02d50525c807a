import type { Code } from '#shared/errors.ts';
import type { Kept } from './storage.ts';

/** A message that the desk has not confirmed yet. */
export interface Waiting {
  /** The same key sent again is the same message. */
  key: string;
  text: string;
  name: string;
  at: string;
  /** Sent at least once: the desk may have it. */
  tried: boolean;
  /** Why the desk refused it for good. */
  failed: Code | null;
}

/** Messages in the order they were written; they survive a reload. */
export interface Queue {
  all(): Waiting[];
  /** The first that is to be sent. */
  next(): Waiting | null;
  add(message: Waiting): void;
  change(key: string, fields: Partial<Waiting>): void;
  remove(key: string): void;
}

/** The queue in the visitor's storage, read anew each time because other tabs write it too. */
export function queueIn(kept: Kept): Queue {
  const all = () => waitingOf(kept.get('queue'));
  const write = (messages: Waiting[]) => kept.set('queue', messages.length === 0 ? null : JSON.stringify(messages));
  return {
    all,
    next: () => all().find(({ failed }) => failed === null) ?? null,
    add: (message) => write([...all(), message]),
    change: (key, fields) => write(all().map((one) => (one.key === key ? { ...one, ...fields } : one))),
    remove: (key) => write(all().filter((one) => one.key !== key)),
  };
}

/** Storage may hold what an older version wrote: what is not a message is left out. */
function waitingOf(stored: string | null): Waiting[] {
  try {
    const list: unknown = JSON.parse(stored ?? '[]');
    return Array.isArray(list) ? list.filter(isWaiting) : [];
  } catch {
    return [];
  }
}

function isWaiting(value: unknown): value is Waiting {
  if (typeof value !== 'object' || value === null) return false;
  const { key, text, name, at } = value as Record<string, unknown>;
  return [key, text, name, at].every((field) => typeof field === 'string');
}
