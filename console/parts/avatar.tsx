import type { ChannelKind } from '#shared/channel.ts';
import { initials } from '#shared/people.ts';

// Avatars: initials on a pale disc, never a picture; the channel is a letter in a small badge (form and letter, not
// colour). Decorative: the name always stands beside it in words.

const letters: Record<ChannelKind, string> = { whatsapp: 'W', telegram: 'T', email: '@', webchat: 'C' };

/** A person's initials and, when given, the letter of the channel (W, T, @, C). */
export function Avatar({ name, channel, small }: { name: string; channel?: ChannelKind | null; small?: boolean }) {
  return (
    <span class={small ? 'avatar small' : 'avatar'} aria-hidden="true">
      {initials(name)}
      {channel && <span class="glyph">{letters[channel]}</span>}
    </span>
  );
}
