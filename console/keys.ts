import { useLayoutEffect, useRef } from 'preact/hooks';
import { preferences } from './preferences.ts';

/** Keys that do something by themselves. `Alt+Down` and `Alt+Up` are `j` and `k` that work while writing. */
export type Key = 'j' | 'k' | 'Enter' | 'r' | 'n' | 'm' | 'q' | 'f' | 'e' | '?';

const keys: readonly Key[] = ['j', 'k', 'Enter', 'r', 'n', 'm', 'q', 'f', 'e', '?'];

/** What of a keyboard event matters here. */
export type Pressed = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'isComposing'>;

/**
 * Which shortcut a key press is, null for none. Matches `event.key` (the letter, wherever the keyboard has it); nothing
 * with Ctrl or Meta; nothing in a field or in a dialog but Alt with the arrows.
 */
export function keyOf(event: Pressed, where: 'page' | 'field' | 'dialog', single: boolean): Key | null {
  if (event.isComposing || event.ctrlKey || event.metaKey || where === 'dialog') return null;
  if (event.altKey) return event.key === 'ArrowDown' ? 'j' : event.key === 'ArrowUp' ? 'k' : null;
  if (where === 'field' || !single) return null;
  return keys.find((key) => key === event.key) ?? null;
}

type Handlers = Partial<Record<Key, (event: KeyboardEvent) => void>>;

const mounted: { current: Handlers }[] = [];

/** Does these things on these keys from the first drawing of the component to its last; what appeared last comes first. */
export function useKeys(handlers: Handlers): void {
  const held = useRef(handlers);
  held.current = handlers;
  useLayoutEffect(() => {
    mounted.push(held);
    return () => {
      mounted.splice(mounted.indexOf(held), 1);
    };
  }, []);
}

/** Listens to the keyboard until the answered function is called. */
export function startKeys(): () => void {
  const listen = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const key = keyOf(event, placeOf(event), preferences.value.keys);
    if (key === null || (key === 'Enter' && isControl(event))) return;
    const handler = mounted.findLast(({ current }) => current[key])?.current[key];
    if (!handler) return;
    event.preventDefault();
    handler(event);
  };
  addEventListener('keydown', listen);
  return () => removeEventListener('keydown', listen);
}

function placeOf(event: KeyboardEvent): 'page' | 'field' | 'dialog' {
  if (document.querySelector('dialog[open], [popover]:popover-open')) return 'dialog';
  // The path looks into the emoji picker's shadow tree too.
  const target = event.composedPath()[0];
  const field = target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
  return field ? 'field' : 'page';
}

/** Enter on a link or button is theirs, except on the row of the ticket that is open already: there it takes it. */
function isControl(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return target instanceof HTMLElement && target.matches('a:not([aria-current]), button, summary');
}
