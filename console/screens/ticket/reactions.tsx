import type { Reaction } from '#shared/message.ts';
import { say, t } from '../../text.ts';
import { actorName } from './telling.ts';
import './reactions.css';

/** What people reacted with, each emoji once; who it was is told on hover, on focus and to screen readers. */
export function Reactions({ reactions }: { reactions: readonly Reaction[] }) {
  const byEmoji = new Map<string, Reaction[]>();
  for (const one of reactions) byEmoji.set(one.emoji, [...(byEmoji.get(one.emoji) ?? []), one]);
  return (
    <ul class="reactions" aria-label={t.media.reactions}>
      {[...byEmoji].map(([emoji, given]) => {
        const names = given.map(({ by }) => actorName(by)).join(', ');
        return (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: who it was must be reachable by keyboard
          <li key={emoji} tabIndex={0}>
            <span aria-hidden="true">
              {emoji} {given.length > 1 && given.length}
            </span>
            <span class="words">{say(t.media.reactionBy, { emoji, names })}</span>
            <span class="who" aria-hidden="true">
              {names}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
