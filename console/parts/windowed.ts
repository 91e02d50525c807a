import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';

// Windowing: only the rows in view (and a few around) are in the page, however long the list. The virtualizer is
// driven by hand, without a framework adapter: mount, update after each draw, draw again when it says so.

interface Windowing {
  count: number;
  scroller: RefObject<HTMLElement | null>;
  keyOf: (index: number) => string;
  /** Height in px before a row was measured. */
  estimate: (index: number) => number;
  /** `end`: a timeline that sticks to its bottom and does not jump when older lines come in above. */
  anchor?: 'start' | 'end';
  paddingStart?: number;
  paddingEnd?: number;
}

/** So near to the end, in px, is at it. */
const endsWithin = 80;

/** The virtualizer of one scrolling element; draw its `getVirtualItems()` and give each row to `measureElement`. */
export function useWindowed(wanted: Windowing): Virtualizer<HTMLElement, HTMLElement> {
  const [, draw] = useReducer((times: number) => times + 1, 0);
  const { anchor = 'start' } = wanted;
  const options = {
    count: wanted.count,
    getScrollElement: () => wanted.scroller.current,
    getItemKey: wanted.keyOf,
    estimateSize: wanted.estimate,
    paddingStart: wanted.paddingStart ?? 0,
    paddingEnd: wanted.paddingEnd ?? 0,
    anchorTo: anchor,
    followOnAppend: anchor === 'end',
    scrollEndThreshold: endsWithin,
    overscan: 8,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => draw(undefined),
  };
  const held = useRef<Virtualizer<HTMLElement, HTMLElement> | null>(null);
  held.current ??= new Virtualizer<HTMLElement, HTMLElement>(options);
  const virtualizer = held.current;
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  useLayoutEffect(() => {
    if (anchor === 'end' && wanted.scroller.current) return stuckToEnd(wanted.scroller.current, virtualizer);
  }, [virtualizer, anchor]);
  return virtualizer;
}

/** Who reads the end goes on reading it when the element gets smaller: a keyboard came up, a phone was turned. */
function stuckToEnd(element: HTMLElement, virtualizer: Virtualizer<HTMLElement, HTMLElement>): () => void {
  let atEnd = true;
  const look = () => {
    atEnd = element.scrollHeight - element.scrollTop - element.clientHeight <= endsWithin;
  };
  const observer = new ResizeObserver(() => {
    if (atEnd) virtualizer.scrollToEnd();
  });
  element.addEventListener('scroll', look, { passive: true });
  observer.observe(element);
  return () => {
    element.removeEventListener('scroll', look);
    observer.disconnect();
  };
}
