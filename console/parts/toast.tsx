import { signal } from '@preact/signals';
import { t } from '../text.ts';
import { Icon } from './icon.tsx';

// Toasts: only for what happened in the background or elsewhere on the screen; a form's refusal stands in the form.
// `bad` ones say cause and act and stay longer; both can be dismissed.

interface Toast {
  id: number;
  text: string;
  kind: 'plain' | 'bad';
}

const toasts = signal<readonly Toast[]>([]);
let last = 0;

/** Shows a sentence at the bottom of the window for 5 seconds, 9 when it is bad news. */
export function toast(text: string, kind: Toast['kind'] = 'plain'): void {
  last += 1;
  const id = last;
  toasts.value = [...toasts.value.filter((shown) => shown.text !== text).slice(-2), { id, text, kind }];
  setTimeout(() => dismiss(id), kind === 'bad' ? 9_000 : 5_000);
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((shown) => shown.id !== id);
}

/** Where toasts appear; drawn once, by the app. */
export function Toasts() {
  const of = (kind: Toast['kind']) =>
    toasts.value
      .filter((shown) => shown.kind === kind)
      .map((shown) => (
        <div key={shown.id} class={`toast ${kind}`}>
          <span>{shown.text}</span>
          <button type="button" aria-label={t.parts.dismiss} onClick={() => dismiss(shown.id)}>
            <Icon name="close" size={14} />
          </button>
        </div>
      ));
  return (
    <div class="toasts">
      <div role="status">{of('plain')}</div>
      <div role="alert">{of('bad')}</div>
    </div>
  );
}
