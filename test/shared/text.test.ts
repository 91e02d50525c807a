import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = (language: string): URL => new URL(`../../shared/text/${language}/`, import.meta.url);

/** The paths of all sentences of one area. */
function paths(part: object, before = ''): string[] {
  return Object.entries(part).flatMap(([name, value]) =>
    typeof value === 'string' ? [`${before}${name}`] : paths(value as object, `${before}${name}.`),
  );
}

describe('every area of the dictionaries', () => {
  const areas = readdirSync(folder('pt-BR')).sort();

  it('stands in both languages', () => {
    expect(areas.length).toBeGreaterThan(10);
    expect(readdirSync(folder('en')).sort()).toEqual(areas);
  });

  it.each(areas)('%s has the same sentences', async (area) => {
    const [portuguese, english] = await Promise.all(
      ['pt-BR', 'en'].map((language) => import(new URL(area, folder(language)).href)),
    );
    const wanted = paths({ ...portuguese });
    expect(wanted.length).toBeGreaterThan(0);
    expect(paths({ ...english }).sort()).toEqual(wanted.sort());
  });
});
