import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { root } from './planted-tree.ts';

const gz = (file: string): number => gzipSync(readFileSync(file), { level: 9 }).length;

/** The files that a page loads before anything is clicked: its own tags, and what those scripts import statically. */
function firstLoad(page: string, folder: string, ending: string, base = '/'): string[] {
  const html = readFileSync(page, 'utf8');
  const tags = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
  const seen = new Set<string>();
  const add = (file: string): void => {
    if (!existsSync(file) || seen.has(file)) return;
    seen.add(file);
    if (!file.endsWith('.js')) return;
    const text = readFileSync(file, 'utf8');
    for (const match of text.matchAll(/(?:^|[;}\s])(?:import|export)(?:[^"'()]*?from)?\s*["'](\.[^"']+)["']/g)) {
      add(join(file, '..', match[1] ?? ''));
    }
  };
  for (const tag of tags) if (tag.startsWith(base)) add(join(folder, tag.slice(base.length)));
  return [...seen].filter((file) => file.endsWith(ending));
}

const sum = (files: string[]): number => files.reduce((all, file) => all + gz(file), 0);
const console_ = join(root, 'dist/console');
const widget = join(root, 'dist/widget');

describe('what a first load weighs, gzipped', () => {
  it('console: at most 75 kB of script and 12 kB of style', () => {
    const scripts = firstLoad(join(console_, 'index.html'), console_, '.js');
    const styles = firstLoad(join(console_, 'index.html'), console_, '.css');
    expect(scripts.length).toBeGreaterThan(0);
    expect(styles.length).toBeGreaterThan(0);
    expect(sum(scripts)).toBeLessThanOrEqual(75_000);
    expect(sum(styles)).toBeLessThanOrEqual(12_000);
    // Small enough to be true, large enough to be the whole.
    expect(sum(scripts)).toBeGreaterThan(20_000);
  });

  it('console: at most 45 kB for each chunk that comes later', () => {
    const first = new Set(firstLoad(join(console_, 'index.html'), console_, '.js'));
    const later = readdirSync(join(console_, 'assets'))
      .map((name) => join(console_, 'assets', name))
      .filter((file) => file.endsWith('.js') && !first.has(file));
    expect(later.length).toBeGreaterThan(0);
    expect(later.filter((file) => gz(file) > 45_000)).toEqual([]);
  });

  it('widget: loader at most 4 kB, app at most 35 kB', () => {
    expect(gz(join(widget, 'widget.js'))).toBeLessThanOrEqual(4_000);
    const scripts = firstLoad(join(widget, 'app/index.html'), join(widget, 'app'), '.js', '/widget/');
    expect(scripts.length).toBeGreaterThan(0);
    expect(sum(scripts)).toBeLessThanOrEqual(35_000);
    expect(sum(scripts)).toBeGreaterThan(10_000);
  });
});
