import type { ChannelKind } from '#shared/channel.ts';
import { newClientId } from '#shared/client-id.ts';
import type { MessageView } from '#shared/message.ts';
import { explain } from '../../explain.ts';
import { command } from '../../live.ts';
import { toast } from '../../parts/toast.tsx';
import { me } from '../../state/me.ts';
import { messageChanged } from '../../state/ticket.ts';

/** Reactions at hand. Bots of Telegram may use only some of its own, so there is no free choice there. */
export const atHand: Partial<Record<ChannelKind, { common: readonly string[]; free: boolean }>> = {
  whatsapp: { common: ['👍', '❤️', '😂', '😮', '😢', '🙏'], free: true },
  telegram: { common: ['👍', '❤', '😁', '😢', '🙏', '🎉', '🔥', '👏', '🤔', '😱', '👀', '👌'], free: false },
};

/** What I reacted with, null when I did not. */
export function ownReaction({ reactions }: MessageView): string | null {
  return reactions.find(({ by }) => by.id !== null && by.id === me.value?.agent.id)?.emoji ?? null;
}

/** Reacts; the same emoji once more takes it back. */
export async function react(message: MessageView, emoji: string): Promise<void> {
  const { ticketId, id } = message;
  const next = ownReaction(message) === emoji ? null : emoji;
  try {
    messageChanged(await command('message:react', { ticketId, messageId: id, emoji: next, clientId: newClientId() }));
  } catch (error) {
    toast(explain(error), 'bad');
  }
}
