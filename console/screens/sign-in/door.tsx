import type { ComponentChildren } from 'preact';
import './door.css';

// What stands before the desk: one quiet sheet with the product's name above, nothing else on the page.

interface DoorProps {
  title: string;
  lead?: ComponentChildren;
  /** Small words above the title, such as the step. */
  above?: ComponentChildren;
  wide?: boolean;
  children: ComponentChildren;
}

/** The frame of setup, sign-in and invitation. */
export function Door({ title, lead, above, wide, children }: DoorProps) {
  return (
    <main class="door">
      <p class="brand">
        <img src="/favicon.svg" alt="" width="28" height="28" />
        Balcão
      </p>
      <div class={wide ? 'sheet wide' : 'sheet'}>
        {above && <p class="above">{above}</p>}
        <h1>{title}</h1>
        {lead && <p class="intro">{lead}</p>}
        {children}
      </div>
    </main>
  );
}
