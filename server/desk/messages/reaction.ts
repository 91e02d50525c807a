import type { ChannelEvent } from '#channels/channel.ts';
import type { Reaction } from '#shared/message.ts';
import type { Actor } from '#shared/people.ts';
import type { Desk } from '../desk.ts';
import { tellMessage } from './tell.ts';

type Reacted = Extract<ChannelEvent, { type: 'reaction' }>;

const emojiMost = 32;

/** A customer's reaction to a message, one a person; null takes it back. `absent`: the desk has no such message (yet). */
export async function reaction(
  desk: Desk,
  channelId: string,
  { target, from, emoji, at }: Reacted,
): Promise<'stored' | 'absent'> {
  const changed = await desk.store.transact(async (records) => {
    const [message] = await records.messages.byExternalIds(channelId, [target]);
    if (message === undefined) return 'absent';
    const known = await records.contacts.byIdentities(from.identities);
    const [contact] = known.values();
    const by: Actor = { kind: 'customer', id: contact?.id ?? null, name: contact?.name ?? from.name };
    return await records.messages.amend(message.id, { reactions: reacted(message.reactions, by, emoji, at) });
  });
  if (changed === 'absent') return 'absent';
  await tellMessage(desk, changed);
  return 'stored';
}

/** Pure: one reaction a person, the newest at the end. */
export function reacted(before: Reaction[], by: Actor, emoji: string | null, at: string): Reaction[] {
  const others = before.filter((one) => one.by.kind !== by.kind || one.by.id !== by.id);
  return emoji === null ? others : [...others, { by, emoji: emoji.slice(0, emojiMost), at }];
}
