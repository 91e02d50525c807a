import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** A refusal that names fields takes the focus to the first of them. */
export function useFaultFocus(form: RefObject<HTMLFormElement | null>, fault: unknown): void {
  useLayoutEffect(() => {
    if (fault !== null) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [fault]);
}
