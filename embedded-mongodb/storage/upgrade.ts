import type { Environment } from './environment.ts';
import type { Index } from './index.ts';
import { fieldsOf, indexPrefix, PRESENT, recordBytes, recordOf, tableRange } from './tables.ts';

/** Entries that are written together. */
const AT_ONCE = 1000;

/**
 * Brings unique indexes of format 1, whose keys ended with the record, to what they are now. It may be broken off at any
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
        env.put(indexPrefix(index.table, fieldsOf(key)), recordBytes(recordOf(key)));
      }
    });
    if (entries.length < AT_ONCE) return;
    after = entries.at(-1)?.key;
  }
}
