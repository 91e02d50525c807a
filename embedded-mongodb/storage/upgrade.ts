import type { Environment } from './environment.ts';
import type { Index } from './index.ts';
import { addEntry } from './index-entries.ts';
import { fieldsOf, PRESENT, recordOf, tableRange } from './tables.ts';

/** The format whose files are brought along. */
export const UPGRADED_FORMAT = 1;

/** Entries that are written together. */
const AT_ONCE = 1000;

/**
 * Brings a unique index of that format, whose keys ended with the record, to what it is now. It may be broken off at any
 * time and begun again: the two kinds of entries differ by their values.
 */
export function upgradeUnique(env: Environment, index: Index): void {
  let after: Buffer | undefined;
  for (;;) {
    const entries = env.entries(tableRange(index.table), { limit: AT_ONCE, after });
    env.write(() => {
      for (const { key, value } of entries) {
        if (!value.equals(PRESENT)) continue;
        env.remove(key);
        addEntry(env, index, fieldsOf(key), recordOf(key));
      }
    });
    if (entries.length < AT_ONCE) return;
    after = entries.at(-1)?.key;
  }
}
