import type { ChannelKind } from '#shared/channel.ts';
import { newClientId } from '#shared/client-id.ts';
import { post, slowMs } from '../../../http.ts';
import { probing } from '../../../state/probing.ts';
import type { Check, Probed } from './checks.tsx';
import { refusalOf } from './refusal.ts';

/** What is tried; with `channelId`, what is left out is as that channel keeps it. */
interface Tried {
  kind: ChannelKind;
  config: Record<string, unknown>;
  channelId?: string;
}

/** Tries settings at their network; `tell` hears each check as it ends. Throws Refused, by its field, for one that failed. */
export async function tryOut(tried: Tried, tell: (checks: readonly Check[]) => void): Promise<Probed> {
  const probeId = newClientId();
  tell([]);
  const stop = probing.subscribe((all) => {
    const heard = all[probeId];
    if (heard !== undefined) tell(heard);
  });
  try {
    const probed = await post<Probed>('/channels/probe', { ...tried, probeId }, slowMs);
    tell(probed.checks);
    if (!probed.ok) throw refusalOf(probed.checks);
    return probed;
  } finally {
    stop();
  }
}
