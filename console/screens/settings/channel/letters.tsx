import { useEffect, useRef, useState } from 'preact/hooks';
import type { Page } from '#shared/api.ts';
import { unattended } from '#shared/unattended.ts';
import { now } from '../../../clock.ts';
import { explain } from '../../../explain.ts';
import { failureText } from '../../../failures.ts';
import { shortTime } from '../../../format.ts';
import { get, post } from '../../../http.ts';
import { Button } from '../../../parts/button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { say, t } from '../../../text.ts';

/** What a channel brought and the desk could not take, as the server lists it. */
interface Letter {
  id: string;
  at: string;
  reason: string;
  tries: number;
}

interface LettersProps {
  channelId: string;
  /** How many there are, as health tells: another number fetches the list again. */
  count: number;
  onDone: () => void;
}

/** The dead letters of a channel: each can be tried once more or thrown away. */
export function Letters({ channelId, count, onDone }: LettersProps) {
  const words = t.channels;
  const [page, setPage] = useState<Page<Letter> | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const section = useRef<HTMLElement>(null);
  const [discarding, setDiscarding] = useState<Letter | null>(null);
  const load = async (before?: string) => {
    try {
      const next = await get<Page<Letter>>(`/channels/${channelId}/dead-letters`, { before });
      setPage((was) => (before === undefined ? next : { ...next, items: [...(was?.items ?? []), ...next.items] }));
    } catch (error) {
      setSaid(explain(error));
    }
  };
  useEffect(() => unattended(load(), 'dead letters'), [channelId, count]);
  const act = async (letter: Letter, verb: 'reprocess' | 'discard') => {
    setDiscarding(null);
    try {
      const path = `/channels/${channelId}/dead-letters/${letter.id}/${verb}`;
      const { taken } = await post<{ taken?: boolean }>(path);
      setSaid(verb === 'discard' ? null : taken ? words.reprocessed : words.stillNot);
    } catch (error) {
      setSaid(explain(error));
    }
    await load();
    onDone();
    // The button that was pressed went with its letter.
    if (document.activeElement === document.body) section.current?.focus();
  };
  return (
    <section ref={section} tabIndex={-1} class="dead" aria-label={words.letters}>
      <h3>{words.letters}</h3>
      <p role="status">{said}</p>
      {page?.items.length === 0 && <p class="lead">{words.lettersEmpty}</p>}
      <ul class="letters">
        {page?.items.map((letter) => (
          <li key={letter.id}>
            <span class="texts">
              <span>{failureText(letter.reason)}</span>
              <span class="detail">
                {shortTime(letter.at, now.value)} · {say(words.letterTries, { n: letter.tries })}
              </span>
            </span>
            <Button compact onClick={() => unattended(act(letter, 'reprocess'), 'reprocess')}>
              {words.reprocess}
            </Button>
            <Button compact kind="danger" onClick={() => setDiscarding(letter)}>
              {words.discard}
            </Button>
          </li>
        ))}
      </ul>
      {typeof page?.next === 'string' && (
        <Button kind="link" onClick={() => unattended(load(page.next ?? undefined), 'dead letters')}>
          {words.more}
        </Button>
      )}
      {discarding !== null && (
        <Dialog title={words.discardTitle} onClose={() => setDiscarding(null)}>
          <div class="form">
            <p>{words.discardText}</p>
            <div class="acts">
              <Button onClick={() => setDiscarding(null)}>{t.settings.registry.cancel}</Button>
              <Button kind="danger" autofocus onClick={() => unattended(act(discarding, 'discard'), 'discard')}>
                {words.discard}
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </section>
  );
}
