import { useEffect, useState } from 'preact/hooks';
import type { ChannelHealth, ChannelView } from '#shared/channel.ts';
import { unattended } from '#shared/unattended.ts';
import { explain } from '../../../explain.ts';
import { get } from '../../../http.ts';
import { catalog } from '../../../state/catalog.ts';

/** A channel with how it does, and whether it can be removed: nobody has ever written to it. */
export type Watched = ChannelView & { health: ChannelHealth; removable: boolean };

export interface Watch {
  channel: Watched | null;
  /** Why it could not be fetched. */
  why: string | null;
  again: () => void;
}

/** One channel, asked for again whenever its connection changes and every few seconds: counts are told to nobody. */
export function useWatched(channelId: string | null, everyMs = 4_000): Watch {
  const [channel, setChannel] = useState<Watched | null>(null);
  const [why, setWhy] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  const heard = JSON.stringify(catalog.value.channels.find(({ id }) => id === channelId)?.connection);
  useEffect(() => {
    if (channelId === null) return;
    let gone = false;
    const load = async () => {
      try {
        const next = await get<Watched>(`/channels/${channelId}`);
        if (gone) return;
        setChannel(next);
        setWhy(null);
      } catch (error) {
        if (!gone) setWhy(explain(error));
      }
    };
    unattended(load(), 'channel');
    const timer = setTimeout(() => setTurn(turn + 1), everyMs);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [channelId, heard, turn]);
  return { channel: channel?.id === channelId ? channel : null, why, again: () => setTurn(turn + 1) };
}
