import type { MessageView } from '#shared/message.ts';
import { draftOf, keepDraft } from '../drafts.ts';
import type { Waiting } from './outbox-order.ts';

/** The message that a reply answers to. */
export type Quoting = NonNullable<Waiting['replyTo']>;

/** What the reply that is being written in this ticket answers to; it never moves to another ticket. */
export function quotingOf(ticketId: string): Quoting | null {
  const text = draftOf(ticketId, 'quote');
  return text === '' ? null : (JSON.parse(text) as Quoting);
}

/** Answers to this message from now on; null: to none. */
export function keepQuoting(ticketId: string, quoting: Quoting | null): void {
  keepDraft(ticketId, 'quote', quoting === null ? '' : JSON.stringify(quoting));
}

/** A message as it is quoted; `things` names what it brings beside its text. */
export function quotingFor({ id, author, text }: MessageView, things: string): Quoting {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return { id, name: author.name, preview: (line === '' ? things : line).slice(0, 120) };
}
