import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** A refusal that names fields takes the focus to the first of them. */
export function useFaultFocus(form: RefObject<HTMLFormElement | null>, fault: unknown): void {
  useEffect(() => {
    if (fault !== null) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [fault]);
}
