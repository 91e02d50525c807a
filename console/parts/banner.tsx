import type { ComponentChildren } from 'preact';

// Banners: a bar above the whole console for a state that lasts (no connection, sound blocked), never for an event.

/** A bar across the window; read aloud when it appears. */
export function Banner({ children }: { children: ComponentChildren }) {
  return (
    <div class="banner" role="status">
      {children}
    </div>
  );
}
