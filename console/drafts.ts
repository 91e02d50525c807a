import { signal } from '@preact/signals';
import { me } from './state/me.ts';

/** What is being written: a reply to the customer or an internal note. */
export type Mode = 'reply' | 'note';

const prefix = 'balcao.draft.';

/**
 * Where an unsent thing belongs in its ticket: one of the modes, a reply's files or quote, a question to another
 * department, the answer to one, a note at closing.
 */
export type Slot = Mode | 'files' | 'quote' | 'question' | 'closing' | `answer-${string}`;

/** Unsent texts of the signed-in agent in this browser, by `ticketId slot`. */
export const drafts = signal<ReadonlyMap<string, string>>(new Map());

/** A ticket's unsent text in one slot, `''` when there is none. */
export function draftOf(ticketId: string, slot: Slot): string {
  return drafts.value.get(`${ticketId} ${slot}`) ?? '';
}

/** Reads the drafts that earlier pages left behind. */
export function loadDrafts(): void {
  const own = `${prefix}${me.value?.agent.id ?? ''}.`;
  const found = new Map<string, string>();
  for (let index = 0; index < localStorage.length; index += 1) {
    const key = localStorage.key(index);
    if (key?.startsWith(own)) found.set(key.slice(own.length), localStorage.getItem(key) ?? '');
  }
  drafts.value = found;
}

/** Keeps a ticket's unsent text; an empty one is forgotten. */
export function keepDraft(ticketId: string, slot: Slot, text: string): void {
  const id = `${ticketId} ${slot}`;
  const agentId = me.value?.agent.id;
  // After signing out a field may still let go of its text: it was wiped, and stays so.
  if (agentId === undefined || draftOf(ticketId, slot) === text) return;
  const next = new Map(drafts.value);
  if (text === '') next.delete(id);
  else next.set(id, text);
  drafts.value = next;
  const key = `${prefix}${agentId}.${id}`;
  try {
    if (text === '') localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch (error) {
    // A full storage: the text still stands in its field.
    if (!(error instanceof DOMException)) throw error;
  }
}

/** Removes every draft of an agent from this browser. */
export function wipeDrafts(agentId: string): void {
  for (const id of drafts.value.keys()) localStorage.removeItem(`${prefix}${agentId}.${id}`);
  drafts.value = new Map();
}
