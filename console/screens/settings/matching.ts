/** Which items a registry lists. */
export type Shown = 'active' | 'inactive' | 'all';

type Named = { name: string; active: boolean };

/** The items that are to be listed, by name; the search ignores accents and case and looks at each typed word. */
export function matching<Item extends Named>(
  items: readonly Item[],
  about: (item: Item) => { words: readonly string[] },
  q: string,
  shown: Shown,
): Item[] {
  const wanted = plain(q).split(/\s+/).filter(Boolean);
  return items
    .filter((item) => shown === 'all' || item.active === (shown === 'active'))
    .filter((item) => {
      const words = plain([item.name, ...about(item).words].join(' '));
      return wanted.every((word) => words.includes(word));
    })
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
