import { useEffect, useRef } from 'preact/hooks';
import { unattended } from '#shared/unattended.ts';
import { post } from '../../../http.ts';
import type { Watched } from './watched.ts';

interface Made {
  channelId: string | null;
  /** A code was shown. */
  shown: boolean;
  linked: boolean;
  /** The wizard was left. */
  gone: boolean;
}

/**
 * A channel that was made only to be linked goes with its wizard, unless a phone has taken it. `onMade` is told its id as
 * soon as it is there: the wizard may have been left by then.
 */
export function useRemovedUnlinked(channel: Watched | null): { onMade: (channelId: string) => void } {
  const { current: now } = useRef<Made>({ channelId: null, shown: false, linked: false, gone: false });
  const phase = channel?.connection.phase;
  if (phase === 'pairing') now.shown = true;
  if (phase === 'off') now.shown = false;
  // After a code was shown, connecting means that a phone has taken it.
  if (phase === 'online' || (phase === 'connecting' && now.shown) || channel?.account) now.linked = true;
  const settle = () => {
    if (now.gone && now.channelId !== null && !now.linked)
      unattended(post(`/channels/${now.channelId}/remove`), 'remove');
  };
  useEffect(
    () => () => {
      now.gone = true;
      settle();
    },
    [],
  );
  return {
    onMade(channelId) {
      now.channelId = channelId;
      settle();
    },
  };
}
