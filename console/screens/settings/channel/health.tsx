import { useState } from 'preact/hooks';
import { unattended } from '#shared/unattended.ts';
import { now } from '../../../clock.ts';
import { explain } from '../../../explain.ts';
import { failureText } from '../../../failures.ts';
import { elapsed, shortTime } from '../../../format.ts';
import { post } from '../../../http.ts';
import { Button } from '../../../parts/button.tsx';
import { capped } from '../../../parts/pill.tsx';
import { say, t } from '../../../text.ts';
import { ConnectionState } from '../connection-state.tsx';
import { accountOf } from './account.ts';
import { Letters } from './letters.tsx';
import { type Past, pastOf } from './outages.ts';
import { Pairing } from './pairing.tsx';
import { useWatched, type Watched } from './watched.ts';

/** How a channel does: state, figures, what can be done, what happened. */
export function Health({ channelId }: { channelId: string }) {
  const { channel, why, again } = useWatched(channelId);
  if (channel === null) {
    if (why === null) return <span class="skeleton line" />;
    return (
      <p class="refusal" role="alert">
        {why}
      </p>
    );
  }
  const { connection, active, kind, account } = channel;
  const linking = ['off', 'logged-out', 'pairing'].includes(connection.phase) || account === null;
  const unlinked = active && kind === 'whatsapp' && linking && connection.phase !== 'online';
  return (
    <section class="health" aria-label={t.channels.health}>
      <State channel={channel} told={unlinked} />
      {unlinked ? <Pairing channel={channel} onAsked={again} /> : <Acts channel={channel} onDone={again} />}
      <Figures channel={channel} />
      <History channel={channel} />
      <Letters channelId={channelId} count={channel.health.deadLetters} onDone={again} />
    </section>
  );
}

/** The state and since when; the reason too unless it is `told` below. */
function State({ channel, told }: { channel: Watched; told: boolean }) {
  const { connection, health, active } = channel;
  const [last] = pastOf(health.log);
  const since = last?.kind === 'outage' && last.to === null ? last.from : channel.since;
  const reason = 'reason' in connection ? connection.reason : undefined;
  return (
    <div class="about">
      <ConnectionState channel={channel} />
      {active && since !== null && <span>{say(t.channels.since, { time: shortTime(since, now.value) })}</span>}
      {active && !told && reason !== undefined && <p>{failureText(reason)}</p>}
    </div>
  );
}

/** Test and reconnect; what came of it is said beside them. */
function Acts({ channel, onDone }: { channel: Watched; onDone: () => void }) {
  const words = t.channels;
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ ok: boolean; text: string } | null>(null);
  if (!channel.active) return null;
  const run = async (act: () => Promise<string>) => {
    setBusy(true);
    setSaid(null);
    try {
      setSaid({ ok: true, text: await act() });
    } catch (error) {
      setSaid({ ok: false, text: explain(error) });
    }
    setBusy(false);
    onDone();
  };
  const test = async () => {
    const { ms } = await post<{ ms: number }>(`/channels/${channel.id}/test`);
    return say(words.tested, { n: ms });
  };
  const reconnect = async () => {
    await post(`/channels/${channel.id}/reconnect`);
    return '';
  };
  return (
    <div class="health-acts">
      <Button busy={busy} onClick={() => unattended(run(test), 'test a channel')}>
        {words.test}
      </Button>
      <Button busy={busy} onClick={() => unattended(run(reconnect), 'reconnect a channel')}>
        {words.reconnect}
      </Button>
      <span role="status" class={said?.ok === false ? 'fault' : 'fine'}>
        {said?.text}
      </span>
    </div>
  );
}

function Figures({ channel }: { channel: Watched }) {
  const words = t.channels;
  const { health } = channel;
  const { queue } = health;
  const account = accountOf(channel);
  const at = (time: string | null) => (time === null ? words.never : shortTime(time, now.value));
  const waiting =
    queue.oldest === null
      ? capped(queue.count)
      : say(words.queueOldest, { n: capped(queue.count), age: elapsed(queue.oldest, now.value) });
  const figures: [string, string, boolean][] = [
    [words.lastIn, at(health.lastIn), false],
    [words.lastOut, at(health.lastOut), false],
    [words.queue, waiting, false],
    [words.uncertain, capped(health.uncertain), health.uncertain > 0],
    [words.failed, capped(health.failed), health.failed > 0],
    [words.deadLetters, capped(health.deadLetters), health.deadLetters > 0],
    [words.reconnects, capped(health.reconnects), false],
    [words.outages, capped(health.outages), health.outages > 0],
  ];
  return (
    <dl class="figures">
      {account !== null && (
        <div class="whole">
          <dt>{words.account}</dt>
          <dd>{account}</dd>
        </div>
      )}
      {figures.map(([name, value, wrong]) => (
        <div key={name} class={wrong ? 'wrong' : ''}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function History({ channel }: { channel: Watched }) {
  const words = t.channels;
  const past = pastOf(channel.health.log).slice(0, 12);
  return (
    <section>
      <h3>{words.history}</h3>
      {past.length === 0 && <p class="lead">{words.historyEmpty}</p>}
      <ul class="past">
        {past.map((one) => (
          <li key={one.kind === 'outage' ? one.from : one.at + one.phase}>
            {sentenceOf(one)}
            {one.reason !== null && <span class="detail">{failureText(one.reason)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function sentenceOf(past: Past): string {
  const words = t.channels;
  const told = (at: string) => shortTime(at, now.value);
  if (past.kind === 'change') {
    const phases: Record<string, string> = t.settings.channels.phase;
    return `${told(past.at)} · ${phases[past.phase] ?? past.phase}`;
  }
  if (past.to === null) return say(words.outageNow, { from: told(past.from) });
  return say(words.outage, { from: told(past.from), to: told(past.to), n: past.recovered });
}
