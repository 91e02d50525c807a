import { useState } from 'preact/hooks';
import type { ChannelView } from '#shared/channel.ts';
import { unattended } from '#shared/unattended.ts';
import { explain } from '../../../explain.ts';
import { post } from '../../../http.ts';
import { Button } from '../../../parts/button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { say, t } from '../../../text.ts';
import { useWatched } from './watched.ts';

const everyMs = 30_000;

/** Taking a channel away for good, offered only where nobody can have written. */
export function Remove({ item, onRemoved }: { item: ChannelView; onRemoved: () => void }) {
  const words = t.channels;
  const { channel } = useWatched(item.id, everyMs);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [why, setWhy] = useState<string | null>(null);
  if (channel === null || !channel.removable) return null;
  const remove = async () => {
    setAsking(false);
    setBusy(true);
    try {
      await post(`/channels/${item.id}/remove`);
      onRemoved();
    } catch (error) {
      setWhy(explain(error));
      setBusy(false);
    }
  };
  return (
    <div class="switch">
      <p>{words.removeText}</p>
      <Button kind="danger" busy={busy} onClick={() => setAsking(true)}>
        {words.remove}
      </Button>
      {why !== null && (
        <p class="refusal" role="alert">
          {why}
        </p>
      )}
      {asking && (
        <Dialog title={say(words.removeTitle, { name: item.name })} onClose={() => setAsking(false)}>
          <div class="form">
            <p>{words.removeSure}</p>
            <div class="acts">
              <Button onClick={() => setAsking(false)}>{t.settings.registry.cancel}</Button>
              <Button kind="danger" autofocus onClick={() => unattended(remove(), 'remove a channel')}>
                {words.remove}
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </div>
  );
}
