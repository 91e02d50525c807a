import type { ChannelView } from '#shared/channel.ts';
import { now } from '../../clock.ts';
import { clock, shortTime } from '../../format.ts';
import { Pill } from '../../parts/pill.tsx';
import { say, t } from '../../text.ts';

interface ConnectionStateProps {
  channel: ChannelView;
  /** Since when; it then stands in the word, in the place of what comes next. */
  since?: string | null;
}

/** The state of the connection: a word, and colour only where something is to be done. */
export function ConnectionState({ channel: { active, connection }, since = null }: ConnectionStateProps) {
  const { phase } = t.settings.channels;
  if (!active) return <Pill>{phase.paused}</Pill>;
  const told = (word: string) =>
    since === null ? word : say(phase.since, { phase: word, time: shortTime(since, now.value) });
  if (connection.phase === 'off') return <Pill>{phase.off}</Pill>;
  if (connection.phase === 'online') return <Pill tone="ok">{told(phase.online)}</Pill>;
  if (connection.phase === 'connecting') return <Pill tone="warn">{phase.connecting}</Pill>;
  if (connection.phase === 'pairing') return <Pill tone="warn">{phase.pairing}</Pill>;
  if (connection.phase === 'logged-out') return <Pill tone="bad">{told(phase['logged-out'])}</Pill>;
  if (since !== null) return <Pill tone="bad">{told(phase.away)}</Pill>;
  return <Pill tone="bad">{say(phase.waiting, { time: clock(connection.retryAt) })}</Pill>;
}
