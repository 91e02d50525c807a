import type { ChannelKind } from '#shared/channel.ts';

const letters: Record<ChannelKind, string> = { whatsapp: 'W', telegram: 'T', email: '@', webchat: 'C' };

/** The kind of a channel as a letter; its name always stands beside it. */
export function KindGlyph({ kind }: { kind: ChannelKind }) {
  return (
    <span class="avatar" aria-hidden="true">
      {letters[kind]}
    </span>
  );
}
