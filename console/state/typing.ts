import { signal } from '@preact/signals';

/** Tickets whose customer is writing at this moment. */
export const typing = signal<ReadonlySet<string>>(new Set());

/** Networks tell the beginning again every few seconds and sometimes forget the end. */
const lastsMs = 8_000;

const timers = new Map<string, ReturnType<typeof setTimeout>>();

/** Takes in that a customer began or stopped writing; without further news it ends by itself. */
export function customerTyping({ ticketId, on }: { ticketId: string; on: boolean }): void {
  clearTimeout(timers.get(ticketId));
  timers.delete(ticketId);
  if (on)
    timers.set(
      ticketId,
      setTimeout(() => customerTyping({ ticketId, on: false }), lastsMs),
    );
  if (typing.value.has(ticketId) === on) return;
  const next = new Set(typing.value);
  if (on) next.add(ticketId);
  else next.delete(ticketId);
  typing.value = next;
}

/** Nobody is writing any more as far as this page knows: somebody else may sign in here. */
export function forgetTyping(): void {
  for (const ticketId of [...typing.value]) customerTyping({ ticketId, on: false });
}
