import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { explain } from '../../explain.ts';
import { Button } from '../../parts/button.tsx';
import { Refused } from '../../refused.ts';
import { t } from '../../text.ts';
import type { Draft } from './draft.ts';
import { useFaultFocus } from './fault-focus.ts';

interface EditorProps<Values> {
  title: string;
  draft: Draft<Values>;
  /** Fields and codes that are told where they belong; any other refusal is told below the form. */
  fields: readonly string[];
  /** Nothing stored yet: there is always something to save. */
  fresh: boolean;
  /** Something in the form is wrong that the browser cannot know. */
  blocked?: boolean;
  /** What saving is called here; "Save" unless said otherwise. */
  action?: string;
  onSave: () => Promise<void>;
  onDirty: (dirty: boolean) => void;
  onClose: () => void;
  /** What stands above the form; it is read first, so the form does not take the focus then. */
  before?: ComponentChildren;
  /** What can be done besides saving, below the form. */
  more?: ComponentChildren;
  children: ComponentChildren;
}

/** The right side of a registry: a form with Save and Cancel. Ctrl+S saves, Esc leaves. */
export function Editor<Values>(props: EditorProps<Values>) {
  const { title, draft, fields, fresh, blocked, action, onSave, onDirty, onClose, before, more, children } = props;
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => onDirty(draft.dirty), [draft.dirty]);
  useFaultFocus(form, draft);
  useLayoutEffect(() => {
    if (before === undefined)
      form.current?.querySelector<HTMLElement>('input:not([readonly]), select, textarea')?.focus();
  }, []);
  const pending = draft.dirty || fresh;
  useEditorKeys(() => form.current?.requestSubmit(), onClose);
  const { fault, busy } = draft;
  const placed = fault instanceof Refused && fields.some((one) => one in fault.fields || one === fault.code);
  const { registry } = t.settings;
  return (
    <>
      <header>
        <Button kind="quiet" icon="back" class="narrow-only" label={t.parts.back} onClick={onClose} />
        <h2 class="cut">{title}</h2>
        <Button kind="quiet" icon="close" class="wide-only" label={registry.close} onClick={onClose} />
      </header>
      <div class="body">
        {before}
        <form
          ref={form}
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            if (pending && blocked !== true) draft.run(onSave);
          }}
        >
          {children}
          {fault !== null && !placed && (
            <p class="refusal" role="alert">
              {explain(fault)}
            </p>
          )}
          <div class="acts">
            <Button onClick={onClose}>{registry.cancel}</Button>
            <Button type="submit" kind="primary" busy={busy} why={pending ? null : registry.saved}>
              {busy ? registry.saving : (action ?? registry.save)}
            </Button>
          </div>
        </form>
        {more}
      </div>
    </>
  );
}

function useEditorKeys(save: () => void, close: () => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open], :popover-open')) return;
      if (event.key === 's' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
        event.preventDefault();
        save();
      }
      if (event.key === 'Escape') {
        event.preventDefault();
        close();
      }
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  });
}
