import type { Attachment } from '#shared/message.ts';
import type { RefusalParts } from '../refused.ts';

/** A reply or note that waits in this browser until the server has it. It never leaves its ticket. */
export interface Waiting {
  clientId: string;
  ticketId: string;
  /** Who wrote it: another person at the same browser neither sees nor sends it. */
  agentId: string;
  kind: 'reply' | 'note';
  text: string;
  /** Uploaded files that go with it. */
  attachments?: Attachment[];
  /** The message it answers to. */
  replyTo?: { id: string; name: string; preview: string };
  /** When it was written, ISO: the order of sending. */
  at: string;
  /** The writer agreed to speak in a colleague's ticket. */
  participate: boolean;
  /** Why the server refused it; such a text waits for its writer. */
  refusal: RefusalParts | null;
}

/** Oldest first; two of the same instant by their ids, so that every tab agrees. */
export function inOrder(items: readonly Waiting[]): Waiting[] {
  return [...items].sort((a, b) => (a.at === b.at ? (a.clientId < b.clientId ? -1 : 1) : a.at < b.at ? -1 : 1));
}

/** What may be sent now: of each ticket the oldest that was not refused, unless one of that ticket is under way. */
export function sendable(items: readonly Waiting[], underWay: ReadonlySet<string>): Waiting[] {
  const taken = new Set(underWay);
  return inOrder(items).filter((item) => {
    if (item.refusal !== null || taken.has(item.ticketId)) return false;
    taken.add(item.ticketId);
    return true;
  });
}

/** What to do after a refusal: `wait` and send again, `sign-in` first, or show it to its writer as `failed`. */
export function afterRefusal({ code }: RefusalParts): 'wait' | 'sign-in' | 'failed' {
  if (code === 'rate.limited' || code === 'service.unavailable') return 'wait';
  return code === 'session.required' ? 'sign-in' : 'failed';
}

/** The list with one item put in or replaced. */
export function withItem(items: readonly Waiting[], item: Waiting): Waiting[] {
  return inOrder([...items.filter((other) => other.clientId !== item.clientId), item]);
}

/** The list without one. */
export function withoutItem(items: readonly Waiting[], clientId: string): Waiting[] {
  return items.filter((item) => item.clientId !== clientId);
}
