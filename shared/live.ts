import type { ChannelView, ProbeCheck } from './channel.ts';
import type { Code } from './errors.ts';
import type { Forwarding } from './forwarding.ts';
import type { Entry } from './history.ts';
import type { MessageView } from './message.ts';
import type { Note } from './note.ts';
import type { TicketView } from './ticket.ts';

/** What a command is answered with. A refusal carries its code; the sentence comes from the dictionary. */
export type Answer<T> =
  | { ok: true; value: T }
  | { ok: false; code: Code; fields?: Record<string, string>; about?: Record<string, unknown> };

type Command<Input, Value> = (input: Input, done: (answer: Answer<Value>) => void) => void;

/** An act on a ticket; `clientId` makes it happen once, however often it is sent. */
interface Act {
  ticketId: string;
  clientId: string;
}

/** What a console missed since `afterSeq`: at most 500 entries, `next` is the seq to ask on from, null at the end. */
export interface Catchup {
  ticket: TicketView;
  entries: Entry[];
  next: number | null;
  /** How the messages named in `messageIds` are now. */
  messages: MessageView[];
}

/** From the server to consoles. Hints only: after a reconnect the console asks again. */
export interface ToConsole {
  'ticket:changed': (ticket: TicketView) => void;
  /** You no longer see this ticket. */
  'ticket:left': (gone: { ticketId: string }) => void;
  'entry:added': (entry: Entry) => void;
  'message:changed': (message: MessageView) => void;
  /** Departments, agents, conclusions or channels changed: fetch them again. */
  'catalog:changed': () => void;
  /** One check of the settings that this agent tries. */
  'probe:checked': (now: { probeId: string; check: ProbeCheck }) => void;
  /** A customer began or stopped typing. */
  'customer:typing': (now: { ticketId: string; on: boolean }) => void;
  /** QR or code of a pairing that this agent asked for. */
  'pairing:changed': (now: { channelId: string; connection: ChannelView['connection'] }) => void;
  'connection:changed': (now: { channelId: string; connection: ChannelView['connection'] }) => void;
}

/** From consoles to the server; one event a verb, answered once. */
export interface ToServer {
  /** Joins the ticket's room and answers what was missed. Changes nothing: reading along is not taking. */
  'ticket:watch': Command<{ ticketId: string; afterSeq: number; messageIds: string[] }, Catchup>;
  /** The assignee has read: `unread` becomes 0. */
  'ticket:read': Command<{ ticketId: string }, TicketView>;
  'ticket:take': Command<Act, TicketView>;
  'ticket:reassign': Command<
    Act & { departmentId?: string | undefined; agentId?: string | undefined; reason: string },
    TicketView
  >;
  'ticket:close': Command<Act & { note?: string | undefined; notify?: boolean | undefined }, TicketView>;
  'message:send': Command<
    Act & {
      text?: string | undefined;
      attachmentIds?: string[] | undefined;
      replyTo?: string | undefined;
      participate?: boolean | undefined;
    },
    MessageView
  >;
  'message:resend': Command<Act & { messageId: string }, MessageView>;
  'message:confirm': Command<Act & { messageId: string }, MessageView>;
  'message:discard': Command<Act & { messageId: string }, MessageView>;
  'message:react': Command<Act & { messageId: string; emoji: string | null }, MessageView>;
  'note:add': Command<Act & { text: string }, Note>;
  'forwarding:add': Command<
    Act & { toDepartmentId: string; question: string; dueAt?: string | undefined; parentId?: string | undefined },
    Forwarding
  >;
  'forwarding:answer': Command<Act & { forwardingId: string; conclusionId: string; text: string }, Forwarding>;
}

/** What a visitor of the web chat sees of one message. `id` orders the transcript and is the cursor. */
export interface ChatLine {
  id: string;
  at: string;
  from: 'visitor' | 'desk';
  name: string;
  text: string;
}

/** Namespace `/webchat`, from the desk to a visitor. */
export interface ToVisitor {
  line: (line: ChatLine) => void;
}

/** Namespace `/webchat`, from a visitor to the desk. */
export interface FromVisitor {
  /** `key` is the visitor's own id of the message: sending it again stores nothing new. Answers the stored line. `name` as the visitor gave it. */
  say: Command<{ key: string; text: string; name?: string | undefined }, ChatLine>;
  /** The lines after `after` (null = the newest page), oldest first, at most 100; `more` when there are further ones. */
  transcript: Command<{ after: string | null }, { lines: ChatLine[]; more: boolean }>;
  /** What the desk sent up to this line has been seen. */
  seen: Command<{ upTo: string }, null>;
}
