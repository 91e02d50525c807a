import type { CacheStore } from '@whiskeysockets/baileys';

const keptMs = 24 * 60 * 60 * 1_000;
const most = 20_000;

/**
 * Which devices a person has, for a day. Baileys' own cache forgets after five minutes, which makes it ask again, force
 * new sessions and grow their records.
 */
export function deviceCache(now: () => number = Date.now): CacheStore {
  const entries = new Map<string, { value: unknown; until: number }>();
  return {
    get<T>(key: string): T | undefined {
      const entry = entries.get(key);
      return entry !== undefined && entry.until > now() ? (entry.value as T) : undefined;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, { value, until: now() + keptMs });
      const oldest = entries.size > most ? entries.keys().next().value : undefined;
      if (oldest !== undefined) entries.delete(oldest);
      return true;
    },
    del(key) {
      entries.delete(key);
    },
    flushAll: () => entries.clear(),
  };
}
