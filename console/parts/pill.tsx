import type { ComponentChildren } from 'preact';

// Pills, counts and squares: colour means something. Red: late, failed or calling for action; amber: near; else grey.

/** A word or two that qualify what stands beside them. */
export function Pill({
  tone,
  children,
}: {
  tone?: 'ok' | 'warn' | 'bad' | 'info' | 'outline';
  children: ComponentChildren;
}) {
  return <span class={tone ? `pill ${tone}` : 'pill'}>{children}</span>;
}

/** A number as lists show it: nothing at zero, `99+` from a hundred on. */
export function capped(n: number): string {
  return n > 99 ? '99+' : String(n);
}

/** The filled count of unread messages; `label` says in words what is counted. */
export function Count({ n, label }: { n: number; label: string }) {
  if (n === 0) return null;
  return (
    <span class="count" title={label}>
      <span aria-hidden="true">{capped(n)}</span>
      <span class="words">{label}</span>
    </span>
  );
}

/** A department's colour, 0 to 7, as the small square before its name. */
export function Square({ color }: { color: number }) {
  return <span class="swatch" style={{ background: `var(--department-${color})` }} aria-hidden="true" />;
}
