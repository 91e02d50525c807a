import { ChannelError } from '#channels/channel.ts';
import { type MessageView, messageView } from '#shared/message.ts';
import { DeskError } from '../../errors.ts';
import { allow } from '../access.ts';
import type { Caller, Desk } from '../desk.ts';
import { transactWork } from '../perform.ts';

/**
 * Edits (text) or takes back (null) a message of ours: first at its network, then here, as a history event. What dies in
 * between has changed only there, and may be done once more without harm.
 */
export async function changeSent(
  desk: Desk,
  by: Caller,
  ticketId: string,
  messageId: string,
  text: string | null,
): Promise<MessageView> {
  const { store, lines } = desk;
  const ticket = allow(by, 'ticket.reply', await store.tickets.byId(ticketId));
  if (ticket.closedAt !== null) throw new DeskError('ticket.closed');
  const message = await store.messages.byId(messageId);
  const ours = message?.ticketId === ticketId && message.direction === 'out' && message.removedAt === null;
  if (message === null || !ours || message.externalId === null) throw new DeskError('message.not-found');
  try {
    // A message of its own to the network: under the old id it would be the old message once more.
    await lines.change({ ...message, id: desk.newId() }, text === null ? null : { text });
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    if (error.code === 'channel.cannot') throw new DeskError('channel.cannot');
    throw new DeskError('channel.trouble', { reason: error.code });
  }
  return await transactWork(desk, by, null, async ({ records, record, at }) => {
    const before = await records.tickets.byId(ticketId);
    const now = await records.messages.byId(messageId);
    if (before === null || now === null) throw new DeskError('message.not-found');
    const fields = text === null ? { removedAt: at } : { content: { ...now.content, text }, editedAt: at };
    const changed = await records.messages.amend(messageId, fields);
    if (changed === null) throw new DeskError('message.not-found');
    const act = text === null ? ('message.removed' as const) : ('message.edited' as const);
    await record(before, before, { act, message: changed });
    return messageView(changed);
  });
}
