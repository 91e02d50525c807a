import type { ComponentChildren } from 'preact';

// A box to tick, its words to the right; for yes or no questions that wait for the form's button.

interface CheckProps {
  label: ComponentChildren;
  name?: string;
  hint?: ComponentChildren;
  checked?: boolean;
  onCheck?: (checked: boolean) => void;
}

/** A tick box with its label. */
export function Check({ label, name, hint, checked, onCheck }: CheckProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        name={name}
        checked={checked}
        onChange={(event) => onCheck?.(event.currentTarget.checked)}
      />
      <span>
        {label}
        {hint && <span class="hint">{hint}</span>}
      </span>
    </label>
  );
}
