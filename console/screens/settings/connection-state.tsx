import type { ChannelView } from '#shared/channel.ts';
import { clock } from '../../format.ts';
import { Pill } from '../../parts/pill.tsx';
import { say, t } from '../../text.ts';

/** The state of the connection: a word, and colour only where something is to be done. */
export function ConnectionState({ channel: { active, connection } }: { channel: ChannelView }) {
  const { phase } = t.settings.channels;
  if (!active) return <Pill>{phase.paused}</Pill>;
  if (connection.phase === 'off') return <Pill>{phase.off}</Pill>;
  if (connection.phase === 'online') return <Pill tone="ok">{phase.online}</Pill>;
  if (connection.phase === 'connecting') return <Pill tone="warn">{phase.connecting}</Pill>;
  if (connection.phase === 'pairing') return <Pill tone="warn">{phase.pairing}</Pill>;
  if (connection.phase === 'logged-out') return <Pill tone="bad">{phase['logged-out']}</Pill>;
  return <Pill tone="bad">{say(phase.waiting, { time: clock(connection.retryAt) })}</Pill>;
}
