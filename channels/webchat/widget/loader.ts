import { launcher as en } from '#shared/text/en/widget.ts';
import { launcher as pt } from '#shared/text/pt-BR/widget.ts';
import { frameOf, launchButton, phone, place, remember, shapes, style, whenIdle } from './launcher.ts';
import { type ToFrame, toPage } from './protocol.ts';

// Loaded by foreign pages as one classic script: no globals, no style sheet (their CSP may forbid one), no request
// before it is needed.

/** The chat on one visited page. */
interface Site {
  channel: string;
  /** The desk's. */
  origin: string;
  button: HTMLButtonElement;
  badge: HTMLElement;
  path: Element;
  text: typeof pt;
  open: boolean;
  unread: number;
  frame: HTMLIFrameElement | null;
  /** The frame listens. */
  loaded: boolean;
}

/** Puts the chat's button on the page. The frame comes with the first click, or when idle for who has used it before. */
function start(channel: string, origin: string): void {
  const language = document.documentElement.lang || navigator.language;
  const text = language.toLowerCase().startsWith('en') ? en : pt;
  const site: Site = { channel, origin, text, ...launchButton(), open: false, unread: 0, frame: null, loaded: false };
  const { button, path } = site;
  path.setAttribute('d', shapes.closed);
  button.setAttribute('aria-expanded', 'false');
  name(site);
  button.addEventListener('click', () => show(site, !site.open, true));
  button.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && site.open) show(site, false, true);
  });
  phone.addEventListener('change', () => {
    if (site.open) show(site, true, false);
  });
  addEventListener('message', (event: MessageEvent<unknown>) => hear(site, event));
  document.body.append(button);
  const key = keyOf(site);
  if (remember('sessionStorage', key) === 'open' && !phone.matches) whenIdle(() => show(site, true, false));
  else if (remember('localStorage', key) === 'used') whenIdle(() => load(site));
}

const keyOf = ({ channel }: Site): string => `balcao.${channel}`;

function post({ frame, loaded, origin }: Site, message: ToFrame): void {
  if (loaded) frame?.contentWindow?.postMessage(message, origin);
}

function name({ button, badge, frame, text, open, unread }: Site): void {
  const closed = unread > 0 ? text.unread.replace('{n}', String(unread)) : text.open;
  button.setAttribute('aria-label', open ? text.close : closed);
  if (frame !== null) frame.title = text.open;
  badge.textContent = unread > 99 ? '99+' : String(unread);
  style(badge, { display: unread > 0 && !open ? 'block' : 'none' });
}

function load(site: Site): HTMLIFrameElement {
  if (site.frame !== null) return site.frame;
  const frame = frameOf(`${site.origin}/chat/${encodeURIComponent(site.channel)}`);
  site.frame = frame;
  frame.addEventListener('load', () => {
    site.loaded = true;
    post(site, { balcao: 'hello' });
    post(site, { balcao: 'shown', open: site.open });
  });
  site.button.before(frame);
  site.button.setAttribute('aria-controls', frame.id);
  return frame;
}

function show(site: Site, open: boolean, byHand: boolean): void {
  const { button, path } = site;
  const frame = load(site);
  site.open = open;
  place(frame);
  style(frame, { display: open ? 'block' : 'none' });
  style(button, { display: open && phone.matches ? 'none' : 'block' });
  button.setAttribute('aria-expanded', String(open));
  path.setAttribute('d', open ? shapes.open : shapes.closed);
  name(site);
  remember('sessionStorage', keyOf(site), open ? 'open' : 'closed');
  remember('localStorage', keyOf(site), 'used');
  post(site, { balcao: 'shown', open });
  if (byHand) (open ? frame : button).focus();
}

function hear(site: Site, { origin, source, data }: MessageEvent<unknown>): void {
  if (origin !== site.origin || site.frame === null || source !== site.frame.contentWindow) return;
  const message = toPage(data);
  if (message?.balcao === 'close' && site.open) show(site, false, true);
  if (message?.balcao === 'unread') site.unread = message.count;
  if (message?.balcao === 'ready') site.text = message.language === 'en' ? en : pt;
  name(site);
}

/** The script's own tag: `currentScript` unless something has moved it. */
function ownTag(): HTMLScriptElement | null {
  const current = document.currentScript;
  if (current instanceof HTMLScriptElement && current.dataset.channel) return current;
  return document.querySelector<HTMLScriptElement>('script[data-channel][src*="/widget.js"]');
}

const tag = ownTag();
const channel = tag?.dataset.channel;
if (tag !== null && channel && !document.getElementById('balcao-chat') && !tag.dataset.started) {
  tag.dataset.started = 'yes';
  const { origin } = new URL(tag.src, document.baseURI);
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', () => start(channel, origin));
  else start(channel, origin);
}
