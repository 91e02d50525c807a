import type { Forwarding } from './forwarding.ts';
import type { MessageView } from './message.ts';
import type { Note } from './note.ts';
import type { Actor } from './people.ts';

/** What happened, with the record that it brought or changed. */
export type What =
  | { act: 'message.added' | 'message.edited' | 'message.removed'; message: MessageView }
  | { act: 'note.added'; note: Note }
  | { act: 'forwarding.added' | 'forwarding.answered'; forwarding: Forwarding }
  | { act: 'ticket.opened' | 'ticket.taken' | 'ticket.reassigned' | 'ticket.closed' | 'ticket.joined' };

export type ActName = What['act'];

/** The frame of one history event. `before` and `after` hold the changed fields only, as JSON. `seq` rises by one per ticket. */
export interface EventFrame {
  ticketId: string;
  seq: number;
  at: string;
  actor: Actor;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  reason: string | null;
}

/** One line of a ticket's timeline. */
export type Entry = EventFrame & What;
