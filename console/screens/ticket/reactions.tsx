import type { MessageView, Reaction } from '#shared/message.ts';
import { unattended } from '#shared/unattended.ts';
import { say, t } from '../../text.ts';
import { ownReaction, react } from './reacting.ts';
import { actorName } from './telling.ts';
import './reactions.css';

/**
 * What people reacted with, each emoji once; who it was is told on hover, on focus and to screen readers. With `toggles`
 * a click joins in, or takes one's own back.
 */
export function Reactions({ message, toggles }: { message: MessageView; toggles: boolean }) {
  const byEmoji = new Map<string, Reaction[]>();
  for (const one of message.reactions) byEmoji.set(one.emoji, [...(byEmoji.get(one.emoji) ?? []), one]);
  const own = ownReaction(message);
  return (
    <ul class="reactions" aria-label={t.media.reactions}>
      {[...byEmoji].map(([emoji, given]) => {
        const names = given.map(({ by }) => actorName(by)).join(', ');
        const inside = (
          <>
            <span aria-hidden="true">
              {emoji} {given.length > 1 && given.length}
            </span>
            <span class="words">{say(t.media.reactionBy, { emoji, names })}</span>
            <span class="who" aria-hidden="true">
              {names}
            </span>
          </>
        );
        return (
          <li key={emoji}>
            {toggles ? (
              <button
                type="button"
                class="reaction"
                aria-pressed={emoji === own}
                onClick={() => unattended(react(message, emoji), 'react')}
              >
                {inside}
              </button>
            ) : (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: who it was must be reachable by keyboard
              <span class="reaction" tabIndex={0}>
                {inside}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
