/** What the chat keeps in the visitor's browser, shared by its tabs. */
export interface Kept {
  get(key: string): string | null;
  /** null removes. */
  set(key: string, value: string | null): void;
  /** Called when another tab has changed a key. */
  onChange(listener: (key: string) => void): void;
}

/** The browser's storage for one chat; where it is blocked or full, memory, which lasts as long as the page. */
export function keptFor(publicId: string): Kept {
  const prefix = `balcao.chat.${publicId}.`;
  const memory = new Map<string, string>();
  return {
    get(key) {
      const stored = attempt(() => localStorage.getItem(prefix + key));
      return stored ?? memory.get(key) ?? null;
    },
    set(key, value) {
      if (value === null) memory.delete(key);
      else memory.set(key, value);
      attempt(() => {
        if (value === null) localStorage.removeItem(prefix + key);
        else localStorage.setItem(prefix + key, value);
        // What is stored is not kept twice: other tabs change it.
        memory.delete(key);
      });
    },
    onChange(listener) {
      addEventListener('storage', ({ key }) => {
        if (key?.startsWith(prefix)) listener(key.slice(prefix.length));
      });
    },
  };
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

/** The visitor's secret: 256 random bits as hex, made once. Read anew each time, so that two tabs agree on one. */
export function visitorToken(kept: Kept): string {
  const known = kept.get('token');
  if (known !== null && /^[0-9a-f]{64}$/.test(known)) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  kept.set('token', Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''));
  return kept.get('token') ?? '';
}
