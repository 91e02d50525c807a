import type { ComponentChildren, Ref } from 'preact';
import { Icon, type IconName } from './icon.tsx';

// Buttons: one `primary` per zone, everything else plain. An act that the role may not do is not drawn at all; one that
// is impossible just now gets `why`: it stays reachable by keyboard, does nothing and says its reason.

interface ButtonProps {
  children?: ComponentChildren;
  kind?: 'primary' | 'plain' | 'quiet' | 'danger' | 'link';
  compact?: boolean;
  type?: 'button' | 'submit';
  icon?: IconName;
  /** Only the icon is seen; this is its name. */
  label?: string;
  /** Shown on hover; for a button whose words a narrow window hides. */
  title?: string;
  /** The single key that does the same. */
  shortcut?: string;
  /** Reason for which it cannot be used now. */
  why?: string | null;
  busy?: boolean;
  pressed?: boolean;
  expanded?: boolean;
  class?: string;
  form?: string;
  autofocus?: boolean;
  onClick?: (event: MouseEvent) => void;
  ref?: Ref<HTMLButtonElement>;
}

/** A button. With `label` instead of children it is square and shows only its icon. */
export function Button(props: ButtonProps) {
  const { children, kind = 'plain', compact, icon, label, shortcut, why, busy, onClick } = props;
  const look = [
    'button',
    kind === 'plain' ? '' : kind,
    compact ? 'compact' : '',
    label ? 'square' : '',
    props.class ?? '',
  ];
  const blocked = Boolean(why) || busy === true;
  return (
    <button
      type={props.type ?? 'button'}
      ref={props.ref}
      form={props.form}
      autofocus={props.autofocus}
      class={look.filter(Boolean).join(' ')}
      aria-label={label}
      aria-disabled={blocked ? 'true' : undefined}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      aria-keyshortcuts={shortcut}
      title={why ?? props.title ?? label}
      onClick={(event) => {
        if (blocked) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {icon && <Icon name={icon} />}
      {children}
      {shortcut !== undefined && label === undefined && (
        <span class="keycap" aria-hidden="true">
          {shortcut}
        </span>
      )}
    </button>
  );
}
