import { signal } from '@preact/signals';
import { newClientId } from '#shared/client-id.ts';
import { unattended } from '#shared/unattended.ts';
import { outboxStore } from './database.ts';
import { command, offlineSince } from './live.ts';
import { Refused, Unanswered } from './refused.ts';
import { me } from './state/me.ts';
import { afterRefusal, inOrder, sendable, type Waiting, withItem, withoutItem } from './state/outbox-order.ts';

/** Replies and notes of the signed-in agent that the server does not have yet, oldest first. They survive a reload. */
export const waiting = signal<readonly Waiting[]>([]);

/** Ids of those that are on their way at this moment. */
export const underWay = signal<ReadonlySet<string>>(new Set());

/** Tickets of colleagues in which the agent agreed to speak, until the page is left. */
const participating = new Set<string>();

/** Reads what an earlier page left behind. Texts of other people at this browser stay where they are. */
export async function loadOutbox(): Promise<void> {
  const agentId = me.value?.agent.id;
  const kept = await outboxStore.in('readonly', (store) => store.getAll() as IDBRequest<Waiting[]>);
  waiting.value = inOrder(kept.filter((item) => item.agentId === agentId));
  drain();
}

/** What may go with a text. */
export type With = Pick<Waiting, 'attachments' | 'replyTo'>;

/** Puts a text into the outbox and sends it when its turn comes. Once this has resolved the text is safe and the input may be cleared. */
export async function enqueue(ticketId: string, kind: Waiting['kind'], text: string, more: With = {}): Promise<void> {
  const agentId = me.value?.agent.id;
  if (agentId === undefined) throw new Refused({ code: 'session.required' });
  const item: Waiting = {
    clientId: newClientId(),
    ticketId,
    agentId,
    kind,
    text,
    ...more,
    at: new Date().toISOString(),
    participate: participating.has(ticketId),
    refusal: null,
  };
  await keep(item);
  drain();
}

/** Sends a refused text again, when `participate` as one who joins a colleague's ticket. */
export async function retry(item: Waiting, participate = item.participate): Promise<void> {
  if (participate) participating.add(item.ticketId);
  await keep({ ...item, participate, refusal: null });
  drain();
}

/** Takes a text out of the outbox: it was edited or given up. */
export async function discard(item: Waiting): Promise<void> {
  await outboxStore.in('readwrite', (store) => store.delete(item.clientId));
  waiting.value = withoutItem(waiting.value, item.clientId);
}

/** Removes every text of the signed-in agent from this browser. */
export async function wipeOutbox(): Promise<void> {
  for (const item of waiting.value) await discard(item);
  participating.clear();
}

/** Sends whatever may be sent now; each ticket's texts one after the other. */
export function drain(): void {
  if (offlineSince.value !== null) return;
  const busy = new Set(waiting.value.filter((item) => underWay.value.has(item.clientId)).map((item) => item.ticketId));
  for (const item of sendable(waiting.value, busy)) unattended(deliver(item), 'send');
}

async function deliver(item: Waiting): Promise<void> {
  underWay.value = new Set(underWay.value).add(item.clientId);
  let pause = 0;
  try {
    await send(item);
    await discard(item);
  } catch (error) {
    pause = await settle(item, error);
  } finally {
    const left = new Set(underWay.value);
    left.delete(item.clientId);
    underWay.value = left;
  }
  if (pause === 0) drain();
  else if (pause > 0) setTimeout(drain, pause);
}

async function send({
  kind,
  ticketId,
  clientId,
  text,
  attachments = [],
  replyTo,
  participate,
}: Waiting): Promise<void> {
  if (kind === 'note') {
    await command('note:add', { ticketId, clientId, text });
    return;
  }
  await command('message:send', {
    ticketId,
    clientId,
    ...(text === '' ? {} : { text }),
    ...(attachments.length === 0 ? {} : { attachmentIds: attachments.map(({ id }) => id) }),
    ...(replyTo === undefined ? {} : { replyTo: replyTo.id }),
    ...(participate ? { participate } : {}),
  });
}

/** What comes after a send that failed; answers how long to wait in ms before sending goes on, -1: until something else starts it. */
async function settle(item: Waiting, error: unknown): Promise<number> {
  if (error instanceof Unanswered) return offlineSince.value === null ? 1_000 : -1;
  if (!(error instanceof Refused)) throw error;
  const next = afterRefusal(error);
  if (next === 'wait') return 3_000;
  if (next === 'sign-in') return -1;
  await keep({ ...item, refusal: { code: error.code, fields: error.fields, about: error.about } });
  return 0;
}

async function keep(item: Waiting): Promise<void> {
  await outboxStore.in('readwrite', (store) => store.put(item));
  waiting.value = withItem(waiting.value, item);
}
