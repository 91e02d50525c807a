import { effect } from '@preact/signals';
import type { Entry } from '#shared/history.ts';
import type { TicketView } from '#shared/ticket.ts';
import { unattended } from '#shared/unattended.ts';
import { loadDrafts, wipeDrafts } from './drafts.ts';
import { insist } from './insist.ts';
import { connect } from './live.ts';
import { drain, loadOutbox, waiting, wipeOutbox } from './outbox.ts';
import { toast } from './parts/toast.tsx';
import { fetchCatalog, forgetRegistries, heardOfConnection } from './registries.ts';
import { onLeaving } from './session.ts';
import { ring } from './sound.ts';
import { arrived } from './state/arrivals.ts';
import { calling, forget, forgetAll, notice } from './state/attention.ts';
import { counts, fetchCounts, recount } from './state/counts.ts';
import { owed, refetchForwardings } from './state/forwardings.ts';
import { listedAll, refetch, resetInbox, ticketChanged, ticketLeft } from './state/inbox.ts';
import { pairingChanged, pairings } from './state/pairing.ts';
import { probeChecked } from './state/probing.ts';
import { catchUp, entryAdded, messageChanged, open, openChanged, ticketGone } from './state/ticket.ts';
import { customerTyping, forgetTyping } from './state/typing.ts';
import { say, t } from './text.ts';
import { forgetFiles, loadFiles, resumeFiles, wipeFiles } from './uploads.ts';

/** A shorter absence of the connection is not worth a word. */
const noticed = 1_500;

/** Keeps everything on screen true while somebody is signed in; ends with the answered function. */
export function startSync(): () => void {
  loadDrafts();
  unattended(loadOutbox(), 'load the outbox');
  unattended(loadFiles(), 'load files');
  unattended(fetchCatalog(), 'catalog');
  unattended(insist(fetchCounts), 'counts');
  // What happened between the first answers and the first connection was told to nobody: it is asked for once more.
  let first = true;
  const disconnect = connect({
    events: {
      'ticket:changed': changed,
      'ticket:left': ({ ticketId }) => left(ticketId),
      'entry:added': added,
      'message:changed': messageChanged,
      'catalog:changed': () => unattended(fetchCatalog(), 'catalog'),
      'customer:typing': customerTyping,
      'pairing:changed': pairingChanged,
      'probe:checked': probeChecked,
      'connection:changed': heardOfConnection,
    },
    onConnect: (after) => {
      unattended(first ? askAll() : resync(after), 'resync');
      first = false;
      drain();
      resumeFiles();
    },
  });
  const untitle = effect(() => {
    document.title = calling.value > 0 ? `(${calling.value > 99 ? '99+' : calling.value}) Balcão` : 'Balcão';
  });
  return () => {
    disconnect();
    untitle();
    document.title = 'Balcão';
    forgetEverything();
  };
}

onLeaving(async (agentId) => {
  wipeDrafts(agentId);
  await wipeOutbox();
  await wipeFiles(agentId);
});

/** Whoever signs in next at this browser must not see what the one before saw. */
function forgetEverything(): void {
  resetInbox();
  open.value = { phase: 'none' };
  counts.value = null;
  owed.value = { items: [], next: null, state: 'loading', why: '' };
  waiting.value = [];
  forgetAll();
  forgetRegistries();
  forgetTyping();
  forgetFiles();
  pairings.value = new Map();
}

function added(entry: Entry): void {
  // What was being written has come; not every network tells the end of it.
  if (entry.act === 'message.added' && entry.message.direction === 'in')
    customerTyping({ ticketId: entry.ticketId, on: false });
  entryAdded(entry);
}

function changed(ticket: TicketView): void {
  if (notice(ticket)) {
    ring();
    if (open.value.phase === 'none' || open.value.ticketId !== ticket.id) arrived(ticket.departmentId);
  }
  ticketChanged(ticket);
  openChanged(ticket);
  recount();
  unattended(insist(refetchForwardings), 'forwardings');
}

function left(ticketId: string): void {
  forget(ticketId);
  ticketLeft(ticketId);
  ticketGone(ticketId);
  recount();
  unattended(insist(refetchForwardings), 'forwardings');
}

/** Asks for everything on screen; answers how many entries the open ticket had missed. */
async function askAll(): Promise<number> {
  const [missed] = await Promise.all([
    insist(catchUp),
    insist(refetch),
    // Insists by itself, before there is a connection too.
    fetchCatalog(),
    insist(fetchCounts),
    insist(refetchForwardings),
  ]);
  return missed ?? 0;
}

/** After a lost connection: the list, the open ticket, the registries and the counts are asked for again, and what came in meanwhile is told. */
async function resync(after: number): Promise<void> {
  const before = new Map(listedAll().map((ticket) => [ticket.id, ticket.unread]));
  let recovered = await askAll();
  const now = open.value;
  for (const ticket of listedAll()) {
    if (now.phase === 'here' && now.ticketId === ticket.id) continue;
    recovered += Math.max(0, ticket.unread - (before.get(ticket.id) ?? 0));
  }
  if (after >= noticed || recovered > 0) toast(say(t.app.reconnected, { n: recovered }));
}
