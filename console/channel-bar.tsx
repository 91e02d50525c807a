import { useEffect, useState } from 'preact/hooks';
import { Banner } from './parts/banner.tsx';
import { Button } from './parts/button.tsx';
import { catalog } from './state/catalog.ts';
import { isAdmin } from './state/me.ts';
import { awayLong, calledOut, patienceMs, stillDismissed, troubled, troubledAfter } from './state/troubled.ts';
import { say, t } from './text.ts';

/** Outages that were dismissed, for as long as this tab lives. */
const key = 'balcao.dismissed-channels';

/** Tells administrators of a channel that has been away for a while; a new outage is told anew. */
export function ChannelBar() {
  const [dismissed, setDismissed] = useState(keptDismissed);
  const { channels } = catalog.value;
  useEffect(() => {
    const look = () => {
      awayLong.value = calledOut(troubled.value, Date.now());
    };
    troubled.value = troubledAfter(troubled.value, channels, Date.now());
    setDismissed((now) => keepDismissed(now, stillDismissed(now, channels)));
    look();
    const timer = setTimeout(look, patienceMs + 500);
    return () => clearTimeout(timer);
  }, [channels]);
  const id = isAdmin() ? awayLong.value.find((one) => !dismissed.includes(one)) : undefined;
  const channel = channels.find((one) => one.id === id);
  if (channel === undefined) return null;
  const words = t.channels;
  const sentence = channel.connection.phase === 'logged-out' ? words.barLoggedOut : words.bar;
  return (
    <Banner>
      {say(sentence, { name: channel.name })}
      <a href={`/configuracoes/canais?canal=${channel.id}`}>{words.barOpen}</a>
      <Button kind="link" onClick={() => setDismissed(keepDismissed(dismissed, [...dismissed, channel.id]))}>
        {words.barDismiss}
      </Button>
    </Banner>
  );
}

function keptDismissed(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.map(String) : [];
  } catch (error) {
    // A storage that is forbidden or holds nonsense is an empty one.
    if (!(error instanceof DOMException || error instanceof SyntaxError)) throw error;
    return [];
  }
}

function keepDismissed(before: readonly string[], after: readonly string[]): readonly string[] {
  if (before.length === after.length) return before;
  try {
    sessionStorage.setItem(key, JSON.stringify(after));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
  return after;
}
