import type { Entry } from '#shared/history.ts';
import { messageView } from '#shared/message.ts';
import type { Desk, KeptEvent } from '../desk.ts';
import { frameOf } from '../history.ts';

/** A ticket's timeline after `afterSeq`, at most `most` entries; `next` is the seq to ask on from. */
export async function entriesAfter(
  desk: Desk,
  ticketId: string,
  afterSeq: number,
  most: number,
): Promise<{ entries: Entry[]; next: number | null }> {
  const { store } = desk;
  const events = await store.history.after(ticketId, afterSeq, most + 1);
  const shown = events.slice(0, most);
  const [messages, notes, forwardings] = await Promise.all([
    store.messages.byIds(refs(shown, 'message.')),
    store.notes.byIds(refs(shown, 'note.')),
    store.forwardings.byIds(refs(shown, 'forwarding.')),
  ]);
  const byId = new Map<string, object>();
  for (const message of messages) byId.set(message.id, { message: messageView(message) });
  for (const note of notes) byId.set(note.id, { note });
  for (const forwarding of forwardings) byId.set(forwarding.id, { forwarding });
  const entries = shown.map((event) => entryOf(event, byId));
  return { entries, next: events.length > most ? (shown[shown.length - 1]?.seq ?? null) : null };
}

const refs = (events: KeptEvent[], noun: string): string[] => [
  ...new Set(events.flatMap((event) => (event.act.startsWith(noun) && event.refId !== null ? [event.refId] : []))),
];

/** An event with its record. A record and its event are one transaction: a missing one is a broken store. */
function entryOf(event: KeptEvent, byId: Map<string, object>): Entry {
  const frame = frameOf(event);
  if (event.refId === null) return { ...frame, act: event.act } as Entry;
  const record = byId.get(event.refId);
  if (record === undefined) throw new Error(`history ${event.ticketId}/${event.seq} names a record that is gone`);
  return { ...frame, act: event.act, ...record } as Entry;
}
