import type { ComponentChildren } from 'preact';
import { t } from '../text.ts';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';

// Empty and failed states say the next act, not only that nothing is there.

/** A place with nothing in it: what that means, and what to do next. */
export function Empty({ icon, title, children }: { icon?: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      {icon && <Icon name={icon} />}
      <strong>{title}</strong>
      {children}
    </div>
  );
}

/** A place whose content could not be fetched, with a button to try again. */
export function Failed({ reason, onRetry }: { reason: string; onRetry: () => void }) {
  return (
    <div class="empty" role="alert">
      <Icon name="warning" />
      <strong>{t.parts.couldNotLoad}</strong>
      <span>{reason}</span>
      <Button onClick={onRetry}>{t.parts.tryAgain}</Button>
    </div>
  );
}
