import type { Agent } from 'node:https';
import type { proto, WAMessageKey } from '@whiskeysockets/baileys';
import { carries } from '#shared/channel.ts';
import type { Attachment } from '#shared/message.ts';
import type { ChannelHost } from '../../channel.ts';
import { type SealedFile, saidOf } from './content.ts';
import { download, MediaFault } from './download.ts';
import type { Link } from './link.ts';

/** What fetching a customer's file needs. */
export interface MediaMeans {
  host: ChannelHost;
  agent: Agent;
  /** The open socket, when there is one. */
  link(): Link | null;
  /** Hosts to ask when the network cannot be asked for some. */
  usualHosts: string[];
}

const renewMs = 15_000;

/** A stored file, or the code of why there is none. */
export type Fetched = { attachment: Attachment } | { missing: 'media' | 'too-big' | 'quota' };

/**
 * Fetches a file and stores it, or says why it cannot be had now. A file that the network does not keep any more is asked
 * of the customer's phone once. Rejects only when the desk takes nothing more.
 */
export async function fetchFile(
  file: SealedFile,
  key: WAMessageKey,
  message: proto.IMessage,
  means: MediaMeans,
): Promise<Fetched> {
  try {
    return await stored(file, means);
  } catch (error) {
    if (means.host.signal.aborted) throw error;
    const renewed = error instanceof MediaFault && error.gone ? await renew(key, message, means) : null;
    if (renewed === null) return missed(error, means);
    return await stored(renewed, means).catch((again: unknown) => {
      if (means.host.signal.aborted) throw again;
      return missed(again, means);
    });
  }
}

async function stored(file: SealedFile, { host, agent, link, usualHosts }: MediaMeans): Promise<Fetched> {
  const hosts = async () => {
    const open = link();
    if (open === null) return usualHosts;
    const { hosts: named } = await open.reached(() => open.socket.refreshMediaConn(false));
    return named.map(({ hostname }) => hostname);
  };
  const bytes = download(file, { agent, hosts, most: carries.whatsapp.bytes, signal: host.signal });
  return { attachment: await host.media.save(bytes, file.about) };
}

/** Where the file lies after the phone has uploaded it again; null when it did not. */
async function renew(key: WAMessageKey, message: proto.IMessage, { link }: MediaMeans): Promise<SealedFile | null> {
  const open = link();
  if (open === null) return null;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), renewMs).unref();
  try {
    const again = await open.reached(() =>
      Promise.race([
        open.socket.updateMediaMessage({ key, message }),
        new Promise<null>((resolve) => late.signal.addEventListener('abort', () => resolve(null))),
      ]),
    );
    return again?.message ? (saidOf(again.message)?.file ?? null) : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

function missed(error: unknown, { host }: MediaMeans): Fetched {
  const fault = error instanceof Error ? error.message : 'unknown';
  host.log('a file of a customer could not be fetched', { fault });
  if (fault === 'media.quota') return { missing: 'quota' };
  const tooBig = error instanceof MediaFault ? error.tooBig : fault === 'media.too-big';
  return { missing: tooBig ? 'too-big' : 'media' };
}
