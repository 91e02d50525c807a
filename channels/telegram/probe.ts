import type { Check, Probe, Probed } from '../channel.ts';
import { type Api, apiOf } from './api.ts';
import { ApiFault, channelErrorOf } from './fault.ts';
import { type Bot, botOf, linkTo } from './settings.ts';
import { download } from './transfer.ts';

const answerMs = 15_000;
const photoMost = 256 * 1024;

/**
 * Asks Telegram who the bot is. Steps: `telegram.token`, `telegram.webhook` (never fails the whole: connecting removes
 * a webhook, but whoever set it will wonder). Settings worth keeping: `username`, and `link` by which customers come.
 */
export const telegramProbe: Probe = async (settings, endpoints, tell) => {
  const bot = botOf(settings, endpoints);
  const api = apiOf(bot);
  const me = await checked(tell, 'telegram.token', async () => ({
    value: await ask(api, 'getMe', {}),
    code: null,
    detail: null,
  }));
  if (me === null) return { ok: false, as: '', name: null, photo: null, settings: {} };
  await checked(tell, 'telegram.webhook', async () => {
    const { url } = record(await ask(api, 'getWebhookInfo', {}));
    const host = typeof url === 'string' && URL.canParse(url) ? new URL(url).host : null;
    return { value: true, code: host === null ? null : 'telegram.webhook-elsewhere', detail: host };
  });
  const { id, first_name, username } = record(me);
  return {
    ok: true,
    as: String(id),
    name: [first_name, typeof username === 'string' ? `@${username}` : ''].filter(Boolean).join(' '),
    photo: await photoOf(bot, api, id),
    settings: typeof username === 'string' ? { username, link: linkTo(username) } : {},
  } satisfies Probed;
};

interface Outcome<T> {
  value: T;
  code: string | null;
  detail: string | null;
}

/** Runs one step and tells how it ended; null when it failed. */
async function checked<T>(
  tell: (check: Check) => void,
  step: string,
  run: () => Promise<Outcome<T>>,
): Promise<T | null> {
  const began = performance.now();
  const ms = () => Math.round(performance.now() - began);
  try {
    const { value, code, detail } = await run();
    tell({ step, ok: true, ms: ms(), code, detail });
    return value;
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
    const detail = error.description === '' ? null : error.description;
    tell({ step, ok: false, ms: ms(), code: channelErrorOf(error).code, detail });
    return null;
  }
}

async function ask(api: Api, method: string, payload: Record<string, unknown>): Promise<unknown> {
  return await api.call(method, payload, answerMs, new AbortController().signal);
}

/** The largest picture of the bot that is small enough. Having none, or not getting it, is no fault. */
async function photoOf(bot: Bot, api: Api, userId: unknown): Promise<Uint8Array | null> {
  try {
    const { photos } = record(await ask(api, 'getUserProfilePhotos', { user_id: userId, limit: 1 }));
    const sizes = Array.isArray(photos) && Array.isArray(photos[0]) ? photos[0].map(record) : [];
    const fitting = sizes.filter(({ file_size }) => Number(file_size ?? 0) <= photoMost);
    const best = fitting.sort((a, b) => Number(b.width) - Number(a.width))[0];
    if (best === undefined) return null;
    const { file_path } = record(await ask(api, 'getFile', { file_id: best.file_id }));
    return await bytesOf(bot, String(file_path));
  } catch (error) {
    if (error instanceof ApiFault) return null;
    throw error;
  }
}

async function bytesOf(bot: Bot, path: string): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of download(bot, path, { idleMs: answerMs, signal: AbortSignal.timeout(answerMs) })) {
    length += chunk.length;
    if (length > photoMost) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
