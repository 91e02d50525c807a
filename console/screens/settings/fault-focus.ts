import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Draft } from './draft.ts';

/**
 * A refusal that names fields takes the focus to the first of them, unless somebody went on to another field while the
 * act was under way: what they type must not land elsewhere.
 */
export function useFaultFocus(form: RefObject<HTMLFormElement | null>, draft: Pick<Draft<unknown>, 'busy' | 'fault'>) {
  const from = useRef<Element | null>(null);
  useLayoutEffect(() => {
    if (draft.busy) from.current = document.activeElement;
  }, [draft.busy]);
  useLayoutEffect(() => {
    const now = document.activeElement;
    const elsewhere = now !== from.current && now?.matches('input, select, textarea') === true;
    if (draft.fault !== null && !elsewhere) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [draft.fault]);
}
