import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { MessageView } from '#shared/message.ts';
import { unattended } from '#shared/unattended.ts';
import { now } from '../../clock.ts';
import { failureText } from '../../failures.ts';
import { clock, dayKey, dayTitle } from '../../format.ts';
import { waiting } from '../../outbox.ts';
import { Icon } from '../../parts/icon.tsx';
import { useWindowed } from '../../parts/windowed.ts';
import { type Line, linesOf } from '../../state/lines.ts';
import { lastSeq, type Thread } from '../../state/thread.ts';
import { fetchForwardings, fetchOlder, open } from '../../state/ticket.ts';
import { typing } from '../../state/typing.ts';
import { language, say, t } from '../../text.ts';
import { markedMessage, wantedForwarding, wantedMessage } from './acting.ts';
import { MessageBubble, NoteBlock, WaitingBubble } from './bubble.tsx';
import { DropZone } from './drop.tsx';
import { ForwardingCard } from './forwarding-card.tsx';
import { sentenceOf } from './telling.ts';
import './timeline.css';

const guessed: Record<Line['kind'], number> = {
  day: 28,
  unread: 28,
  message: 44,
  note: 48,
  forwarding: 150,
  event: 28,
  waiting: 44,
};

/** The keyboard scrolls the timeline too. */
const scrollable = { tabIndex: 0 };

/** Everything that was said and done, windowed at both ends; sticks to the bottom, and never jumps while one reads above. */
export function Timeline({ thread, unreadSeq }: { thread: Thread; unreadSeq: number | null }) {
  const scroller = useRef<HTMLDivElement>(null);
  const mine = waiting.value.filter((item) => item.ticketId === thread.ticket.id);
  const pending = mine.map((item) => `${item.clientId}${item.refusal?.code ?? ''}`).join();
  const lines = useMemo(() => linesOf(thread, mine, unreadSeq, dayKey), [thread, pending, unreadSeq, language.value]);
  const windowed = useWindowed({
    count: lines.length,
    scroller,
    keyOf: (index) => lines[index]?.key ?? String(index),
    estimate: (index) => guessed[lines[index]?.kind ?? 'message'],
    anchor: 'end',
    paddingStart: 12,
    paddingEnd: 12,
  });
  useLayoutEffect(() => windowed.scrollToEnd(), [windowed]);
  // What I send is what I want to see, wherever I was reading.
  useEffect(() => {
    if (mine.length > 0) windowed.scrollToEnd();
  }, [mine.length]);
  useWantedForwarding(lines, (index) => windowed.scrollToIndex(index, { align: 'center' }));
  useWantedMessage(lines, (index) => windowed.scrollToIndex(index, { align: 'center' }));
  const visible = windowed.getVirtualItems();
  const first = visible[0]?.index ?? 0;
  const state = open.value;
  const older = state.phase === 'here' ? state.older : 'none';
  useEffect(() => {
    if (first < 6 && older === 'more') unattended(fetchOlder(), 'older');
  }, [first, older, lines.length]);
  const atEnd = windowed.isAtEnd(80);
  return (
    <div class="timeline-frame">
      <div ref={scroller} class="timeline" role="log" aria-live="off" aria-label={t.ticket.messages} {...scrollable}>
        {older === 'loading' && <p class="older">{t.ticket.loadingOlder}</p>}
        <div class="height" style={{ height: `${windowed.getTotalSize()}px` }}>
          {visible.map(({ index, key, start }) => {
            const line = lines[index];
            return (
              line && (
                <div
                  key={key}
                  data-index={index}
                  ref={windowed.measureElement}
                  class="slot"
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <LineView line={line} thread={thread} />
                </div>
              )
            );
          })}
        </div>
      </div>
      <Jump thread={thread} atEnd={atEnd} onJump={() => windowed.scrollToEnd()} />
      <Typing thread={thread} />
      <DropZone ticket={thread.ticket} />
      <Spoken thread={thread} />
    </div>
  );
}

