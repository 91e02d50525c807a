import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icon.tsx';
import { Popover } from './popover.tsx';

// Menus: a button and a popover with `role=menu`. Up, Down, Home and End walk the items, Esc closes. Items with
// `checked` are choices and keep the menu open; others close it.

/** A line of a menu: an act, a choice, a heading, or `null` for a rule between groups. */
export type MenuItem =
  | { label: string; onChoose: () => void; icon?: IconName; checked?: boolean; radio?: boolean }
  | { title: string }
  | null;

interface MenuProps {
  /** Name of the button, also of the menu. */
  label: string;
  /** What the button shows. */
  button: ComponentChildren;
  buttonClass?: string;
  items: readonly MenuItem[];
}

/** A button that opens a menu. */
export function Menu({ label, button, buttonClass, items }: MenuProps) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button
        ref={anchor}
        type="button"
        class={buttonClass ?? 'button square quiet'}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      <Popover
        open={open}
        onClose={() => setOpen(false)}
        anchor={() => anchor.current}
        label={label}
        role="menu"
        class="menu"
        onKeyDown={walk}
      >
        {items.map((item, index) => line(item, index, () => setOpen(false)))}
      </Popover>
    </>
  );
}

function line(item: MenuItem, index: number, close: () => void) {
  if (item === null) return <hr key={index} />;
  if ('title' in item) {
    return (
      <div key={index} class="title" role="presentation">
        {item.title}
      </div>
    );
  }
  const choice = item.checked !== undefined;
  const spoken = choice
    ? { role: item.radio ? ('menuitemradio' as const) : ('menuitemcheckbox' as const), 'aria-checked': item.checked }
    : { role: 'menuitem' as const };
  return (
    <button
      key={index}
      type="button"
      {...spoken}
      onClick={() => {
        if (!choice) close();
        item.onChoose();
      }}
    >
      <span class="mark">
        {item.checked ? <Icon name="check" size={14} /> : item.icon && <Icon name={item.icon} size={14} />}
      </span>
      {item.label}
    </button>
  );
}

function walk(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const lines = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const at = lines.indexOf(document.activeElement as HTMLElement);
  const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1 };
  const next = steps[event.key];
  if (next === undefined) return;
  event.preventDefault();
  lines[(next + lines.length) % lines.length]?.focus();
}
