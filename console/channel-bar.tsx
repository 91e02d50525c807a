import { useEffect, useState } from 'preact/hooks';
import { Banner } from './parts/banner.tsx';
import { Button } from './parts/button.tsx';
import { catalog } from './state/catalog.ts';
import { isAdmin } from './state/me.ts';
import { calledOut, patienceMs, type Troubled, troubledAfter } from './state/troubled.ts';
import { say, t } from './text.ts';

/** Tells administrators of a channel that has been away for a while; a new outage is told anew. */
export function ChannelBar() {
  const [troubled, setTroubled] = useState<Troubled>(new Map());
  const [dismissed, setDismissed] = useState<Troubled>(new Map());
  const [now, setNow] = useState(Date.now);
  const { channels } = catalog.value;
  useEffect(() => {
    setTroubled((before) => troubledAfter(before, channels, Date.now()));
    const timer = setTimeout(() => setNow(Date.now()), patienceMs + 500);
    setNow(Date.now());
    return () => clearTimeout(timer);
  }, [channels]);
  const id = isAdmin() ? calledOut(troubled, dismissed, now) : null;
  const channel = channels.find((one) => one.id === id);
  if (channel === undefined) return null;
  const words = t.channels;
  const sentence = channel.connection.phase === 'logged-out' ? words.barLoggedOut : words.bar;
  const since = troubled.get(channel.id) ?? 0;
  return (
    <Banner>
      {say(sentence, { name: channel.name })}
      <a href={`/configuracoes/canais?canal=${channel.id}`}>{words.barOpen}</a>
      <Button kind="link" onClick={() => setDismissed(new Map(dismissed).set(channel.id, since))}>
        {words.barDismiss}
      </Button>
    </Banner>
  );
}
