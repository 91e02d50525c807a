import type { ChannelEvent } from '#channels/channel.ts';
import { previewOf } from '#shared/message.ts';
import type { Actor } from '#shared/people.ts';
import { type Desk, type KeptMessage, system } from '../desk.ts';
import { transactWork } from '../perform.ts';
import { stepOf, write } from '../work.ts';
import { cleanedContent, mediaIdsOf } from './content.ts';

type Changed = Extract<ChannelEvent, { type: 'change' }>;

/**
 * A customer edited or deleted a message of their own. The words of a deleted one stay, marked as such. `absent`: the
 * desk has no such message (yet). Somebody else's message is never changed: then it is `known` and nothing happens.
 */
export async function amend(
  desk: Desk,
  channelId: string,
  { target, from, content }: Changed,
): Promise<'stored' | 'known' | 'absent'> {
  const [found] = await desk.store.messages.byExternalIds(channelId, [target]);
  if (found === undefined) return 'absent';
  if (!(await wroteIt(desk, found, from))) return 'known';
  return await transactWork(desk, system, null, async (work) => {
    const { records, at } = work;
    const message = await records.messages.byId(found.id);
    const before = message === null ? null : await records.tickets.byId(message.ticketId);
    if (message === null || before === null || message.removedAt !== null) return 'known';
    const fields = content === null ? { removedAt: at } : { content: cleanedContent(content), editedAt: at };
    const changed = await records.messages.amend(message.id, fields);
    if (changed === null) return 'known';
    if (content !== null) await records.media.attach(mediaIdsOf(changed.content), before.id);
    const isLast = before.lastMessage !== null && before.lastMessage.at === message.at;
    const lastMessage =
      isLast && before.lastMessage !== null
        ? { ...before.lastMessage, preview: previewOf(changed.content) }
        : before.lastMessage;
    const act = content === null ? ('message.removed' as const) : ('message.edited' as const);
    const author = authorOf(message);
    const after = { ...before, lastMessage };
    await write(work, [
      stepOf({ ...work, by: { ...work.by, actor: author } }, before, after, [{ act, message: changed }]),
    ]);
    return 'stored';
  });
}

/** By address or, where a network knows a person by several, by the contact. What our own phone wrote has no contact. */
async function wroteIt({ store }: Desk, message: KeptMessage, from: Changed['from']): Promise<boolean> {
  if (message.address === from.address) return true;
  const contacts = await store.contacts.byIdentities(from.identities);
  return [...contacts.values()].some(({ id }) => id === message.author.id);
}

const authorOf = ({ author }: KeptMessage): Actor => author;
