import { useEffect, useRef } from 'preact/hooks';
import { unattended } from '#shared/unattended.ts';
import { post } from '../../../http.ts';
import type { Watched } from './watched.ts';

/** A channel that was made only to be linked goes with its wizard, unless a phone has taken it. */
export function useRemovedUnlinked(channelId: string | null, channel: Watched | null): void {
  const state = useRef({ channelId, shown: false, linked: false });
  const now = state.current;
  now.channelId = channelId;
  const phase = channel?.connection.phase;
  if (phase === 'pairing') now.shown = true;
  if (phase === 'off') now.shown = false;
  // After a code was shown, connecting means that a phone has taken it.
  if (phase === 'online' || (phase === 'connecting' && now.shown) || channel?.account) now.linked = true;
  useEffect(
    () => () => {
      if (now.channelId !== null && !now.linked) unattended(post(`/channels/${now.channelId}/remove`), 'remove');
    },
    [],
  );
}
