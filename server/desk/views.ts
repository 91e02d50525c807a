import * as z from 'zod/mini';
import { channelKinds } from '#shared/channel.ts';
import { languages } from '#shared/company.ts';
import type { Entry } from '#shared/history.ts';
import { deliveryStates, directions, fileKinds } from '#shared/message.ts';
import { roles } from '#shared/people.ts';
import { ticketStatuses } from '#shared/ticket.ts';

/** Output schemas: what leaves the server, and what OpenAPI describes. A field that is not here never leaves. */

const at = z.string();
const maybe = <T extends z.ZodMiniType>(type: T) => z.nullable(type);
export const ok = z.object({ ok: z.literal(true) });

export const actor = z.object({
  kind: z.enum(['agent', 'customer', 'system']),
  id: maybe(z.string()),
  name: z.string(),
});

export const ticket = z.object({
  id: z.string(),
  protocol: z.string(),
  seq: z.number(),
  status: z.enum(ticketStatuses),
  channelId: maybe(z.string()),
  channel: maybe(z.enum(channelKinds)),
  address: maybe(z.string()),
  reach: maybe(z.string()),
  contact: z.object({ id: z.string(), name: z.string() }),
  description: z.string(),
  departmentId: z.string(),
  agentId: maybe(z.string()),
  unread: z.number(),
  openForwardings: z.number(),
  forwardedTo: z.array(z.string()),
  simulated: z.boolean(),
  origin: z.enum(['customer', 'company']),
  openedAt: at,
  openedBy: actor,
  closedAt: maybe(at),
  closedBy: maybe(actor),
  closingNote: maybe(z.string()),
  previousId: maybe(z.string()),
  waitingSince: maybe(at),
  lastAt: at,
  lastMessage: maybe(z.object({ at, preview: z.string(), by: z.enum(['customer', 'agent', 'system']) })),
});

export const delivery = z.object({
  state: z.enum(deliveryStates),
  at,
  attempts: z.number(),
  failure: maybe(z.string()),
});

export const attachment = z.object({
  id: z.string(),
  kind: z.enum(fileKinds),
  name: z.string(),
  mime: z.string(),
  bytes: z.number(),
  width: maybe(z.number()),
  height: maybe(z.number()),
  seconds: maybe(z.number()),
  thumbnail: z.boolean(),
  inline: z.exactOptional(z.literal(true)),
});

export const message = z.object({
  id: z.string(),
  ticketId: z.string(),
  seq: z.number(),
  at,
  author: actor,
  direction: z.enum(directions),
  text: z.string(),
  attachments: z.array(z.extend(attachment, { url: z.string() })),
  place: maybe(z.object({ latitude: z.number(), longitude: z.number(), name: z.string(), address: z.string() })),
  cards: z.array(z.object({ name: z.string(), phones: z.array(z.string()), emails: z.array(z.string()) })),
  mail: maybe(
    z.object({
      subject: z.string(),
      full: maybe(z.string()),
      html: maybe(z.string()),
      original: maybe(z.string()),
      to: z.array(z.string()),
      cc: z.array(z.string()),
    }),
  ),
  album: maybe(z.string()),
  missing: maybe(z.string()),
  replyTo: maybe(z.object({ messageId: maybe(z.string()), name: z.string(), preview: z.string() })),
  reactions: z.array(z.object({ by: actor, emoji: z.string(), at })),
  editedAt: maybe(at),
  removedAt: maybe(at),
  clientId: maybe(z.string()),
  delivery: maybe(delivery),
});

export const note = z.object({
  id: z.string(),
  ticketId: z.string(),
  at,
  author: actor,
  text: z.string(),
  clientId: maybe(z.string()),
});

