import type { ChannelKind, ChannelView } from './channel.ts';
import type { Company, Language, Template } from './company.ts';
import type { ForwardingView } from './forwarding.ts';
import type { Attachment } from './message.ts';
import type { Agent, Colleague, Role } from './people.ts';
import type { TicketView } from './ticket.ts';

/** REST under `/api/v1`: bodies and answers that the console uses. Errors are `{ error: Refusal }`. */

export interface Page<T> {
  items: T[];
  /** Cursor of the next page, null at the end. */
  next: string | null;
}

/** POST /setup */
export interface SetupBody {
  code: string;
  language: Language;
  company: string;
  timezone: string;
  name: string;
  email: string;
  password: string;
  template: Template;
  sampleData: boolean;
}

/** GET /setup: whether this desk still waits for its first company. Public. */
export interface SetupState {
  open: boolean;
}

/** GET /me, and the answer of POST /setup, /login and /invites/:token. */
export interface Me {
  agent: Agent;
  company: Company;
}

/** GET /invites/:token. Public. */
export interface InviteView {
  name: string;
  email: string;
  company: string;
  language: Language;
}

/** POST /agents; POST /agents/:id/invite makes a new link. The link is shown once and works once, for 7 days. */
export interface Invited {
  agent: Agent;
  inviteUrl: string;
}

export interface AgentBody {
  name: string;
  email: string;
  role: Role;
  departmentIds: string[];
}

/** GET /agents: who may manage them gets the whole record, others the colleague. */
export type AgentItem = Agent | Colleague;

export type TicketBox = 'open' | 'closed' | 'mine' | 'waiting';

/** GET /tickets. `q` matches contact names and protocols from their beginnings. */
export interface TicketQuery {
  status?: TicketBox;
  departmentId?: string;
  agentId?: string;
  channel?: ChannelKind;
  q?: string;
  /** By last word; `newest` unless told otherwise. */
  order?: 'newest' | 'oldest';
  after?: string;
  limit?: number;
}

/** GET /tickets/counts: open tickets per box as the signed-in agent sees them; each stops at 100 (shown as `99+`). */
export interface Counts {
  mine: number;
  waiting: number;
  /** Forwardings that my departments owe an answer to. */
  forwardings: number;
  departments: Record<string, number>;
}

/** GET /forwardings?box=mine|department&open=true */
export type ForwardingPage = Page<ForwardingView>;

/** POST /channels; only a web chat can be added so far. */
export interface ChannelBody {
  kind: ChannelKind;
  name: string;
  departmentId?: string;
  config: Record<string, unknown>;
}

/** POST /simulator/messages answers this: 201 `stored`, 200 `known`. */
export interface SimulatorTaken {
  result: 'stored' | 'known';
}

/** GET /simulator/outbox?to=FROM: what the pretended customer received, oldest first, the last 200. */
export interface SimulatorReceived {
  id: string;
  as: ChannelKind;
  at: string;
  text: string;
  attachments: Attachment[];
  /** The key of the message that it answers to. */
  replyTo: string | null;
  editedAt: string | null;
  removed: boolean;
}

export type TicketPage = Page<TicketView>;
export type ChannelList = { items: ChannelView[] };
