import type { Actor } from '#shared/people.ts';
import type { Desk } from '../desk.ts';
import { reacted } from './reaction.ts';
import { tellMessage } from './tell.ts';

/** Takes a reaction of ours off again that the network refused, and tells who watches the ticket. */
export async function unreact(desk: Desk, channelId: string, externalId: string, by: Actor): Promise<void> {
  const changed = await desk.store.transact(async (records) => {
    const [message] = await records.messages.byExternalIds(channelId, [externalId]);
    if (message === undefined) return null;
    const reactions = reacted(message.reactions, by, null, desk.now());
    return await records.messages.amend(message.id, { reactions });
  });
  await tellMessage(desk, changed);
}
