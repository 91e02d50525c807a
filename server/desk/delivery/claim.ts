import type { Desk, KeptMessage, Records } from '../desk.ts';

/** Thrown when a message is no longer to be sent: it was given up, or somebody else sent it. */
export class MovedOn extends Error {}

/**
 * Marks a message as being sent, last before bytes leave, under the id that its network will know it by when that is
 * known already. `fence` throws when this process may not send any more. Throws MovedOn.
 */
export async function claim(
  desk: Desk,
  message: KeptMessage,
  fence: (records: Records) => Promise<void>,
  externalId?: string,
): Promise<KeptMessage> {
  const attempts = (message.delivery?.attempts ?? 0) + 1;
  const delivery = { state: 'sending' as const, at: desk.now(), attempts, failure: null };
  return await desk.store.transact(async (records) => {
    await fence(records);
    const claimed = await records.messages.deliver(message.id, ['queued', 'sending'], delivery, externalId);
    if (claimed === null) throw new MovedOn();
    return claimed;
  });
}
