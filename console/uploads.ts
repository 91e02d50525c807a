import { signal } from '@preact/signals';
import type { Carries } from '#shared/channel.ts';
import { newClientId } from '#shared/client-id.ts';
import { limits } from '#shared/limits.ts';
import type { Attachment } from '#shared/message.ts';
import { unattended } from '#shared/unattended.ts';
import { draftOf, keepDraft } from './drafts.ts';
import { explain } from './explain.ts';
import { dropFile, keepFile, keptFiles } from './kept-files.ts';
import { limitOf } from './parts/measures.ts';
import { Unanswered } from './refused.ts';
import { me } from './state/me.ts';
import { type Attaching, attachedOf, mostBytes, withChange } from './state/reply-files.ts';
import { say, t } from './text.ts';
import { type Given, upload } from './upload.ts';

const byTicket = signal<ReadonlyMap<string, readonly Attaching[]>>(new Map());

/** An uploaded file in the draft, with the key it had on its way. */
type Done = Attachment & { key: string };

/** What is needed to cancel a file or to try it again. */
const running = new Map<string, Given & { stop: AbortController }>();

/** The files of a ticket's reply that is being written; what was uploaded already comes back after a reload. */
export function filesOf(ticketId: string): readonly Attaching[] {
  return byTicket.value.get(ticketId) ?? kept(ticketId);
}

/** Takes files into the reply and uploads them; answers how many there was no room for. */
export function addFiles(ticketId: string, files: readonly Given[], carries: Carries): number {
  const room = Math.max(0, limits.filesMost - filesOf(ticketId).length);
  const most = mostBytes(carries);
  for (const given of files.slice(0, room)) {
    const key = newClientId();
    const why = given.file.size > most ? say(t.media.tooBig, { size: limitOf(most) }) : null;
    put(ticketId, [...filesOf(ticketId), { ...chosen(key, given), why }]);
    if (why !== null) continue;
    const agentId = me.value?.agent.id ?? '';
    unattended(keepFile({ ...given, key, ticketId, agentId, at: new Date().toISOString() }), 'keep a file');
    start(ticketId, key, given);
  }
  return Math.max(0, files.length - room);
}

/** Goes on with the files that an earlier page left before the server had them. */
export async function loadFiles(): Promise<void> {
  const agentId = me.value?.agent.id ?? '';
  for (const { key, ticketId, file, voice } of await keptFiles(agentId)) {
    if (me.value?.agent.id !== agentId) return;
    // The server had it just before the page was left.
    if (filesOf(ticketId).some((known) => known.key === key)) {
      if (!running.has(key)) await dropFile(key);
      continue;
    }
    const given = { file, ...(voice === undefined ? {} : { voice }) };
    put(ticketId, [...filesOf(ticketId), chosen(key, given)]);
    start(ticketId, key, given);
  }
}

/** Uploads a file again that did not get there. */
export function retryFile(ticketId: string, key: string): void {
  const known = running.get(key);
  if (!known) return;
  put(ticketId, withChange(filesOf(ticketId), key, { progress: 0, why: null, unanswered: false }));
  start(ticketId, key, known);
}

/** There is a connection: whatever nobody had answered is uploaded again. */
export function resumeFiles(): void {
  for (const [ticketId, files] of byTicket.value)
    for (const { key, unanswered } of files) if (unanswered) retryFile(ticketId, key);
}

/** Whether a file can be tried again: a file too large for the channel cannot. */
export const canRetry = (key: string): boolean => running.has(key);

/** Takes a file out, also one on its way. */
export function removeFile(ticketId: string, key: string): void {
  running.get(key)?.stop.abort();
  settle(key);
  put(
    ticketId,
    filesOf(ticketId).filter((file) => file.key !== key),
  );
}

/** Puts files back into the reply that were uploaded before. */
export function restoreFiles(ticketId: string, attachments: readonly Attachment[]): void {
  if (attachments.length > 0) put(ticketId, [...filesOf(ticketId), ...attachments.map(attachedOf)]);
}

/** Whoever signs in next starts without files. */
export function forgetFiles(): void {
  for (const { stop } of running.values()) stop.abort();
  running.clear();
  byTicket.value = new Map();
}

/** Removes the files of an agent from this browser that the server never had. */
export async function wipeFiles(agentId: string): Promise<void> {
  for (const { key } of await keptFiles(agentId)) await dropFile(key);
}

function chosen(key: string, { file, voice }: Given): Attaching {
  const { name, size } = file;
  const nothing = { progress: 0, attachment: null, why: null, unanswered: false };
  return { key, name, bytes: size, ...nothing, voice: voice !== undefined };
}

function start(ticketId: string, key: string, { file, voice }: Given): void {
  running.set(key, { file, ...(voice === undefined ? {} : { voice }), stop: new AbortController() });
  unattended(go(ticketId, key), 'upload');
}

/** Nothing more is to be done for this file. */
function settle(key: string): void {
  if (!running.delete(key)) return;
  unattended(dropFile(key), 'drop a file');
}

async function go(ticketId: string, key: string): Promise<void> {
  const known = running.get(key);
  if (!known) return;
  const change = (what: Partial<Attaching>) => put(ticketId, withChange(filesOf(ticketId), key, what));
  try {
    const attachment = await upload(known, (progress) => change({ progress }), known.stop.signal);
    change({ progress: 1, attachment });
    settle(key);
  } catch (error) {
    if (!(error instanceof DOMException)) change({ why: explain(error), unanswered: error instanceof Unanswered });
  }
}

function put(ticketId: string, files: readonly Attaching[]): void {
  byTicket.value = new Map(byTicket.value).set(ticketId, files);
  const done = files.flatMap(({ key, attachment }): Done[] => (attachment === null ? [] : [{ ...attachment, key }]));
  keepDraft(ticketId, 'files', done.length === 0 ? '' : JSON.stringify(done));
}

function kept(ticketId: string): Attaching[] {
  const text = draftOf(ticketId, 'files');
  const done = text === '' ? [] : (JSON.parse(text) as Done[]);
  return done.map(({ key, ...attachment }) => ({ ...attachedOf(attachment), key }));
}
