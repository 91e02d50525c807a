import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ChatLine } from '#shared/live.ts';
import type { About } from './about.ts';
import type { Waiting } from './queue.ts';
import type { ChatText } from './text.ts';
import type { ChatState } from './view.ts';

interface LogProps {
  about: About;
  text: ChatText;
  state: ChatState;
  onRetry(key: string): void;
  onDiscard(key: string): void;
}

/** Pixels from the end within which the log keeps to the end. */
const nearEnd = 80;

/** The messages, oldest first: the greeting, what was said, what waits to be sent. */
export function Log({ about, text, state, onRetry, onDiscard }: LogProps) {
  const log = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const { lines, queue, link } = state;
  const shown = lines.length + queue.length;

  useLayoutEffect(() => {
    const element = log.current;
    if (element !== null && (atEnd.current || queue.length > 0)) element.scrollTop = element.scrollHeight;
  }, [shown, queue.length]);

  function scrolled(): void {
    const element = log.current;
    if (element === null) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
  }

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div class="log" role="log" aria-live="polite" aria-label={text.say.log} tabIndex={0} ref={log} onScroll={scrolled}>
      <div class="line desk">
        <p class="words" dir="auto">
          {about.greeting}
        </p>
      </div>
      {lines.map((line, index) => (
        <Said key={line.id} line={line} before={lines[index - 1]} text={text} />
      ))}
      {queue.map((message) => (
        <Unsent key={message.key} {...{ message, text, link, onRetry, onDiscard }} />
      ))}
    </div>
  );
}

function Said({ line, before, text }: { line: ChatLine; before: ChatLine | undefined; text: ChatText }) {
  const { from, name } = line;
  const own = from === 'visitor';
  const day = dayOf(line.at, text);
  const newDay = before === undefined ? day !== text.say.today : dayOf(before.at, text) !== day;
  const newAuthor = newDay || before?.from !== from || before.name !== name;
  return (
    <>
      {newDay && <p class="day">{day}</p>}
      <div class={`line ${from}`}>
        {!own && newAuthor && <p class="author">{name}</p>}
        <p class="words" dir="auto">
          {own && <span class="unseen">{`${text.say.you}: `}</span>}
          {line.text}
          <span class="meta">
            <time dateTime={line.at}>{timeOf(line.at, text)}</time>
            {own && <Tick label={text.say.sent} />}
          </span>
        </p>
      </div>
    </>
  );
}

function Tick({ label }: { label: string }) {
  return (
    <svg class="tick" viewBox="0 0 16 16" role="img" aria-label={label}>
      <path d="M3 8.5l3.2 3.2L13 5" />
    </svg>
  );
}

interface UnsentProps {
  message: Waiting;
  text: ChatText;
  link: ChatState['link'];
  onRetry(key: string): void;
  onDiscard(key: string): void;
}

function Unsent({ message, text, link, onRetry, onDiscard }: UnsentProps) {
  const { key, failed } = message;
  const { say } = text;
  return (
    <div class={`line visitor ${failed === null ? 'waiting' : 'failed'}`}>
      <p class="words" dir="auto">
        <span class="unseen">{`${say.you}: `}</span>
        {message.text}
        <span class="meta">{failed !== null ? say.failed : link === 'online' ? say.sending : say.queued}</span>
      </p>
      {failed !== null && (
        <p class="fault" role="alert">
          {text.why(failed)}{' '}
          <button type="button" onClick={() => onRetry(key)}>
            {say.retry}
          </button>{' '}
          <button type="button" onClick={() => onDiscard(key)}>
            {say.discard}
          </button>
        </p>
      )}
    </div>
  );
}

function timeOf(at: string, { language }: ChatText): string {
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' }).format(new Date(at));
}

function dayOf(at: string, { language, say }: ChatText): string {
  const day = new Date(at);
  if (day.toDateString() === new Date().toDateString()) return say.today;
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric' }).format(day);
}
