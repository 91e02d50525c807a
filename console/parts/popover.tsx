import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

// Popovers: the browser's own `popover="auto"` closes on Esc and on a click elsewhere; this file only places it at its
// button and gives the focus back. `open` is the caller's state, so that a key can open the same popover.

interface PopoverProps {
  open: boolean;
  onClose: () => void;
  /** The element it hangs on. */
  anchor: () => HTMLElement | null;
  label: string;
  role?: 'dialog' | 'menu';
  class?: string;
  onKeyDown?: (event: KeyboardEvent & { currentTarget: HTMLElement }) => void;
  children: ComponentChildren;
}

/** A panel hung below (or, without room, above) its anchor, above everything else. */
export function Popover({
  open,
  onClose,
  anchor,
  label,
  role = 'dialog',
  class: look,
  onKeyDown,
  children,
}: PopoverProps) {
  const panel = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState(open);
  if (open && !drawn) setDrawn(true);
  useLayoutEffect(() => {
    const element = panel.current;
    if (!element) return;
    const shown = element.matches(':popover-open');
    if (open && !shown) {
      element.showPopover();
      place(element, anchor());
      const first = element.querySelector<HTMLElement>('[autofocus]') ?? element.querySelector<HTMLElement>(focusable);
      first?.focus();
    } else if (!open && shown) {
      element.hidePopover();
    }
  }, [open, drawn]);
  if (!drawn) return null;
  return (
    <div
      ref={panel}
      popover="auto"
      {...{ role, 'aria-label': label, onKeyDown }}
      class={look ? `popover ${look}` : 'popover'}
      onToggle={(event) => {
        if (event.newState !== 'closed') return;
        setDrawn(false);
        onClose();
        if (document.activeElement === document.body) anchor()?.focus();
      }}
    >
      {children}
    </div>
  );
}

const focusable = 'a[href], input, textarea, select, button';

function place(panel: HTMLElement, anchor: HTMLElement | null): void {
  if (!anchor) return;
  const gap = 6;
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const left = at.left + width > innerWidth - 8 ? at.right - width : at.left;
  const below = at.bottom + gap;
  const top = below + height > innerHeight - 8 ? at.top - gap - height : below;
  panel.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  panel.style.top = `${Math.max(8, Math.min(top, innerHeight - height - 8))}px`;
}
