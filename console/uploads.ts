import { signal } from '@preact/signals';
import type { Carries } from '#shared/channel.ts';
import { newClientId } from '#shared/client-id.ts';
import { limits } from '#shared/limits.ts';
import type { Attachment } from '#shared/message.ts';
import { unattended } from '#shared/unattended.ts';
import { draftOf, keepDraft } from './drafts.ts';
import { explain } from './explain.ts';
import { sizeOf } from './parts/measures.ts';
import { type Attaching, attachedOf, withChange } from './state/attaching.ts';
import { say, t } from './text.ts';
import { type Given, upload } from './upload.ts';

const byTicket = signal<ReadonlyMap<string, readonly Attaching[]>>(new Map());

/** What is needed to cancel a file or to try it again. */
const running = new Map<string, Given & { stop: AbortController }>();

/** The files of a ticket's reply that is being written; what was uploaded already comes back after a reload. */
export function filesOf(ticketId: string): readonly Attaching[] {
  return byTicket.value.get(ticketId) ?? kept(ticketId).map(attachedOf);
}

/** Takes files into the reply and uploads them; answers how many there was no room for. */
export function addFiles(ticketId: string, files: readonly Given[], { bytes }: Carries): number {
  const room = Math.max(0, limits.filesMost - filesOf(ticketId).length);
  const most = Math.min(bytes, limits.fileBytes);
  for (const given of files.slice(0, room)) {
    const { file } = given;
    const key = newClientId();
    const why = file.size > most ? say(t.media.tooBig, { size: sizeOf(most) }) : null;
    put(ticketId, [
      ...filesOf(ticketId),
      {
        key,
        name: file.name,
        bytes: file.size,
        progress: 0,
        attachment: null,
        why,
        voice: given.voice !== undefined,
      },
    ]);
    if (why !== null) continue;
    running.set(key, { ...given, stop: new AbortController() });
    unattended(go(ticketId, key), 'upload');
  }
  return Math.max(0, files.length - room);
}

/** Uploads a file again that did not get there. */
export function retryFile(ticketId: string, key: string): void {
  const known = running.get(key);
  if (!known) return;
  running.set(key, { ...known, stop: new AbortController() });
  put(ticketId, withChange(filesOf(ticketId), key, { progress: 0, why: null }));
  unattended(go(ticketId, key), 'upload');
}

/** Whether a file can be tried again: a file too large for the channel cannot. */
export const canRetry = (key: string): boolean => running.has(key);

/** Takes a file out, also one on its way. */
export function removeFile(ticketId: string, key: string): void {
  running.get(key)?.stop.abort();
  running.delete(key);
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

async function go(ticketId: string, key: string): Promise<void> {
  const known = running.get(key);
  if (!known) return;
  const change = (what: Partial<Attaching>) => put(ticketId, withChange(filesOf(ticketId), key, what));
  try {
    const attachment = await upload(known, (progress) => change({ progress }), known.stop.signal);
    running.delete(key);
    change({ progress: 1, attachment });
  } catch (error) {
    if (!(error instanceof DOMException)) change({ why: explain(error) });
  }
}

function put(ticketId: string, files: readonly Attaching[]): void {
  byTicket.value = new Map(byTicket.value).set(ticketId, files);
  const done = files.flatMap(({ attachment }) => attachment ?? []);
  keepDraft(ticketId, 'files', done.length === 0 ? '' : JSON.stringify(done));
}

function kept(ticketId: string): Attachment[] {
  const text = draftOf(ticketId, 'files');
  return text === '' ? [] : (JSON.parse(text) as Attachment[]);
}
