import type { Desk, KeptMessage } from '../desk.ts';

/** Marks a queued message as being sent; null when somebody else did or it has moved on. Called last before bytes leave. */
export async function claim(desk: Desk, message: KeptMessage): Promise<KeptMessage | null> {
  const attempts = (message.delivery?.attempts ?? 0) + 1;
  return await desk.store.messages.deliver(message.id, ['queued', 'sending'], {
    state: 'sending',
    at: desk.now(),
    attempts,
    failure: null,
  });
}
