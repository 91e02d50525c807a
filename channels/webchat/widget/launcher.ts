type Style = Partial<CSSStyleDeclaration>;

const brand = '#0B5C6B';
const brandText = '#FFFFFF';
const alarm = '#B3261E';
const front = '2147483000';
/** Below this width the chat covers the page. */
export const phone = matchMedia('(max-width: 480px)');
const vector = 'http://www.w3.org/2000/svg';

/** Sets styles by the object model: a page's CSP may forbid style sheets and attributes. */
export function style(element: HTMLElement | SVGElement, values: Style): void {
  Object.assign(element.style, values);
}

/** Storage of the visited page, which may be blocked. */
export function remember(storage: 'localStorage' | 'sessionStorage', key: string, value?: string): string | null {
  try {
    if (value !== undefined) window[storage].setItem(key, value);
    return window[storage].getItem(key);
  } catch {
    return null;
  }
}

/** Does the work when the page has nothing else to do. */
export function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: 4_000 });
  else setTimeout(work, 2_000);
}

function bubble(): SVGSVGElement {
  const icon = document.createElementNS(vector, 'svg');
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.setAttribute('aria-hidden', 'true');
  style(icon, { width: '26px', height: '26px', display: 'block', margin: 'auto', fill: 'none', stroke: brandText });
  style(icon, { strokeWidth: '2', strokeLinecap: 'round', strokeLinejoin: 'round', pointerEvents: 'none' });
  icon.append(document.createElementNS(vector, 'path'));
  return icon;
}

/** What the button shows. */
export const shapes = {
  closed: 'M21 12a8 8 0 0 1-8 8H4l2-3.5A8 8 0 1 1 21 12ZM9 12h.01M13 12h.01M17 12h.01',
  open: 'M6 6l12 12M18 6L6 18',
};

/** The round button with its unread badge; `path` is the drawing in it. */
export function launchButton(): { button: HTMLButtonElement; badge: HTMLElement; path: Element } {
  const button = document.createElement('button');
  const badge = document.createElement('span');
  const icon = bubble();
  button.type = 'button';
  style(button, { all: 'initial', position: 'fixed', right: '20px', bottom: '20px', width: '56px', height: '56px' });
  style(button, { boxSizing: 'border-box', borderRadius: '28px', background: brand, cursor: 'pointer', zIndex: front });
  style(button, { border: `1px solid ${brandText}`, boxShadow: '0 2px 10px rgba(0,0,0,.25)', outlineOffset: '2px' });
  style(badge, { position: 'absolute', right: '-4px', top: '-4px', minWidth: '20px', height: '20px', display: 'none' });
  style(badge, {
    boxSizing: 'border-box',
    padding: '0 5px',
    borderRadius: '10px',
    background: alarm,
    color: brandText,
  });
  style(badge, { font: '600 12px/20px system-ui,sans-serif', textAlign: 'center' });
  badge.setAttribute('aria-hidden', 'true');
  button.append(icon, badge);
  // `all: initial` has taken the browser's ring away; it comes back for the keyboard only.
  button.addEventListener('focus', () => {
    if (button.matches(':focus-visible')) style(button, { outline: `3px solid ${brand}` });
  });
  button.addEventListener('blur', () => style(button, { outline: 'none' }));
  return { button, badge, path: icon.firstElementChild ?? icon };
}

/** The chat's frame, hidden. */
export function frameOf(address: string): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.src = address;
  frame.id = 'balcao-chat';
  style(frame, { position: 'fixed', border: '0', zIndex: front, display: 'none', colorScheme: 'normal' });
  return frame;
}

/** Beside the button, or on a phone all over the page. */
export function place(frame: HTMLIFrameElement): void {
  const all = phone.matches;
  style(frame, { right: all ? '0' : '20px', bottom: all ? '0' : '88px', borderRadius: all ? '0' : '10px' });
  style(frame, { width: all ? '100%' : '380px', height: all ? '100%' : 'min(600px, calc(100vh - 108px))' });
  style(frame, { boxShadow: all ? 'none' : '0 4px 24px rgba(0,0,0,.28)' });
}
