import { useEffect, useState } from 'preact/hooks';
import { unattended } from '#shared/unattended.ts';
import { explain } from '../../explain.ts';
import { get } from '../../http.ts';
import { catalog } from '../../state/catalog.ts';

/** The items of one registry on their way to the screen. */
export type Items<Item> =
  | { phase: 'loading' }
  | { phase: 'failed'; why: string }
  | { phase: 'here'; items: readonly Item[] };

/** What a registry's list stands on. */
export interface Source<Item> {
  items: Items<Item>;
  retry: () => void;
  /** Puts an answer of the server in place at once; the next fetch confirms it. */
  put: (item: Item) => void;
}

/** Fetches a registry, and again whenever the console hears that registries have changed. */
export function useItems<Item extends { id: string }>(path: string): Source<Item> {
  const [items, setItems] = useState<Items<Item>>({ phase: 'loading' });
  const [tries, setTries] = useState(0);
  const heard = catalog.value;

  useEffect(() => {
    let gone = false;
    const load = async () => {
      const next = await fetched<Item>(path);
      // A list that is here is better than the news that a newer one could not be fetched.
      if (!gone) setItems((now) => (next.phase === 'failed' && now.phase === 'here' ? now : next));
    };
    unattended(load(), path);
    return () => {
      gone = true;
    };
  }, [path, heard, tries]);

  return {
    items,
    retry() {
      setItems({ phase: 'loading' });
      setTries(tries + 1);
    },
    put: (item) => setItems((now) => (now.phase === 'here' ? { ...now, items: withItem(now.items, item) } : now)),
  };
}

async function fetched<Item>(path: string): Promise<Items<Item>> {
  try {
    const { items } = await get<{ items: Item[] }>(path);
    return { phase: 'here', items };
  } catch (error) {
    return { phase: 'failed', why: explain(error) };
  }
}

function withItem<Item extends { id: string }>(items: readonly Item[], item: Item): Item[] {
  const known = items.some(({ id }) => id === item.id);
  return known ? items.map((one) => (one.id === item.id ? item : one)) : [...items, item];
}