export const forwarding = z.object({
  id: z.string(),
  ticketId: z.string(),
  parentId: maybe(z.string()),
  fromDepartmentId: z.string(),
  toDepartmentId: z.string(),
  question: z.string(),
  forwardedAt: at,
  by: actor,
  dueAt: maybe(at),
  answer: maybe(
    z.object({
      at,
      technicianId: z.string(),
      conclusionId: z.string(),
      text: z.string(),
      recordedBy: actor,
      recordedAt: at,
    }),
  ),
});

export const forwardingWithTicket = z.extend(forwarding, {
  ticket: z.object({ id: z.string(), protocol: z.string(), contactName: z.string() }),
});

const frame = {
  ticketId: z.string(),
  seq: z.number(),
  at,
  actor,
  before: maybe(z.record(z.string(), z.unknown())),
  after: maybe(z.record(z.string(), z.unknown())),
  reason: maybe(z.string()),
};

export const entry: z.ZodMiniType<Entry> = z.discriminatedUnion('act', [
  z.object({ ...frame, act: z.enum(['message.added', 'message.edited', 'message.removed']), message }),
  z.object({ ...frame, act: z.literal('note.added'), note }),
  z.object({ ...frame, act: z.enum(['forwarding.added', 'forwarding.answered']), forwarding }),
  z.object({
    ...frame,
    act: z.enum(['ticket.opened', 'ticket.taken', 'ticket.reassigned', 'ticket.closed', 'ticket.joined']),
  }),
]);

export const department = z.object({
  id: z.string(),
  name: z.string(),
  color: z.number(),
  attends: z.boolean(),
  active: z.boolean(),
});

export const conclusion = z.object({
  id: z.string(),
  name: z.string(),
  forRequester: z.boolean(),
  active: z.boolean(),
});

export const colleague = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(roles),
  departmentIds: z.array(z.string()),
  active: z.boolean(),
});

export const agent = z.extend(colleague, { email: z.string(), invited: z.boolean() });

export const company = z.object({
  id: z.string(),
  name: z.string(),
  language: z.enum(languages),
  timezone: z.string(),
});

export const connection = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('off'), reason: z.exactOptional(z.string()) }),
  z.object({ phase: z.literal('connecting'), attempt: z.number() }),
  z.object({
    phase: z.literal('pairing'),
    expiresAt: at,
    qr: z.exactOptional(z.string()),
    code: z.exactOptional(z.string()),
  }),
  z.object({ phase: z.literal('online'), as: z.string(), name: z.exactOptional(z.string()) }),
  z.object({ phase: z.literal('waiting'), retryAt: at, reason: z.string() }),
  z.object({ phase: z.literal('logged-out'), reason: z.string() }),
]);

export const channel = z.object({
  id: z.string(),
  kind: z.enum(channelKinds),
  name: z.string(),
  departmentId: z.string(),
  simulated: z.boolean(),
  active: z.boolean(),
  publicId: maybe(z.string()),
  /** Which account of its network it is, once that is known. */
  account: maybe(z.string()),
  config: maybe(z.record(z.string(), z.unknown())),
  connection,
  since: maybe(at),
});

export const channelHealth = z.object({
  lastIn: maybe(at),
  lastOut: maybe(at),
  /** Messages that wait to be sent, at most 100, and since when. */
  queue: z.object({ count: z.number(), oldest: maybe(at) }),
  uncertain: z.number(),
  failed: z.number(),
  deadLetters: z.number(),
  /** Within the last 24 hours. */
  reconnects: z.number(),
  outages: z.number(),
  epoch: z.number(),
  /** Newest first. `recovered`: messages that came in late after it. */
  log: z.array(z.object({ at, phase: z.string(), reason: maybe(z.string()), recovered: z.number() })),
});

/** A list without pages. */
export const list = <T extends z.ZodMiniType>(item: T) => z.object({ items: z.array(item) });

/** A page of a list: `next` is the cursor of the one after it. */
export const page = <T extends z.ZodMiniType>(item: T) => z.object({ items: z.array(item), next: maybe(z.string()) });
