import type { Forwarding } from '#shared/forwarding.ts';
import type { Entry } from '#shared/history.ts';
import type { MessageView } from '#shared/message.ts';
import type { Note } from '#shared/note.ts';
import type { Waiting } from './outbox-order.ts';
import { forwardingsOf, type Thread } from './thread.ts';

/** One line of a ticket's timeline as it is drawn. `joined`: the same author just before, so the name is not repeated. */
export type Line = { key: string } & (
  | { kind: 'day'; at: string }
  | { kind: 'unread' }
  | { kind: 'message'; message: MessageView; joined: boolean }
  | { kind: 'note'; note: Note; joined: boolean }
  | { kind: 'forwarding'; forwarding: Forwarding; seq: number }
  | { kind: 'event'; entry: Entry }
  | { kind: 'waiting'; item: Waiting; joined: boolean }
);

const joinWithin = 60_000;

/**
 * The lines of a thread: days, messages, notes, forwardings where they were asked, one line per other event; then what
 * still waits in the outbox. A waiting text whose message has arrived is drawn once, under the same key.
 */
export function linesOf(
  thread: Thread,
  waiting: readonly Waiting[],
  unreadSeq: number | null,
  dayOf: (iso: string) => string,
): Line[] {
  const lines: Line[] = [];
  const forwardings = new Map(forwardingsOf(thread).map((forwarding) => [forwarding.id, forwarding]));
  const arrived = new Set<string>();
  let day = '';
  const startDay = (at: string) => {
    const next = dayOf(at);
    if (next !== day) lines.push({ kind: 'day', at, key: `d${next}` });
    day = next;
  };
  for (const entry of thread.entries) {
    startDay(entry.at);
    if (entry.seq === unreadSeq) lines.push({ kind: 'unread', key: 'unread' });
    const line = lineOf(entry, forwardings, lines.at(-1));
    const clientId = line.kind === 'message' ? line.message.clientId : line.kind === 'note' ? line.note.clientId : null;
    if (clientId !== null) arrived.add(clientId);
    lines.push(line);
  }
  for (const item of waiting) {
    if (arrived.has(item.clientId)) continue;
    startDay(item.at);
    lines.push({
      kind: 'waiting',
      item,
      joined: joins(lines.at(-1), item.kind, item.agentId, item.at),
      key: `c${item.clientId}`,
    });
  }
  return lines;
}

function lineOf(entry: Entry, forwardings: ReadonlyMap<string, Forwarding>, before: Line | undefined): Line {
  const key = `e${entry.seq}`;
  if (entry.act === 'message.added') {
    const { message } = entry;
    const joined = joins(before, message.direction === 'in' ? 'in' : 'reply', message.author.id, message.at);
    return { kind: 'message', message, joined, key: message.clientId === null ? key : `c${message.clientId}` };
  }
  if (entry.act === 'note.added') {
    const { note } = entry;
    const joined = joins(before, 'note', note.author.id, note.at);
    return { kind: 'note', note, joined, key: note.clientId === null ? key : `c${note.clientId}` };
  }
  if (entry.act === 'forwarding.added') {
    const forwarding = forwardings.get(entry.forwarding.id) ?? entry.forwarding;
    return { kind: 'forwarding', forwarding, seq: entry.seq, key };
  }
  return { kind: 'event', entry, key };
}

/** Whether a line by this author follows one of the same kind by the same author within a minute. */
function joins(before: Line | undefined, kind: 'in' | 'reply' | 'note', authorId: string | null, at: string): boolean {
  const last = before && authorOf(before);
  return (
    last !== undefined &&
    last.kind === kind &&
    last.id === authorId &&
    Date.parse(at) - Date.parse(last.at) < joinWithin
  );
}

function authorOf(line: Line): { kind: 'in' | 'reply' | 'note'; id: string | null; at: string } | undefined {
  if (line.kind === 'message') {
    const { message } = line;
    return { kind: message.direction === 'in' ? 'in' : 'reply', id: message.author.id, at: message.at };
  }
  if (line.kind === 'note') return { kind: 'note', id: line.note.author.id, at: line.note.at };
  return line.kind === 'waiting' ? { kind: line.item.kind, id: line.item.agentId, at: line.item.at } : undefined;
}
