import { useEffect, useRef, useState } from 'preact/hooks';
import { unattended } from '#shared/unattended.ts';
import { t } from '../text.ts';
import { Button } from './button.tsx';

// Copying: browsers offer the clipboard only on https and localhost. On plain http the value appears in a selected
// field instead, so that Ctrl+C does it.

/** Copies `value`; `label` names what. With `words` the button shows them, else only its icon. */
export function CopyButton({ value, label, words }: { value: string; label: string; words?: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'by-hand'>('idle');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (state === 'by-hand') field.current?.select();
    if (state !== 'copied') return;
    const timer = setTimeout(() => setState('idle'), 2_000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setState('copied');
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
      setState('by-hand');
    }
  };
  if (state === 'by-hand') {
    return (
      <span class="copy-shown">
        <input
          ref={field}
          class="input"
          readonly
          value={value}
          aria-label={t.parts.copyByHand}
          onBlur={() => setState('idle')}
        />
      </span>
    );
  }
  const icon = state === 'copied' ? 'check' : 'copy';
  const act = () => unattended(copy(), 'copy');
  return (
    <>
      {words === undefined ? (
        <Button kind="quiet" compact icon={icon} label={label} onClick={act} />
      ) : (
        <Button icon={icon} onClick={act}>
          {state === 'copied' ? t.parts.copied : words}
        </Button>
      )}
      <span class="words" role="status">
        {state === 'copied' ? t.parts.copied : ''}
      </span>
    </>
  );
}
