/** What the visited page and the chat's frame tell each other by postMessage. Nothing in it is secret. */

/** From the page to the frame. `hello` comes once the frame has loaded: its origin is the one to answer to. */
export type ToFrame = { balcao: 'hello' } | { balcao: 'shown'; open: boolean };

/** From the frame to the page. `language` is the company's, for the button's name. */
export type ToPage =
  | { balcao: 'ready'; language: 'pt-BR' | 'en' }
  | { balcao: 'unread'; count: number }
  | { balcao: 'close' };

/** Reads what came from the page; null for anything that is not exactly ours. */
export function toFrame(data: unknown): ToFrame | null {
  const given = recordOf(data);
  if (given.balcao === 'hello') return { balcao: 'hello' };
  if (given.balcao === 'shown' && typeof given.open === 'boolean') return { balcao: 'shown', open: given.open };
  return null;
}

/** Reads what came from the frame; null for anything that is not exactly ours. */
export function toPage(data: unknown): ToPage | null {
  const { balcao, language, count } = recordOf(data);
  if (balcao === 'close') return { balcao };
  if (balcao === 'ready' && (language === 'pt-BR' || language === 'en')) return { balcao, language };
  if (balcao === 'unread' && typeof count === 'number' && count >= 0) return { balcao, count };
  return null;
}

function recordOf(data: unknown): Record<string, unknown> {
  return typeof data === 'object' && data !== null ? { ...data } : {};
}
