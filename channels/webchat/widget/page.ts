import { type ToPage, toFrame } from './protocol.ts';

/** The page that shows the chat in a frame; the chat may also stand alone. */
export interface VisitedPage {
  /** False when the chat is a page of its own. */
  framed: boolean;
  tell(message: ToPage): void;
  /** Called with whether the page shows the chat, now and after each change. */
  onShown(listener: (open: boolean) => void): void;
}

/** Listens to the page. It is answered only after its hello, and only at the origin that the hello came from. */
export function visitedPage(): VisitedPage {
  const framed = window.parent !== window;
  const listeners = new Set<(open: boolean) => void>();
  // What was to be told before the hello; the last of each kind.
  const held = new Map<ToPage['balcao'], ToPage>();
  let origin: string | null = null;
  let open = !framed;

  function tell(message: ToPage): void {
    if (origin === null) held.set(message.balcao, message);
    else window.parent.postMessage(message, origin);
  }

  addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = event.source === window.parent && framed ? toFrame(event.data) : null;
    if (message === null || event.origin === 'null' || (origin !== null && event.origin !== origin)) return;
    if (message.balcao === 'hello') {
      origin = event.origin;
      for (const late of held.values()) tell(late);
      held.clear();
      return;
    }
    open = message.open;
    for (const listener of listeners) listener(open);
  });

  return {
    framed,
    tell,
    onShown(listener) {
      listeners.add(listener);
      listener(open);
    },
  };
}
