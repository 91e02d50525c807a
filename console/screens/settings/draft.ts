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
  /** Runs an act; only one at a time. `keep`: what was typed stays afterwards, because the act did not store it. */
  run: (act: () => Promise<void>, keep?: 'keep') => void;
}

/** A draft that starts as `first`, what is stored. What was typed while it was being saved stays as the next change. */
export function useDraft<Values extends object>(first: Values): Draft<Values> {
  const [changes, setChanges] = useState<Partial<Values>>({});
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const values = { ...first, ...changes };

  async function attempt(act: () => Promise<void>, keep?: 'keep'): Promise<void> {
    setBusy(true);
    setFault(null);
    try {
      await act();
      if (keep === undefined) setChanges((now) => changedSince(changes, now));
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
    run(act, keep) {
      if (!busy) unattended(attempt(act, keep), 'settings');
    },
  };
}

function changedSince<Values extends object>(saved: Partial<Values>, now: Partial<Values>): Partial<Values> {
  const left = { ...now };
  for (const key in saved) if (left[key] === saved[key]) delete left[key];
  return left;
}
