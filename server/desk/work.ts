import { faultPoint } from '#shared/fault.ts';
import type { Forwarding } from '#shared/forwarding.ts';
import type { ActName, Entry, What } from '#shared/history.ts';
import { messageView } from '#shared/message.ts';
import type { Note } from '#shared/note.ts';
import type { Ticket } from '#shared/ticket.ts';
import type { News } from '../bus.ts';
import { Overtaken } from '../errors.ts';
import type { Caller, Desk, KeptEvent, KeptMessage, KeptTicket, Records } from './desk.ts';
import { changedFields, link } from './history.ts';

/** One change of a ticket with the record that it brings; `record` numbers and stores it. */
export type Change =
  | { act: 'message.added' | 'message.edited' | 'message.removed'; message: KeptMessage }
  | { act: 'note.added'; note: Note }
  | { act: 'forwarding.added' | 'forwarding.answered'; forwarding: Forwarding }
  | { act: Extract<ActName, `ticket.${string}`>; reason?: string };

/** What an act is given: one transaction, and the news to tell once it has committed. */
export interface Work {
  desk: Desk;
  records: Records;
  by: Caller;
  /** The act's time. */
  at: string;
  clientId: string | null;
  news: News[];
  /**
   * Stores the changes' records, one chained history event each, and the ticket where nobody wrote it since `before`.
   * Without changes only the ticket is written. Queues `ticket.changed`. Throws Overtaken: the act runs again.
   */
  record(before: KeptTicket | null, after: Ticket, ...changes: Change[]): Promise<KeptTicket>;
}

/** Opens the work of one act in one transaction. */
export function workOf(desk: Desk, records: Records, by: Caller, clientId: string | null): Work {
  const work: Work = {
    desk,
    records,
    by,
    at: desk.now(),
    clientId,
    news: [],
    record: (before, after, ...changes) => record(work, before, after, changes),
  };
  return work;
}

async function record(work: Work, before: KeptTicket | null, after: Ticket, changes: Change[]): Promise<KeptTicket> {
  const step = stepOf(work, before, after, changes);
  await write(work, [step]);
  return step.after;
}

/** One ticket before and after some changes, with what has to be stored and told. */
export interface Step {
  before: KeptTicket | null;
  after: KeptTicket;
  changes: Change[];
  events: KeptEvent[];
  entries: Entry[];
}

/** Pure: the ticket with its grown `seq` and head, and one chained history event a change. */
export function stepOf(work: Work, before: KeptTicket | null, after: Ticket, changes: Change[]): Step {
  const diff = changedFields(before, after);
  const carrier = Math.max(
    0,
    changes.findIndex((change) => change.act.startsWith('ticket.')),
  );
  const events: KeptEvent[] = [];
  const entries: Entry[] = [];
  const numbered: Change[] = [];
  let seq = before?.seq ?? 0;
  let headHash = before?.headHash ?? '';
  for (const [index, change] of changes.entries()) {
    seq += 1;
    const own: Change = change.act === 'message.added' ? { ...change, message: { ...change.message, seq } } : change;
    const what = whatOf(own);
    const fields = index === carrier ? diff : { before: null, after: null };
    const reason = 'reason' in change ? (change.reason ?? null) : null;
    const frame = { ticket: after, seq, at: work.at, actor: work.by.actor, reason, ...fields };
    const event = link(work.desk, frame, what, headHash);
    headHash = event.hash;
    events.push(event);
    entries.push({ ticketId: event.ticketId, seq, at: event.at, actor: event.actor, ...fields, reason, ...what });
    numbered.push(own);
  }
  return { before, after: { ...after, seq, headHash }, changes: numbered, events, entries };
}

/** How the timeline shows a change. */
function whatOf(change: Change): What {
  switch (change.act) {
    case 'message.added':
    case 'message.edited':
    case 'message.removed':
      return { act: change.act, message: messageView(change.message) };
    case 'note.added':
      return { act: change.act, note: change.note };
    case 'forwarding.added':
    case 'forwarding.answered':
      return { act: change.act, forwarding: change.forwarding };
    default:
      return { act: change.act };
  }
}

/** Stores the steps of any number of tickets, one write a collection, and queues their news. Throws Overtaken. */
export async function write(work: Work, steps: Step[]): Promise<void> {
  const { records, desk } = work;
  const changes = steps.flatMap((step) => step.changes);
  await records.messages.add(changes.flatMap((change) => (change.act === 'message.added' ? [change.message] : [])));
  await faultPoint('I4');
  for (const change of changes) {
    if (change.act === 'note.added') await records.notes.add(change.note);
    if (change.act === 'forwarding.added') await records.forwardings.add(change.forwarding);
  }
  const { added, changed } = lastOfEach(steps);
  await records.tickets.add(added);
  if (!(await records.tickets.put(changed))) throw new Overtaken();
  const events = steps.flatMap((step) => step.events);
  if (events.length > 0) await records.history.add(events);
  for (const { before, after, entries } of steps) {
    work.news.push({
      event: 'ticket.changed',
      payload: {
        companyId: desk.company.id,
        before: before === null ? null : plain(before),
        after: plain(after),
        entries,
      },
    });
  }
}

/** Several steps of one ticket are one write: from its first `before` to its last `after`. */
function lastOfEach(steps: Step[]): { added: KeptTicket[]; changed: { before: KeptTicket; after: KeptTicket }[] } {
  const ends = new Map<string, { before: KeptTicket | null; after: KeptTicket }>();
  for (const { before, after } of steps) {
    const known = ends.get(after.id);
    ends.set(after.id, { before: known === undefined ? before : known.before, after });
  }
  const all = [...ends.values()];
  return {
    added: all.flatMap(({ before, after }) => (before === null ? [after] : [])),
    changed: all.flatMap(({ before, after }) => (before === null ? [] : [{ before, after }])),
  };
}

function plain(kept: KeptTicket): Ticket {
  const { headHash: _kept, ...ticket } = kept;
  return ticket;
}
