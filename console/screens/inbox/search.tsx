import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Icon } from '../../parts/icon.tsx';
import { type Box, hrefOf, showsBox } from '../../state/box.ts';
import { t } from '../../text.ts';

interface SearchProps {
  box: Extract<Box, { list: 'tickets' }>;
  ticketId: string | null;
}

const pauseMs = 250;
const mostCharacters = 100;

/** Typing is the filter: after a pause it becomes part of the address. */
export function Search({ box, ticketId }: SearchProps) {
  const { route } = useLocation();
  const { q = '' } = box.filter;
  const [text, setText] = useSought(q);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // The pause ends in the list and beside the ticket that are open then, not in those of the last letter.
  const seek = useRef<(wanted: string) => void>(() => undefined);
  seek.current = (wanted) => {
    // Somebody who has gone elsewhere is not fetched back, though this is drawn until the other screen has come.
    if (!showsBox(location.pathname)) return;
    const { q: _old, ...filter } = box.filter;
    route(hrefOf({ list: 'tickets', filter: wanted === '' ? filter : { ...filter, q: wanted } }, ticketId), true);
  };
  const typed = (next: string, afterMs: number) => {
    const wanted = setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => seek.current(wanted), afterMs);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <search class="search">
      <Icon name="search" />
      <input
        type="search"
        value={text}
        aria-label={t.inbox.search}
        placeholder={t.inbox.search}
        onInput={(event) => typed(event.currentTarget.value, pauseMs)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && text !== '') typed('', 0);
        }}
      />
    </search>
  );
}

/**
 * The letters in the field. The address follows them with a pause, so it never puts back what was typed before: only words
 * that came from elsewhere (another list, a link) are taken over.
 */
function useSought(q: string): [string, (text: string) => string] {
  const [text, setText] = useState(q);
  const asked = useRef(q);
  const seen = useRef(q);
  if (seen.current !== q) {
    seen.current = q;
    if (asked.current !== q) setText(q);
  }
  const put = (next: string): string => {
    setText(next);
    asked.current = next.trim().slice(0, mostCharacters);
    return asked.current;
  };
  return [text, put];
}
