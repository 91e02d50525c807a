import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { draftOf, keepDraft, type Mode } from '../../drafts.ts';
import { say, t } from '../../text.ts';

/** The text of one ticket and mode, kept in this browser half a second after the last key and when the page goes away. */
export function useDraft(ticketId: string, mode: Mode, wanted: boolean): [string, (text: string) => void] {
  const [text, setText] = useState(() => draftOf(ticketId, mode));
  const latest = useRef(text);
  const write = (next: string) => {
    latest.current = next;
    setText(next);
  };
  // Only when a text came back: at the first drawing the draft is in place, and reading it again would undo quick typing.
  const was = useRef(wanted);
  useEffect(() => {
    if (wanted && !was.current) write(draftOf(ticketId, mode));
    was.current = wanted;
  }, [wanted]);
  useEffect(() => {
    const timer = setTimeout(() => keepDraft(ticketId, mode, text), 500);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    const flush = () => keepDraft(ticketId, mode, latest.current);
    document.addEventListener('visibilitychange', flush);
    addEventListener('pagehide', flush);
    return () => {
      document.removeEventListener('visibilitychange', flush);
      removeEventListener('pagehide', flush);
      flush();
    };
  }, []);
  return [text, write];
}

/** The field is as high as its text, up to a third of the window. */
export function useGrowing(field: { current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight + 2, innerHeight / 3)}px`;
  }, [text]);
}

/** How many characters are left, once they become few. */
export function Length({ n, limit }: { n: number; limit: number }) {
  const left = limit - n;
  if (left > 500) return null;
  return (
    <span class={left < 0 ? 'length over' : 'length'} role="status">
      {left < 0 ? say(t.ticket.tooLong, { n: -left }) : say(t.ticket.leftOver, { n: left })}
    </span>
  );
}

/** The text with an emoji where the cursor stands. */
export function inserted(field: HTMLTextAreaElement | null, text: string, emoji: string): string {
  if (!field) return text + emoji;
  const { selectionStart, selectionEnd } = field;
  const place = selectionStart + emoji.length;
  requestAnimationFrame(() => {
    field.focus();
    field.setSelectionRange(place, place);
  });
  return text.slice(0, selectionStart) + emoji + text.slice(selectionEnd);
}
