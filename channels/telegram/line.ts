import type { ChannelHost } from '../channel.ts';
import { tellConnection } from '../support/connection.ts';
import type { Api } from './api.ts';
import { ApiFault, channelErrorOf, silenceOf } from './fault.ts';
import { takeInLanes } from './lanes.ts';
import { jittered, type Pace, pause } from './pace.ts';
import { allowedUpdates, type WireUpdate, type WireUser } from './wire.ts';

/** Why a line ended: told to leave, the token is void, somebody else polls, another channel has this bot. */
export type Ending = 'left' | 'logged-out' | 'elsewhere' | 'taken';

export interface LineMeans {
  api: Api;
  host: ChannelHost;
  pace: Pace;
  /** Aborts when the channel is to leave: no further poll, what is being received is finished. */
  leaving: AbortSignal;
  /** Aborts when everything must end at once. */
  dead: AbortSignal;
  /** Takes one update; rejects when it is not durable. `since`: when the line came up, in ms. */
  take(update: WireUpdate, since: number): Promise<void>;
  /** The bot is known to be ours: from now on there may be sends. */
  ready(): void;
  /** The first try has ended, whatever came of it. */
  tried(): void;
}

interface State {
  /** null: not known yet, or not known to be ours. */
  bot: WireUser | null;
  online: boolean;
  since: number;
  /** The next poll's; confirms all before it. */
  offset: number;
  confirmed: number;
}

/**
 * Polls until something ends it. Takes all updates of a poll before the next one confirms them: nothing is kept here,
 * the Bot API itself hands over again what was not confirmed (getUpdates, `offset`).
 */
export async function keepLine(means: LineMeans): Promise<Ending> {
  const { leaving, tried } = means;
  const state: State = { bot: null, online: false, since: 0, offset: 0, confirmed: 0 };
  while (!leaving.aborted) {
    try {
      if (state.bot === null && !(await enter(means, state))) return 'taken';
      await round(means, state);
    } catch (error) {
      if (leaving.aborted) break;
      const ending = await judge(means, state, error);
      if (ending !== null) return ending;
    } finally {
      tried();
    }
  }
  await confirm(means, state);
  return 'left';
}

/** False: another channel has this bot. */
async function enter({ api, host, pace, leaving, ready }: LineMeans, state: State): Promise<boolean> {
  const bot = userOf(await api.call('getMe', {}, pace.answerMs, leaving));
  if (!(await host.own(String(bot.id)))) {
    await tellConnection(host, { phase: 'off', reason: 'channel.account-taken' });
    return false;
  }
  // Polling and a webhook exclude each other; what waits for the webhook is kept for us.
  await api.call('deleteWebhook', { drop_pending_updates: false }, pace.answerMs, leaving);
  state.bot = bot;
  ready();
  return true;
}

async function round(means: LineMeans, state: State): Promise<void> {
  const { host, pace, leaving } = means;
  // Until it is certain that the network is there, it is not asked to wait.
  const updates = await poll(means, state, state.online ? pace.pollSeconds : 0, leaving);
  if (!state.online) await announce(means, state);
  if (updates.length === 0) return;
  try {
    await takeInLanes(updates, async (update) => {
      leaving.throwIfAborted();
      await means.take(update, state.since);
    });
    // Not the highest ever: after a quiet week numbers go on anywhere, also below (Bot API, Update).
    state.offset = Math.max(...updates.map(({ update_id }) => update_id)) + 1;
  } catch (error) {
    if (leaving.aborted) return;
    host.log('the desk did not take what came; it will come again', { reason: nameOf(error) });
    await pause(jittered(pace.backoffMs), leaving);
  }
}

async function poll(means: LineMeans, state: State, seconds: number, signal: AbortSignal): Promise<WireUpdate[]> {
  const { offset } = state;
  const how = { offset, limit: 100, timeout: seconds, allowed_updates: allowedUpdates };
  const updates = await means.api.call('getUpdates', how, seconds * 1_000 + means.pace.answerMs, signal);
  if (!Array.isArray(updates)) throw new ApiFault('getUpdates', { reach: 'unknown', status: 0 });
  state.confirmed = offset;
  return updates;
}

async function announce({ host }: LineMeans, state: State): Promise<void> {
  state.online = true;
  state.since = Date.now();
  const { id = 0, first_name = '', username = '' } = state.bot ?? {};
  const name = username === '' ? first_name : `${first_name} @${username}`;
  await tellConnection(host, { phase: 'online', as: String(id), name });
}

/** Tells the desk what is wrong, and waits; answers why the line ends, null when it goes on. */
async function judge({ host, pace, leaving }: LineMeans, state: State, error: unknown): Promise<Ending | null> {
  state.online = false;
  if (error instanceof ApiFault && error.status === 409) {
    await tellConnection(host, { phase: 'waiting', retryAt: inMs(30_000), reason: 'used-elsewhere' });
    return 'elsewhere';
  }
  const { fault, code, retryAfterMs } = troubleOf(error);
  if (fault === 'logged-out') {
    await tellConnection(host, { phase: 'logged-out', reason: code });
    return 'logged-out';
  }
  if (!(error instanceof ApiFault)) host.log('the channel has a fault of its own', { reason: nameOf(error) });
  const wait = retryAfterMs ?? jittered(pace.backoffMs);
  await tellConnection(host, { phase: 'waiting', retryAt: inMs(wait), reason: code });
  await pause(wait, leaving);
  return null;
}

/** Of a poll without an answer it does not matter how far it got. */
function troubleOf(error: unknown): { fault: string; code: string; retryAfterMs: number | null } {
  if (!(error instanceof ApiFault)) return { fault: 'temporary', code: 'service.unavailable', retryAfterMs: null };
  if (error.reach === 'answered') return channelErrorOf(error);
  const code = error.status === 0 ? 'telegram.unreachable' : silenceOf(error);
  return { fault: 'temporary', code, retryAfterMs: null };
}

/** What was taken last is not handed over again to the next who polls. */
async function confirm(means: LineMeans, state: State): Promise<void> {
  if (state.offset === state.confirmed || means.dead.aborted) return;
  // Its updates, if any, are not taken, and no later offset confirms them.
  await poll(means, state, 0, means.dead).catch(() => means.host.log('the last updates will come again'));
}

function userOf(value: unknown): WireUser {
  if (typeof value !== 'object' || value === null || !('id' in value) || typeof value.id !== 'number') {
    throw new ApiFault('getMe', { reach: 'unknown', status: 0 });
  }
  return { ...value, id: value.id };
}

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
