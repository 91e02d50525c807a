import { signal } from '@preact/signals';
import type { ForwardingPage } from '#shared/api.ts';
import type { ForwardingView } from '#shared/forwarding.ts';
import { explain } from '../explain.ts';
import { get } from '../http.ts';
import { Unanswered } from '../refused.ts';
import { box } from './inbox.ts';

/** The box of questions that my departments owe an answer to. */
export const owed = signal<{
  items: readonly ForwardingView[];
  next: string | null;
  state: 'loading' | 'ready' | 'failed';
  why: string;
}>({
  items: [],
  next: null,
  state: 'loading',
  why: '',
});

let asked = 0;

/** Fetches the box anew while it is on screen. Throws Unanswered. */
export async function refetchForwardings(): Promise<void> {
  if (box.value.list !== 'forwardings') return;
  asked += 1;
  const mine = asked;
  try {
    const page = await get<ForwardingPage>('/forwardings', { box: 'department', open: true });
    // An older question may be answered later.
    if (mine !== asked) return;
    owed.value = { items: page.items, next: page.next, state: 'ready', why: '' };
  } catch (error) {
    if (mine !== asked) return;
    if (owed.value.items.length === 0) owed.value = { ...owed.value, state: 'failed', why: explain(error) };
    if (error instanceof Unanswered) throw error;
  }
}

/** Fetches the box's next page. */
export async function moreForwardings(): Promise<void> {
  const { items, next } = owed.value;
  if (next === null) return;
  const mine = asked;
  const page = await get<ForwardingPage>('/forwardings', { box: 'department', open: true, after: next });
  // Fetched anew meanwhile: this page hangs on a list that is gone.
  if (mine !== asked) return;
  const known = new Set(items.map((item) => item.id));
  const fresh = page.items.filter((item) => !known.has(item.id));
  owed.value = { items: [...items, ...fresh], next: page.next, state: 'ready', why: '' };
}