function LineView({ line, thread }: { line: Line; thread: Thread }) {
  switch (line.kind) {
    case 'day':
      return <p class="day">{dayTitle(line.at, now.value)}</p>;
    case 'unread':
      return <p class="unread-line">{t.ticket.unreadLine}</p>;
    case 'message':
      return <MessageBubble message={line.message} joined={line.joined} thread={thread} />;
    case 'note':
      return <NoteBlock note={line.note} joined={line.joined} />;
    case 'waiting':
      return <WaitingBubble item={line.item} joined={line.joined} />;
    case 'forwarding':
      return <ForwardingCard forwarding={line.forwarding} thread={thread} />;
    case 'event':
      return (
        <p class="event">
          {sentenceOf(line.entry)} <span class="meta">{clock(line.entry.at)}</span>
          {line.entry.reason !== null && (
            <span class="reason">{say(t.history.reason, { reason: line.entry.reason })}</span>
          )}
        </p>
      );
  }
}

/** Scrolls to the forwarding that somebody asked for; what lies further up is fetched first. The card takes the focus itself. */
function useWantedForwarding(lines: readonly Line[], scrollTo: (index: number) => void): void {
  const wanted = wantedForwarding.value;
  useEffect(() => {
    if (wanted === null) return;
    const index = lines.findIndex((line) => line.kind === 'forwarding' && line.forwarding.id === wanted);
    if (index === -1) unattended(fetchForwardings(), 'wanted forwarding');
    else scrollTo(index);
  }, [wanted, lines]);
}

/** How long a message stays marked that somebody asked for. */
const markedMs = 2_500;

/** Scrolls to the message that somebody asked for and marks it for a moment. */
function useWantedMessage(lines: readonly Line[], scrollTo: (index: number) => void): void {
  const wanted = wantedMessage.value;
  useEffect(() => {
    if (wanted === null) return;
    const index = lines.findIndex((line) => line.kind === 'message' && line.message.id === wanted);
    wantedMessage.value = null;
    if (index === -1) return;
    scrollTo(index);
    markedMessage.value = wanted;
    setTimeout(() => {
      if (markedMessage.value === wanted) markedMessage.value = null;
    }, markedMs);
  }, [wanted, lines]);
}

/** The customer is writing at this moment. Not read aloud: it comes and goes too often. */
function Typing({ thread: { ticket } }: { thread: Thread }) {
  if (!typing.value.has(ticket.id)) return null;
  return <p class="typing">{say(t.media.typing, { name: ticket.contact.name })}</p>;
}

/** A way back to the bottom, with how many customer messages came in since it was left. */
function Jump({ thread, atEnd, onJump }: { thread: Thread; atEnd: boolean; onJump: () => void }) {
  const seen = useRef(lastSeq(thread));
  if (atEnd) seen.current = lastSeq(thread);
  if (atEnd) return null;
  const n = thread.entries.filter(
    (entry) => entry.seq > seen.current && entry.act === 'message.added' && entry.message.direction === 'in',
  ).length;
  return (
    <button type="button" class={n > 0 ? 'jump news' : 'jump'} onClick={onJump} aria-label={say(t.ticket.jump, { n })}>
      {n > 0 && say(t.ticket.jump, { n })}
      <Icon name="arrowDown" size={14} />
    </button>
  );
}

/** A message in words: its text, or what else it brings. */
function spokenOf({ text, attachments, place, missing, cards }: MessageView): string {
  const things = attachments.map(({ kind }) => t.media.kinds[kind]);
  if (place) things.push(t.media.place);
  if (cards.length > 0) things.push(t.media.card);
  if (missing !== null) things.push(failureText(missing));
  return [...things, text].filter((part) => part !== '').join('. ');
}

/** Reads the customer's new messages aloud, at most one each 3 s; the timeline itself stays silent while one scrolls. */
function Spoken({ thread }: { thread: Thread }) {
  const [text, setText] = useState('');
  const last = useRef(lastSeq(thread));
  const spokenAt = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    const fresh = thread.entries.findLast(
      (entry) => entry.seq > last.current && entry.act === 'message.added' && entry.message.direction === 'in',
    );
    last.current = lastSeq(thread);
    if (fresh?.act !== 'message.added') return;
    const said = spokenOf(fresh.message);
    clearTimeout(timer.current);
    timer.current = setTimeout(
      () => {
        spokenAt.current = Date.now();
        setText(say(t.ticket.incoming, { text: said }));
      },
      Math.max(300, spokenAt.current + 3_000 - Date.now()),
    );
  }, [thread]);
  return (
    <p class="words" aria-live="polite">
      {text}
    </p>
  );
}
