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
    scrollEndThreshold: 80,
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
  return virtualizer;
}
