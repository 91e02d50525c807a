import { setTimeout as sleep } from 'node:timers/promises';
import { unattended } from '#shared/unattended.ts';
import type { ChannelEvent, ChannelHost } from '../channel.ts';
import { tellConnection } from '../support/connection.ts';
import { type Underway, underway } from '../support/underway.ts';
import type { Api } from './api.ts';
import { eventsOf, rawOf, updateKey } from './inbound.ts';
import { type Ending, keepLine } from './line.ts';
import { withFile } from './media.ts';
import type { OutboundMeans } from './outbound.ts';
import type { Pace } from './pace.ts';
import type { Bot } from './settings.ts';
import { chatOf, type WireUpdate } from './wire.ts';

export interface StayMeans {
  api: Api;
  bot: Bot;
  pace: Pace;
}

/** One time of being connected: from `connect` to `disconnect`. */
export interface Stay {
  /** What sends and downloads need; its signal ends everything at once, as `host.signal` does. */
  means: OutboundMeans;
  /** Sends and the like, which `leave` waits for. */
  work: Underway;
  /** Resolves when the first try has ended: online, or told why not. */
  tried: Promise<void>;
  /** Whether the bot is known to be ours and nothing has ended yet. */
  open(): boolean;
  ending(): Ending | null;
  /** Finishes what is under way, for as long as the pace allows, and tells that the channel is off. */
  leave(): Promise<void>;
}

/** Begins a stay. */
export function begin(given: StayMeans, host: ChannelHost): Stay {
  const [leave, end] = [new AbortController(), new AbortController()];
  const dead = AbortSignal.any([host.signal, end.signal]);
  const leaving = AbortSignal.any([leave.signal, dead]);
  const means: OutboundMeans = { ...given, host, signal: dead };
  const work = underway();
  let ready = false;
  let ending: Ending | null = null;
  let firstTry: () => void = () => undefined;
  const tried = new Promise<void>((resolve) => {
    firstTry = resolve;
  });

  async function run(): Promise<void> {
    await tellConnection(host, { phase: 'connecting', attempt: 1 });
    const take = (update: WireUpdate, since: number) => takeUpdate(means, work, update, since);
    const isReady = () => {
      ready = true;
    };
    ending = await keepLine({ ...given, host, leaving, dead, take, ready: isReady, tried: firstTry });
  }

  const running = run().finally(firstTry);
  unattended(running, 'line to Telegram');
  return {
    means,
    work,
    tried,
    open: () => ready && ending === null && !leaving.aborted,
    ending: () => ending,
    async leave() {
      leave.abort();
      await atMost(given.pace.leaveMs, [running, work.drained()]);
      end.abort();
      if (!host.signal.aborted) await tellConnection(host, { phase: 'off' });
    },
  };
}

/** What an update means, with its file fetched. Rejects for an update that is not as it should be. */
export async function eventsWithFiles(
  means: OutboundMeans,
  update: WireUpdate,
  since: number,
): Promise<ChannelEvent[]> {
  return await eventsOf(update, since, (content, file) => withFile(means, content, file));
}

/** Brings one update to the desk. Rejects when it was not taken. */
async function takeUpdate(means: OutboundMeans, work: Underway, update: WireUpdate, since: number): Promise<void> {
  const { host, signal } = means;
  answerPress(means, work, update);
  if (update.my_chat_member?.new_chat_member.status === 'kicked' && chatOf(update)?.type === 'private') {
    host.log('a customer blocked the bot');
  }
  const events = await eventsWithFiles(means, update, since).catch((error: unknown): ChannelEvent[] => {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.name : 'unknown';
    const key = updateKey(update.update_id);
    return [{ type: 'unreadable', key, at: new Date().toISOString(), reason, raw: rawOf(update) }];
  });
  for (const event of events) {
    signal.throwIfAborted();
    await host.receive(event);
  }
}

/** A pressed button shows that it waits until it is answered: that is done at once, and may be lost. */
function answerPress({ api, host, pace, signal }: OutboundMeans, work: Underway, update: WireUpdate): void {
  const id = update.callback_query?.id;
  if (id === undefined) return;
  const answered = api
    .call('answerCallbackQuery', { callback_query_id: id }, pace.answerMs, signal)
    .catch(() => host.log('a pressed button was not answered'));
  unattended(
    work.run(() => answered),
    'answer to a pressed button',
  );
}

async function atMost(ms: number, promises: Promise<unknown>[]): Promise<void> {
  const over = new AbortController();
  const late = sleep(ms, null, { signal: over.signal }).catch(() => null);
  await Promise.race([Promise.allSettled(promises).then(() => over.abort()), late]);
}
