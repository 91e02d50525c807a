import type { EventFrame, What } from '#shared/history.ts';
import type { Actor } from '#shared/people.ts';
import type { Ticket } from '#shared/ticket.ts';
import type { Seal } from '../seal.ts';
import type { Desk, KeptEvent } from './desk.ts';

/** Fields of a ticket that history does not tell: counters of the moment, and personal values, which the digest covers. */
const untold = new Set<string>([
  'id',
  'seq',
  'unread',
  'lastMessage',
  'lastAt',
  'waitingSince',
  'headHash',
  'contact',
  'description',
  'address',
  'reach',
  'conversationKey',
  'openedBy',
  'closedBy',
  'openedAt',
]);

type Fields = Record<string, unknown>;

/** The fields that an act changed, as JSON: what they were and what they are. An opening has no `before`. */
export function changedFields(before: Ticket | null, after: Ticket): { before: Fields | null; after: Fields | null } {
  const was: Fields = {};
  const is: Fields = {};
  for (const [name, value] of Object.entries(after)) {
    if (untold.has(name)) continue;
    const old = before === null ? undefined : (before as unknown as Fields)[name];
    if (canonical(old) === canonical(value)) continue;
    if (before !== null) was[name] = old;
    if (before !== null || value !== null) is[name] = value;
  }
  if (Object.keys(is).length === 0) return { before: null, after: null };
  return { before: before === null ? null : was, after: is };
}

interface Frame {
  ticket: Ticket;
  seq: number;
  at: string;
  actor: Actor;
  reason: string | null;
  before: Fields | null;
  after: Fields | null;
}

/** Chains one event to the ticket's history: its hash covers the one before, its digest the personal part. */
export function link(desk: Desk, frame: Frame, what: What, prevHash: string): KeptEvent {
  const { ticket, ...told } = frame;
  const salt = desk.seal.token();
  const event = {
    id: desk.newId(),
    ticketId: ticket.id,
    ...told,
    act: what.act,
    refId: refIdOf(what),
    digest: desk.seal.digest(salt + canonical(personal(frame, what))),
    salt,
    prevHash,
    v: 1 as const,
  };
  return { ...event, hash: hashOf(desk.seal, event) };
}

function refIdOf(what: What): string | null {
  if ('message' in what) return what.message.id;
  if ('note' in what) return what.note.id;
  return 'forwarding' in what ? what.forwarding.id : null;
}

/** What names people or quotes them. Delivery and read marks are left out: they change after the event. */
function personal({ ticket, actor }: Frame, what: What): Fields {
  const named = { actor: actor.name };
  if ('message' in what) return { ...named, text: what.message.text, direction: what.message.direction };
  if ('note' in what) return { ...named, text: what.note.text };
  if ('forwarding' in what) {
    return { ...named, question: what.forwarding.question, answer: what.forwarding.answer?.text ?? null };
  }
  return { ...named, contact: ticket.contact.name, description: ticket.description };
}

function hashOf(seal: Seal, event: Omit<KeptEvent, 'hash'>): string {
  const { ticketId, seq, at, act, refId, digest, actor, before, after, reason, v } = event;
  const who = { kind: actor.kind, id: actor.id };
  return seal.digest(
    event.prevHash + canonical({ ticketId, seq, at, act, refId, digest, who, before, after, reason, v }),
  );
}

/** The seq of the first event that does not fit its chain, null when all do. `headHash` finds a cut tail. */
export function firstBroken(seal: Seal, events: KeptEvent[], headHash: string): number | null {
  let prevHash = '';
  for (const [index, event] of events.entries()) {
    if (event.seq !== index + 1 || event.prevHash !== prevHash || event.hash !== hashOf(seal, event)) return index + 1;
    prevHash = event.hash;
  }
  return prevHash === headHash ? null : events.length + 1;
}

/** JSON with sorted keys, so that equal values give equal text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value).filter(([, part]) => part !== undefined);
    fields.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([name, part]) => `${JSON.stringify(name)}:${canonical(part)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** The frame of an event without what never leaves the server. */
export function frameOf(event: KeptEvent): EventFrame {
  const { ticketId, seq, at, actor, before, after, reason } = event;
  return { ticketId, seq, at, actor, before, after, reason };
}
