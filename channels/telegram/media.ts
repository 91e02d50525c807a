import type { Attachment, Content } from '#shared/message.ts';
import { ChannelError, type ChannelHost } from '../channel.ts';
import type { Api } from './api.ts';
import type { RemoteFile } from './content.ts';
import { ApiFault } from './fault.ts';
import { jittered, type Pace, pause, within } from './pace.ts';
import type { Bot } from './settings.ts';
import { download } from './transfer.ts';

export interface MediaMeans {
  api: Api;
  bot: Bot;
  host: ChannelHost;
  pace: Pace;
  signal: AbortSignal;
}

/** "Bots can currently download files of up to 20MB in size" (Bot API, getFile). */
const downloadMost = 20 * 1024 * 1024;
const tries = 3;

/**
 * Fetches a message's file into the desk. What cannot be fetched becomes `missing`: `too-big`, `quota`, or `media` after three
 * tries. Rejects only when the signal aborts.
 */
export async function withFile(means: MediaMeans, content: Content, file: RemoteFile): Promise<Content> {
  const { host, pace, signal } = means;
  if (file.bytes > downloadMost) return { ...content, missing: 'too-big' };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { ...content, attachments: [await fetchFile(means, file)] };
    } catch (error) {
      signal.throwIfAborted();
      if (isTooBig(error)) return { ...content, missing: 'too-big' };
      if (error instanceof ChannelError && error.code === 'media.quota') return { ...content, missing: 'quota' };
      const wait = error instanceof ApiFault ? error.retryAfterSeconds : null;
      const reason = error instanceof ApiFault || error instanceof ChannelError ? error.message : 'unknown';
      host.log('a file was not fetched', { attempt, reason });
      if (attempt === tries) return { ...content, missing: 'media' };
      await pause(wait === null ? jittered(pace.backoffMs) : wait * 1_000, signal);
    }
  }
}

async function fetchFile({ api, bot, host, pace, signal }: MediaMeans, { id, about }: RemoteFile): Promise<Attachment> {
  const found = await api.call('getFile', { file_id: id }, pace.answerMs, signal);
  const path = typeof found === 'object' && found !== null && 'file_path' in found ? found.file_path : null;
  if (typeof path !== 'string') throw new ApiFault('getFile', { reach: 'answered', status: 200 });
  const { idleMs, transferMs } = pace;
  return await within(transferMs, signal, (until) =>
    host.media.save(download(bot, path, { idleMs, signal: until }), about),
  );
}

function isTooBig(error: unknown): boolean {
  if (error instanceof ChannelError) return error.code === 'media.too-big';
  return error instanceof ApiFault && /file is too big/i.test(error.description);
}
