import { signal } from '@preact/signals';
import type { Attachment, MessageView } from '#shared/message.ts';
import type { Mode } from '../../drafts.ts';
import type { Quoting } from '../../state/quoting.ts';

/** What is being done to the open ticket: a dialog or popover, or nothing. `parentId`: the question that is asked onward. */
export type Acting = { verb: 'forward' | 'transfer'; parentId: string | null } | { verb: 'close' } | null;

/** The act whose dialog is open. */
export const acting = signal<Acting>(null);

/** Whether the context panel lies over the thread, where it has no column of its own. */
export const contextOpen = signal(false);

/** A forwarding that the timeline is asked to show and, where it may be answered, to put the focus into. */
export const wantedForwarding = signal<string | null>(null);

/** A text that goes back into the composer of its own ticket, to be edited; or, without text, only the focus. */
export const wantedText = signal<WantedText | null>(null);

interface WantedText {
  ticketId: string;
  mode: Mode;
  text: string;
  attachments?: readonly Attachment[];
  replyTo?: Quoting;
}

/** The ticket into whose reply a voice message is being recorded; one at a time. */
export const recordingIn = signal<string | null>(null);

/** A sent message that is being edited or taken back. */
export const changing = signal<{ message: MessageView; verb: 'edit' | 'remove' } | null>(null);

/** A message that the timeline is asked to show and to mark for a moment. */
export const wantedMessage = signal<string | null>(null);

/** The message that is marked because somebody asked for it. */
export const markedMessage = signal<string | null>(null);
