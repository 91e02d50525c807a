import { useState } from 'preact/hooks';
import { unattended } from '#shared/unattended.ts';

/** A form's values between opening and saving. */
export interface Draft<Values> {
  values: Values;
  set: (changes: Partial<Values>) => void;
  dirty: boolean;
  busy: boolean;
  /** What the last act ended with, null when it went well. */
  fault: unknown;
  /** Runs an act; only one at a time. */
  run: (act: () => Promise<void>) => void;
}

/** A draft that starts as `first`, what is stored. After saving the form is drawn anew with what came back. */
export function useDraft<Values extends object>(first: Values): Draft<Values> {
  const [changes, setChanges] = useState<Partial<Values>>({});
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const values = { ...first, ...changes };

  async function attempt(act: () => Promise<void>): Promise<void> {
    setBusy(true);
    setFault(null);
    try {
      await act();
      setChanges({});
    } catch (error) {
      setFault(error);
    }
    setBusy(false);
  }

  return {
    values,
    set: (more) => setChanges((now) => ({ ...now, ...more })),
    dirty: JSON.stringify(values) !== JSON.stringify(first),
    busy,
    fault,
    run(act) {
      if (!busy) unattended(attempt(act), 'settings');
    },
  };
}
