import type { ComponentChildren } from 'preact';
import { explain } from '../explain.ts';
import { t } from '../text.ts';
import { Button } from './button.tsx';

// A dialog's form: its fields, what the server refused, and the two buttons. A refusal that names a field stands there too.

interface FormProps {
  fault: unknown;
  busy: boolean;
  word: string;
  onSubmit: () => void;
  onClose: () => void;
  children: ComponentChildren;
}

/** Fields with Cancel and one named act; Enter does it. */
export function Form({ fault, busy, word, onSubmit, onClose, children }: FormProps) {
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
      {fault !== null && (
        <p class="refusal" role="alert">
          {explain(fault)}
        </p>
      )}
      <div class="acts">
        <Button onClick={onClose}>{t.parts.cancel}</Button>
        <Button kind="primary" type="submit" busy={busy}>
          {word}
        </Button>
      </div>
    </form>
  );
}
