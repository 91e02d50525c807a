import type { ChannelHealth } from '#shared/channel.ts';

/** One line of a channel's history: a time down (`to` null: still), or another change. */
export type Past =
  | { kind: 'outage'; from: string; to: string | null; recovered: number; reason: string | null }
  | { kind: 'change'; at: string; phase: string; reason: string | null };

/** What the log tells, newest first: from the first "waiting" or "logged-out" until "online" again is one outage. */
export function pastOf(log: ChannelHealth['log']): Past[] {
  const told: Past[] = [];
  let down: Extract<Past, { kind: 'outage' }> | null = null;
  for (const { at, phase, reason, recovered } of log.toReversed()) {
    const fell = phase === 'waiting' || phase === 'logged-out';
    if (fell && down === null) {
      down = { kind: 'outage', from: at, to: null, recovered: 0, reason };
      told.push(down);
    } else if (down === null) {
      told.push({ kind: 'change', at, phase, reason });
    } else if (phase === 'online') {
      down.to = at;
      down.recovered = recovered;
      down = null;
    } else if (phase === 'off') {
      // Switched off by hand: what follows is no longer an outage.
      down.to = at;
      down = null;
      told.push({ kind: 'change', at, phase, reason });
    } else if (reason !== null) {
      down.reason = reason;
    }
  }
  return told.reverse();
}
