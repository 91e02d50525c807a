import { signal } from '@preact/signals';
import type { Counts } from '#shared/api.ts';
import { unattended } from '#shared/unattended.ts';
import { get } from '../http.ts';
import { insist } from '../insist.ts';

/** Open tickets per box, null until fetched. Each stops at 100. */
export const counts = signal<Counts | null>(null);

let timer: ReturnType<typeof setTimeout> | undefined;
let askedAt = 0;
let asked = 0;

/** Asks for the counts soon: many changes at once are one question, at most one each second. */
export function recount(): void {
  if (timer !== undefined) return;
  const wait = Math.max(150, askedAt + 1_000 - Date.now());
  timer = setTimeout(() => {
    timer = undefined;
    unattended(insist(fetchCounts), 'counts');
  }, wait);
}

/** Asks for the counts now. Throws Refused or Unanswered. */
export async function fetchCounts(): Promise<void> {
  askedAt = Date.now();
  asked += 1;
  const mine = asked;
  const fresh = await get<Counts>('/tickets/counts');
  // An older question may be answered later.
  if (mine === asked) counts.value = fresh;
}
