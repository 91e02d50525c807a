import { useLayoutEffect } from 'preact/hooks';
import { draftOf, keepDraft, type Slot } from '../../drafts.ts';
import { say, t } from '../../text.ts';

/**
 * The text of one ticket and slot. The draft itself is the state: whatever else puts something into it (a quote, a text
 * that comes back) meets every letter that was typed before, and undoes none.
 */
export function useDraft(ticketId: string, slot: Slot): [string, (text: string) => void] {
  return [draftOf(ticketId, slot), (text) => keepDraft(ticketId, slot, text)];
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
