import type { Forwarding } from '#shared/forwarding.ts';
import type { ActName, Entry } from '#shared/history.ts';
import { messageView } from '#shared/message.ts';
import type { Note } from '#shared/note.ts';
import type { Ticket } from '#shared/ticket.ts';
import type { News } from '../bus.ts';
import { Overtaken } from '../errors.ts';
import type { Caller, Desk, KeptMessage, KeptTicket, Records } from './desk.ts';
import { changedFields, link } from './history.ts';

/** One change of a ticket with the record that it brings; records are stored by `record`. */
export type Change =
  | { act: 'message.added'; message: Omit<KeptMessage, 'seq'> }
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
  const { records, desk } = work;
  const entries: Entry[] = [];
  const diff = changedFields(before, after);
  const carrier = Math.max(
    0,
    changes.findIndex((change) => change.act.startsWith('ticket.')),
  );
  let seq = before?.seq ?? 0;
  let headHash = before?.headHash ?? '';
  const events = [];
  for (const [index, change] of changes.entries()) {
    seq += 1;
    const what = await store(records, change, seq);
    const fields = index === carrier ? diff : { before: null, after: null };
    const reason = 'reason' in change ? (change.reason ?? null) : null;
    const event = link(
      desk,
      { ticket: after, seq, at: work.at, actor: work.by.actor, reason, ...fields },
      what,
      headHash,
    );
    headHash = event.hash;
    events.push(event);
    const { ticketId, at, actor } = event;
    entries.push({ ticketId, seq, at, actor, ...fields, reason, ...what });
  }
  const kept: KeptTicket = { ...after, seq, headHash };
  if (before === null) await records.tickets.add(kept);
  else if (!(await records.tickets.put(kept, before.seq))) throw new Overtaken();
  if (events.length > 0) await records.history.add(events);
  work.news.push({
    event: 'ticket.changed',
    payload: {
      companyId: desk.company.id,
      before: before === null ? null : plain(before),
      after: plain(kept),
      entries,
    },
  });
  return kept;
}

function plain(kept: KeptTicket): Ticket {
  const { headHash: _kept, ...ticket } = kept;
  return ticket;
}

/** Stores the change's own record and answers how the timeline shows it. */
async function store(records: Records, change: Change, seq: number) {
  switch (change.act) {
    case 'message.added': {
      const message = { ...change.message, seq };
      await records.messages.add(message);
      return { act: change.act, message: messageView(message) };
    }
    case 'note.added':
      await records.notes.add(change.note);
      return { act: change.act, note: change.note };
    case 'forwarding.added':
      await records.forwardings.add(change.forwarding);
      return { act: change.act, forwarding: change.forwarding };
    case 'forwarding.answered':
      return { act: change.act, forwarding: change.forwarding };
    default:
      return { act: change.act };
  }
}
