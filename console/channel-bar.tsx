import { useEffect, useState } from 'preact/hooks';
import type { ChannelView } from '#shared/channel.ts';
import { Banner } from './parts/banner.tsx';
import { Button } from './parts/button.tsx';
import { catalog } from './state/catalog.ts';
import { isAdmin } from './state/me.ts';
import { awayLong, calledOut, patienceMs, stillDismissed, troubled, troubledAfter } from './state/troubled.ts';
import { language, say, t } from './text.ts';

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
  const shown = channels.filter(({ id }) => awayLong.value.includes(id) && !dismissed.includes(id));
  const [first] = shown;
  if (first === undefined || !isAdmin()) return null;
  const ids = shown.map(({ id }) => id);
  return (
    <Banner>
      {sentenceFor(shown)}
      {shown.length === 1 ? (
        <a href={`/configuracoes/canais?canal=${first.id}`}>{t.channels.barOpen}</a>
      ) : (
        <a href="/configuracoes/canais">{t.channels.barOpenMany}</a>
      )}
      <Button kind="link" onClick={() => setDismissed(keepDismissed(dismissed, [...dismissed, ...ids]))}>
        {t.channels.barDismiss}
      </Button>
    </Banner>
  );
}

/** One outage by its name and kind, several by their names. */
function sentenceFor(away: readonly ChannelView[]): string {
  const words = t.channels;
  const names = new Intl.ListFormat(language.value).format(away.map(({ name }) => name));
  if (away.length > 1) return say(words.barMany, { names });
  return say(away[0]?.connection.phase === 'logged-out' ? words.barLoggedOut : words.bar, { name: names });
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
