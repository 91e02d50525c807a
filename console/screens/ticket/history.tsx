import { useEffect, useRef } from 'preact/hooks';
import type { Entry } from '#shared/history.ts';
import { unattended } from '#shared/unattended.ts';
import { dateTime } from '../../format.ts';
import { useWindowed } from '../../parts/windowed.ts';
import type { Thread } from '../../state/thread.ts';
import { fetchOlder, open } from '../../state/ticket.ts';
import { say, t } from '../../text.ts';
import { changesOf, sentenceOf } from './telling.ts';

/** The keyboard scrolls the history too. */
const scrollable = { tabIndex: 0 };

/** Every event of the ticket, the newest first: who, when, and from which value to which. */
export function History({ thread }: { thread: Thread }) {
  const list = useRef<HTMLOListElement>(null);
  const entries = thread.entries.toReversed();
  const windowed = useWindowed({
    count: entries.length,
    scroller: list,
    keyOf: (index) => String(entries[index]?.seq ?? index),
    estimate: () => 56,
    paddingStart: 8,
    paddingEnd: 12,
  });
  const visible = windowed.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  const state = open.value;
  const older = state.phase === 'here' ? state.older : 'none';
  useEffect(() => {
    if (last >= entries.length - 5 && older === 'more') unattended(fetchOlder(), 'older history');
  }, [last, older, entries.length]);
  return (
    <ol ref={list} class="history" aria-label={t.history.title} {...scrollable}>
      <li class="height" style={{ height: `${windowed.getTotalSize()}px` }} aria-hidden="true" />
      {visible.map(({ index, key, start }) => {
        const entry = entries[index];
        return (
          entry && (
            <li
              key={key}
              data-index={index}
              ref={windowed.measureElement}
              style={{ transform: `translateY(${start}px)` }}
              aria-setsize={older === 'none' ? entries.length : -1}
              aria-posinset={index + 1}
            >
              <Event entry={entry} />
            </li>
          )
        );
      })}
    </ol>
  );
}

function Event({ entry }: { entry: Entry }) {
  const said = entry.act === 'message.added' ? entry.message.text : entry.act === 'note.added' ? entry.note.text : null;
  return (
    <>
      <p>{sentenceOf(entry)}</p>
      {said !== null && <p class="quoted cut">{said}</p>}
      {changesOf(entry).map((line) => (
        <p key={line} class="changed">
          {line}
        </p>
      ))}
      {entry.reason !== null && <p class="changed">{say(t.history.reason, { reason: entry.reason })}</p>}
      <p class="meta numbers">
        {dateTime(entry.at)} · {entry.seq}
      </p>
    </>
  );
}
