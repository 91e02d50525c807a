import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { unattended } from '#shared/unattended.ts';
import { insist } from '../../insist.ts';
import { useKeys } from '../../keys.ts';
import { Button } from '../../parts/button.tsx';
import { Empty, Failed } from '../../parts/empty.tsx';
import { useWindowed } from '../../parts/windowed.ts';
import { type Box, boxOf, hrefOf, searchOf } from '../../state/box.ts';
import { hasMore, hold, more, phase, refetch, release, rows, updates } from '../../state/inbox.ts';
import { say, t } from '../../text.ts';
import { TicketRow } from './row.tsx';

type Tickets = Extract<Box, { list: 'tickets' }>;

const rowHeight = 60;

/** How long the list stays still after the last movement over it. */
const settles = 8_000;

/** The row that the keyboard stands on. */
const cursor = signal<string | null>(null);

/** The conversations of a box, windowed; held still while the pointer or the keyboard is on it. */
export function TicketList({ box, ticketId }: { box: Tickets; ticketId: string | null }) {
  const list = useRef<HTMLUListElement>(null);
  const shown = rows.value;
  const windowed = useWindowed({
    count: shown.length,
    scroller: list,
    keyOf: (index) => shown[index]?.id ?? String(index),
    estimate: () => rowHeight,
  });
  const visible = windowed.getVirtualItems();
  const stand = shown.some((ticket) => ticket.id === cursor.value) ? cursor.value : (ticketId ?? shown[0]?.id ?? null);
  useWalking(windowed.scrollToIndex, stand, ticketId !== null);
  const still = useStillness();
  const end = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore.value && end >= shown.length - 10) unattended(more(), 'next page');
  }, [end, shown.length]);
  const now = phase.value;
  if (now.now === 'failed')
    return <Failed reason={now.why} onRetry={() => unattended(insist(refetch), 'list again')} />;
  if (now.now === 'loading') return <Skeleton />;
  if (shown.length === 0 && updates.value === 0) return <NothingHere box={box} ticketId={ticketId} />;
  return (
    <>
      {updates.value > 0 && (
        <button type="button" class="updates" onClick={release}>
          {say(t.inbox.updates, { n: updates.value })}
        </button>
      )}
      <ul ref={list} class="list" {...still}>
        <li class="height" style={{ height: `${windowed.getTotalSize()}px` }} aria-hidden="true" />
        {visible.map(({ index, start, key }) => {
          const ticket = shown[index];
          if (!ticket) return null;
          const place = {
            href: hrefOf(box, ticket.id),
            current: ticket.id === ticketId,
            focusable: ticket.id === stand,
            onFocus: () => {
              cursor.value = ticket.id;
            },
          };
          return (
            <li
              key={key}
              style={{ transform: `translateY(${start}px)` }}
              aria-setsize={hasMore.value ? -1 : shown.length}
              aria-posinset={index + 1}
            >
              <TicketRow ticket={ticket} place={place} />
            </li>
          );
        })}
      </ul>
      {now.now === 'more' && <p class="loading-more">{t.inbox.loadingMore}</p>}
      {hasMore.value && now.now === 'ready' && (
        <Button kind="quiet" onClick={() => unattended(more(), 'next page')}>
          {t.inbox.more}
        </Button>
      )}
    </>
  );
}

/** j and k move the focus from row to row, also to rows that are not drawn yet. */
function useWalking(scrollTo: (index: number) => void, stand: string | null, opened: boolean): void {
  const focusRow = (id: string) => document.getElementById(`row-${id}`)?.focus();
  const step = (by: number) => {
    const shown = rows.value;
    const at = shown.findIndex((ticket) => ticket.id === stand);
    // The first press lands on the list; from a row or an open conversation it goes on.
    const starts = !opened && document.activeElement?.id !== `row-${stand}`;
    const next = Math.min(shown.length - 1, Math.max(0, starts ? at : at + by));
    const ticket = shown[next];
    if (!ticket) return;
    cursor.value = ticket.id;
    scrollTo(next);
    requestAnimationFrame(() => requestAnimationFrame(() => focusRow(ticket.id)));
  };
  useKeys({ j: () => step(1), k: () => step(-1) });
  const wasFocused = useRef(false);
  useLayoutEffect(() => {
    // A row that moves in the page loses the focus; it goes back to the same conversation.
    if (wasFocused.current && document.activeElement === document.body && stand !== null) focusRow(stand);
    wasFocused.current = document.activeElement?.classList.contains('row') ?? false;
  });
}

/** Handlers that hold the list still while something moves over it, and let it go when that leaves or rests. */
function useStillness() {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const letGo = () => {
    clearTimeout(timer.current);
    release();
  };
  const stir = () => {
    hold();
    clearTimeout(timer.current);
    timer.current = setTimeout(letGo, settles);
  };
  useEffect(() => letGo, []);
  return {
    onPointerMove: (event: PointerEvent) => {
      if (event.pointerType === 'mouse') stir();
    },
    onPointerLeave: letGo,
    onFocusIn: (event: FocusEvent) => {
      if (event.target instanceof HTMLElement && event.target.matches(':focus-visible')) stir();
    },
    onFocusOut: letGo,
  };
}

function Skeleton() {
  return (
    <div class="list" aria-busy="true">
      <span class="words">{t.parts.loading}</span>
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} class="row skeleton-row" aria-hidden="true">
          <span class="edge" />
          <span class="avatar skeleton" />
          <span class="lines">
            <span class="skeleton" style={{ width: `${45 + ((index * 17) % 30)}%`, height: '12px' }} />
            <span class="skeleton" style={{ width: `${60 + ((index * 23) % 35)}%`, height: '11px' }} />
          </span>
        </div>
      ))}
    </div>
  );
}

function NothingHere({ box, ticketId }: { box: Tickets; ticketId: string | null }) {
  const { route } = useLocation();
  const { status, q, departmentId } = box.filter;
  const words = t.inbox.empty;
  if (q !== undefined) {
    const everywhere = boxOf({ status: 'open', q });
    return (
      <Empty icon="search" title={words.search}>
        <span>{words.searchHint}</span>
        {searchOf(everywhere) !== searchOf(box) && (
          <Button onClick={() => route(hrefOf(everywhere, ticketId))}>{t.inbox.seeAll}</Button>
        )}
      </Empty>
    );
  }
  return (
    <Empty icon="inbox" title={words[status]}>
      <span>{words[`${status}Hint`]}</span>
      {status === 'mine' && departmentId === undefined && (
        <Button onClick={() => route(hrefOf(boxOf({ status: 'waiting' }), ticketId))}>{t.inbox.seeWaiting}</Button>
      )}
    </Empty>
  );
}
