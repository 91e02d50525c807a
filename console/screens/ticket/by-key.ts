import type { MessageView } from '#shared/message.ts';
import { doableOf } from '../../state/doable.ts';
import { me } from '../../state/me.ts';
import { messagesIn, type Thread } from '../../state/thread.ts';
import { open } from '../../state/ticket.ts';
import { changing } from './acting.ts';
import { quote } from './bubble-acts.tsx';

/** Opens one's last message that can still be edited; answers whether there is one. */
export function editLast(ticketId: string): boolean {
  const now = open.value;
  if (now.phase !== 'here' || now.ticketId !== ticketId) return false;
  const message = last(now.thread, (one) => can(now.thread, one).edit);
  if (message !== undefined) changing.value = { message, verb: 'edit' };
  return message !== undefined;
}

/** Quotes the message that holds the focus, otherwise the customer's last one. */
export function quoteByKey(thread: Thread): void {
  const id = document.activeElement?.closest<HTMLElement>('[data-message]')?.dataset.message;
  const message = last(thread, (one) => (id === undefined ? one.direction === 'in' : one.id === id));
  if (message !== undefined && can(thread, message).quote) quote(message);
}

const last = (thread: Thread, fits: (message: MessageView) => boolean): MessageView | undefined =>
  messagesIn(thread).findLast(fits);

const can = ({ ticket }: Thread, message: MessageView) => doableOf(ticket, message, me.value?.agent.id ?? null);
