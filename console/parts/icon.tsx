import type { ComponentChildren } from 'preact';

// Icons: 16 px strokes in the colour of the text, hidden from screen readers; whoever uses one names it in words.

const shapes = {
  chats: <path d="M2.500 3.500h8v5.500H6L3.500 11V9h-1zM12.500 6h1v5.500h-1v2L10 11.500H7.500" />,
  gear: (
    <>
      <circle cx="8" cy="8" r="2.100" />
      <path d="M6.900 1.900h2.200l.4 1.700 1.200.5 1.500-.9 1.500 1.500-.9 1.500.5 1.200 1.700.4V9l-1.700.4-.5 1.200.9 1.500-1.500 1.500-1.500-.9-1.200.5-.4 1.700H6.900l-.4-1.700-1.200-.5-1.500.9-1.500-1.500.9-1.500-.5-1.200L1 9V6.800l1.700-.4.5-1.200-.9-1.500 1.500-1.500 1.500.9 1.200-.5z" />
    </>
  ),
  phone: (
    <>
      <rect x="4.500" y="1.500" width="7" height="13" rx="1.500" />
      <path d="M7 12.500h2" />
    </>
  ),
  sliders: <path d="M2 4.500h6M12 4.500h2M2 11.500h2M8 11.500h6M10 2.800v3.400M6 9.800v3.400" />,
  back: <path d="M10 3 5 8l5 5" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  check: <path d="m3 8.500 3.200 3.200L13 4.800" />,
  copy: (
    <>
      <rect x="5.500" y="5.500" width="8" height="8" rx="1.500" />
      <path d="M10.500 5.500v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.500" />
      <path d="m10.500 10.500 3.500 3.500" />
    </>
  ),
  menu: <path d="M2.500 4.500h11M2.500 8h11M2.500 11.500h11" />,
  panel: (
    <>
      <rect x="2" y="3" width="12" height="10" rx="1.500" />
      <path d="M10 3v10" />
    </>
  ),
  down: <path d="m4 6 4 4 4-4" />,
  arrowDown: <path d="M8 3v10M4 9l4 4 4-4" />,
  forward: <path d="M2.500 12V9a3 3 0 0 1 3-3h7M9.500 3l3 3-3 3" />,
  transfer: <path d="M3 5.500h9.500M9.500 2.500l3 3-3 3M13 10.500H3.500M6.500 7.500l-3 3 3 3" />,
  smile: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M5.500 9.500a3 3 0 0 0 5 0M6 6.300v.1M10 6.300v.1" />
    </>
  ),
  plus: <path d="M8 3v10M3 8h10" />,
  sort: <path d="M5 3v10M2.500 10.500 5 13l2.500-2.500M11 13V3M8.500 5.500 11 3l2.500 2.500" />,
  bell: (
    <path d="M8 2a4 4 0 0 0-4 4v2.500L2.800 11h10.400L12 8.500V6a4 4 0 0 0-4-4M6.500 13.300a1.600 1.600 0 0 0 3 0" />
  ),
  inbox: <path d="M2 9.500 3.800 3h8.400L14 9.500v3.500H2zM2 9.500h3.500l1 1.500h3l1-1.500H14" />,
  warning: <path d="M8 2.500 14 13H2zM8 6.500v3M8 11.200v.1" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.500V8l2.500 1.500" />
    </>
  ),
  link: (
    <path d="M6.500 9.500a2.500 2.500 0 0 0 3.600 0l2.300-2.300a2.500 2.500 0 0 0-3.600-3.600L8 4.400M9.500 6.500a2.500 2.500 0 0 0-3.600 0L3.600 8.800a2.500 2.500 0 0 0 3.600 3.600l.8-.8" />
  ),
  people: (
    <>
      <circle cx="6" cy="5.500" r="2.500" />
      <path d="M1.500 13a4.500 4.500 0 0 1 9 0M10.500 3.300a2.500 2.500 0 0 1 0 4.400M12 9.500a4 4 0 0 1 2.500 3.500" />
    </>
  ),
  file: <path d="M4 1.500h5l3.500 3.500v9.500H4zM9 1.500V5h3.500" />,
  download: <path d="M8 2v8M4.500 7 8 10.500 11.500 7M2.500 13.500h11" />,
  play: <path d="M5 3v10l8-5z" />,
  pause: <path d="M5.500 3v10M10.500 3v10" />,
  pin: (
    <>
      <path d="M8 14.500c3-3.500 4.500-6 4.500-8a4.500 4.500 0 0 0-9 0c0 2 1.500 4.500 4.500 8z" />
      <circle cx="8" cy="6.500" r="1.500" />
    </>
  ),
  next: <path d="m6 3 5 5-5 5" />,
  clip: (
    <path d="m13 7.500-5.300 5.300a3.200 3.200 0 0 1-4.500-4.500L8.700 2.800a2.100 2.100 0 0 1 3 3l-5.400 5.400a1 1 0 0 1-1.500-1.500L9.500 5" />
  ),
  mic: (
    <>
      <rect x="6" y="1.500" width="4" height="8" rx="2" />
      <path d="M3.500 7.500a4.500 4.500 0 0 0 9 0M8 12v2.500M5.500 14.500h5" />
    </>
  ),
  trash: <path d="M3 4.500h10M6.500 4.500V3h3v1.500M4.500 4.500l.7 9h5.600l.7-9M6.800 7v4M9.200 7v4" />,
  pen: <path d="M3 13l.7-3L11 2.700l2.300 2.300L6 12.300zM9.500 4.200l2.300 2.300" />,
  more: <path d="M3.500 8h.1M8 8h.1M12.500 8h.1" stroke-width="2" />,
  reply: <path d="M6.500 3.500 2.500 7.500l4 4M2.500 7.500H9a4.500 4.500 0 0 1 4.500 4.500v.5" />,
} satisfies Record<string, ComponentChildren>;

/** Names of the icons there are. */
export type IconName = keyof typeof shapes;

/** One icon of the sprite, `size` pixels square. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.4"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      {shapes[name]}
    </svg>
  );
}
