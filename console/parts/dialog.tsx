import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../text.ts';
import { Button } from './button.tsx';

// Dialogs: the browser's own modal `<dialog>` traps the focus and gives it back. Draw it while it is open, leave it out
// when it is closed. Esc and the cross call `onClose`; a click beside it does nothing, so that no text is lost.

interface DialogProps {
  title: string;
  onClose: () => void;
  wide?: boolean;
  children: ComponentChildren;
}

/** A modal dialog that is open as long as it is drawn. */
export function Dialog({ title, onClose, wide, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useLayoutEffect(() => {
    // A menu that this was chosen from gives the focus back to its button first: the menu itself will be gone.
    for (const panel of document.querySelectorAll<HTMLElement>('[popover]:popover-open')) panel.hidePopover();
    const opener = document.activeElement;
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => {
      element?.close();
      // The browser gives the focus back only when the dialog closes before it is taken out of the page.
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header>
        <h2 id={heading}>{title}</h2>
        <Button kind="quiet" compact icon="close" label={t.parts.close} onClick={onClose} />
      </header>
      <div class="body">{children}</div>
    </dialog>
  );
}
